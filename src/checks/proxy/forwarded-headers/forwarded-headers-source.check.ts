import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { type SourceSetting, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowsOf, sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { requestFields } from "../../nginx/request-fields.ts";
import { evidenceOf, insertAfterEdit, insertInEdit } from "../../nginx/rule.ts";
import { isBehindProxy, type NginxRoute } from "../../nginx/serving.ts";
import { type Concern, concernOf } from "../../proxy-rules/concern.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { proxyForwardedHeaders } from "./forwarded-headers.control.ts";
import { applicationRoutes } from "./missing-fields.ts";

/** Django takes a request for a secure one by this field (documentation, SECURE_PROXY_SSL_HEADER): nginx must not let a client's through. */
export const proxyForwardedHeadersSource = defineCheck({
  control: proxyForwardedHeaders,
  layer: "source",
  reads:
    "SECURE_PROXY_SSL_HEADER of Django beside what every route of nginx to the application does to that field.",
  wants: { ...PROXY_WANTS, source: sourceSettings },

  evaluate(_facts, wanted) {
    const { source } = wanted;
    if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
    // Of the places that set it those alone that are in force.
    const row = rowsOf(source, "proxy.ssl-header").findLast(({ kind }) => kind !== "absent");
    if (row === undefined) return notApplicable("The application takes no header's word for TLS");
    const { resolved } = row;
    if (resolved.state !== "known")
      return cannotTell("unsupported", `${sourcePlace(row)}: ${resolved.reason}`);
    const field = fieldOf(resolved.value);
    if (field === undefined) return notApplicable("The application takes no header's word for TLS");
    const concern = concernOf(wanted);
    if (concern.isEmpty && concern.open !== undefined)
      return cannotTell(concern.open.code, concern.open.detail);
    const routes = routesOf(concern);
    if (routes.length === 0) return notApplicable("No route of nginx leads to the application");
    const findings = routes.flatMap((route) => findingOf(route, field, row));
    return judge(
      findings,
      pass(`Every route of nginx sets ${field} itself`, [sourceEvidence(row)]),
    );
  },
});

/** `HTTP_X_FORWARDED_PROTO` is what WSGI makes of `x-forwarded-proto`. */
function fieldOf(value: unknown): string | undefined {
  const [name] = Array.isArray(value) ? value : [];
  if (typeof name !== "string" || !name.startsWith("HTTP_")) return undefined;
  return name.slice("HTTP_".length).toLowerCase().replaceAll("_", "-");
}

/** What an nginx behind another proxy gets is that one's. */
function routesOf({ nginx }: Concern): readonly NginxRoute[] {
  return nginx.flatMap(({ model, servers }) =>
    applicationRoutes(model).filter(({ server }) => servers.has(server) && !isBehindProxy(server)),
  );
}

/** nginx hands on every field that no proxy_set_header names (ngx_http_proxy_module, proxy_pass_request_headers). */
function findingOf(
  { path, location, passes }: NginxRoute,
  field: string,
  row: SourceSetting,
): readonly Finding[] {
  const fields = requestFields(path);
  // Set to nothing it is taken away, which is as good.
  if (fields.some(({ name }) => name === field)) return [];
  const text = `proxy_set_header ${field} $scheme;`;
  const last = fields.at(-1)?.directive;
  return [
    {
      rule: "ssl-header-passed",
      status: "warn",
      subject: location.value,
      message: `${location.value} hands on the client's own ${field}, and the application takes its word for TLS (${sourcePlace(row)})`,
      fix: `Write in the location, beside its other proxy_set_header: ${text}`,
      evidence: [evidenceOf(location.directive), evidenceOf(passes[0]), sourceEvidence(row)],
      edits:
        last === undefined ? insertInEdit(location.directive, text) : insertAfterEdit(last, text),
    },
  ];
}
