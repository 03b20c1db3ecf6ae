import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { FieldChange, ProxySite, SiteRoute } from "../../facts/proxy-site.ts";
import type { SiteRule } from "../proxy-rules/proxy-check.ts";
import { tlsListeners } from "./answering.ts";
import { passedRoutes } from "./limits.ts";
import { siteFinding } from "./site-finding.ts";

type Words = Readonly<Partial<Record<ProxyKind, string>>>;

const FOR_FIXES: Words = {
  caddy: "Take header_up lines for X-Forwarded-For away: reverse_proxy sets it",
  apache: "Take ProxyAddHeaders Off away",
  haproxy: "Write in defaults: option forwardfor",
  traefik: "Take the headers middleware that empties X-Forwarded-For away: Traefik sets it",
};
const PROTO_FIXES: Words = {
  caddy: "Take header_up lines for X-Forwarded-Proto away: reverse_proxy sets it",
  apache: 'In the <VirtualHost *:443> write: RequestHeader set X-Forwarded-Proto "https"',
  haproxy:
    "Write in the frontend: http-request set-header X-Forwarded-Proto https if { ssl_fc } and http-request set-header X-Forwarded-Proto http unless { ssl_fc }",
  traefik: "Take the headers middleware that empties X-Forwarded-Proto away: Traefik sets it",
};
const CLIENT_FIXES: Words = {
  caddy: "Write: header_up X-Forwarded-For {remote_host}",
  apache: "Write before ProxyPass: RequestHeader unset X-Forwarded-For early",
  haproxy:
    "Write in the frontend, before option forwardfor takes effect: http-request del-header X-Forwarded-For",
  traefik: "Take forwardedHeaders.insecure and 0.0.0.0/0 of trustedIPs away",
};

/** What the application learns of the client's address, scheme and the name it asked for. */
export const siteForwardedRule: SiteRule = (site) => {
  const [route] = passedRoutes(site).filter(isHttp);
  if (route === undefined) return [];
  return passedRoutes(site)
    .filter(isHttp)
    .flatMap((one) => [...missingFields(site, one), ...spoofable(site, one)]);
};

/** FastCGI and its kin hand the client's address on in variables of their own. */
function isHttp({ text }: SiteRoute): boolean {
  return !/php_fastcgi|fcgi:|uwsgi:|scgi:|ajp:/.test(text);
}

function missingFields(site: ProxySite, route: SiteRoute) {
  const lacks = (name: string) => !isSent(route.requestFields, name);
  const isTls = tlsListeners(site).length > 0;
  const wanted = [
    {
      rule: "forwarded-for-missing",
      name: "x-forwarded-for",
      shown: "X-Forwarded-For",
      fixes: FOR_FIXES,
    },
    ...(isTls
      ? [
          {
            rule: "forwarded-proto-missing",
            name: "x-forwarded-proto",
            shown: "X-Forwarded-Proto",
            fixes: PROTO_FIXES,
          },
        ]
      : []),
    ...(site.proxy === "apache"
      ? [{ rule: "forwarded-host-missing", name: "host", shown: "Host", fixes: HOST_FIXES }]
      : []),
  ];
  return wanted
    .filter(
      ({ name }) => lacks(name) && !(name !== "host" && isSent(route.requestFields, "forwarded")),
    )
    .map(({ rule, shown, fixes }) =>
      siteFinding(site, {
        rule,
        status: "warn",
        at: route,
        text: route.text,
        message: `The application is not told ${TOLD[rule] ?? shown}: ${shown} is not set`,
        fix: fixes[site.proxy] ?? `Set ${shown}`,
      }),
    );
}

const HOST_FIXES: Words = { apache: "Write: ProxyPreserveHost On" };
const TOLD: Readonly<Record<string, string>> = {
  "forwarded-for-missing": "the client's address",
  "forwarded-proto-missing": "that the client uses HTTPS",
  "forwarded-host-missing": "the name the client asked for",
};

/** Whether a field leaves the proxy on some condition at least. */
function isSent(fields: readonly FieldChange[], name: string): boolean {
  let isThere = false;
  for (const field of fields) {
    if (field.name !== name) continue;
    if (field.change !== "remove") isThere = true;
    else if (field.condition === undefined && field.scheme === undefined) isThere = false;
  }
  return isThere;
}

/** Values of the proxy itself that hold what the client sent. */
const FROM_CLIENT =
  /\{(?:http\.request\.)?header\.(?:x-forwarded|x-real|forwarded)|%\[(?:req\.)?hdr\(x-(?:forwarded|real)|%\{x-(?:forwarded|real)[^}]*\}i/i;

function spoofable(site: ProxySite, { requestFields }: SiteRoute) {
  return ["x-forwarded-for", "x-forwarded-proto", "x-real-ip"].flatMap((name) => {
    const changes = requestFields.filter((field) => field.name === name);
    const kept = keptFromClient(changes);
    if (kept === undefined) return [];
    const isProto = name === "x-forwarded-proto";
    return [
      siteFinding(site, {
        rule: isProto ? "forwarded-proto-spoofable" : "xff-passthrough",
        // Appended to what the client sent, the last entry is still the proxy's own.
        status: kept.change === "add" ? "note" : "warn",
        at: kept,
        text: `${name} ${kept.value ?? ""}`,
        message:
          kept.change === "add"
            ? `The client's address is appended to the ${name} the client sent`
            : `${name} holds what the client sent`,
        fix: CLIENT_FIXES[site.proxy] ?? `Set ${name} from the connection`,
      }),
    ];
  });
}

/** The change by which what the client sent stays; `undefined` where it does not. */
function keptFromClient(changes: readonly FieldChange[]): FieldChange | undefined {
  const always = changes.filter(({ condition }) => condition === undefined);
  const last = always.findLastIndex(({ change }) => change === "set" || change === "remove");
  const copied = changes.find(({ value = "" }) => FROM_CLIENT.test(value));
  if (copied !== undefined && (last === -1 || always.indexOf(copied) >= last)) return copied;
  return last === -1 ? always.find(({ change }) => change !== "remove") : undefined;
}
