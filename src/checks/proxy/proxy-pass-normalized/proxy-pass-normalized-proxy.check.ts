import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { isCutOff } from "../../nginx/content.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyProxyPassNormalized } from "./proxy-pass-normalized.control.ts";

/** "If the proxy_pass directive is specified with a URI", the normalized path is what is replaced in. */
export const proxyPassNormalized: NginxRule = {
  slug: "proxy-pass-normalized",
  status: "note",
  find(model) {
    return statementsNamed(model, "proxy_pass").flatMap(
      ({ directive, place }): readonly NginxHit[] => {
        const text = directive.args[0]?.text ?? "";
        const path = /^https?:\/\/(?:unix:[^:]+:|(?!unix:)[^/?#]+)(\/[^?]*)/i.exec(text)?.[1];
        const isPrefix = /^prefix/.test(place.location?.kind ?? "");
        if (path === undefined || !isPrefix || variablesIn(text).length > 0 || isCutOff(place))
          return [];
        return [
          {
            at: directive,
            servers: [place.server],
            message: `The application gets ${path} with the decoded, normalised rest of the path, not the path as it was sent`,
            fix: "Leave the path out of proxy_pass where the application wants the path as it was sent",
          },
        ];
      },
    );
  },
};

export const proxyProxyPassNormalizedProxy = proxyCheck({
  control: proxyProxyPassNormalized,
  reads: "proxy_pass in every location of nginx by prefix.",
  nginx: [proxyPassNormalized],
  passes: "Which paths are normalised is said in the notes",
});
