import { clientVariables, textSources } from "../../nginx/client-variables.ts";
import { requestFields, sentField } from "../../nginx/request-fields.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { passRoutes } from "../../nginx/serving.ts";
import { ifRouted } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHostSpoofing } from "./host-spoofing.control.ts";

/** Directives that set fields of requests, by the pass they belong to. */
const SETTERS: readonly (readonly [pass: string, setter: string])[] = [
  ["proxy_pass", "proxy_set_header"],
  ["grpc_pass", "grpc_set_header"],
];

/** A request line with a whole URL decides the server while Host still says something else (RFC 9112, 3.2.2). */
export const hostSpoofing: NginxRule = {
  slug: "host-spoofing",
  status: "warn",
  find(model) {
    return passRoutes(model).flatMap(({ server, path, location, passes }) =>
      SETTERS.filter(([pass]) => passes.some(({ name }) => name === pass)).flatMap(
        ([, setter]): readonly NginxHit[] => {
          const field = sentField(requestFields(path, setter), "host");
          if (field === undefined) return [];
          const written = clientVariables(textSources(model, field.value, path).texts);
          if (written.length === 0) return [];
          return [
            {
              at: field.directive,
              also: [location.directive],
              servers: [server],
              message: `The application gets as Host what the client writes (${written.join(", ")})`,
              fix: `Write: ${setter} Host $host;`,
              edits: replaceEdit(field.directive, `${setter} Host $host;`),
            },
          ];
        },
      ),
    );
  },
};

export const proxyHostSpoofingProxy = proxyCheck({
  control: proxyHostSpoofing,
  reads:
    "Host as proxy_set_header and grpc_set_header of nginx set it, followed through set and map.",
  nginx: [hostSpoofing],
  passes: "The application gets a Host that nginx has checked, or a fixed one",
  applies: ifRouted,
});
