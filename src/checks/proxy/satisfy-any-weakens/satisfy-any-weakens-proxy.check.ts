import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { accessRules, authenticationAt, isAnyEnough } from "../../nginx/admission.ts";
import { isCutOff } from "../../nginx/content.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { isLocalAddress } from "../../route/address.ts";
import { proxySatisfyAnyWeakens } from "./satisfy-any-weakens.control.ts";

/** `satisfy any` lets in whom one of address and password admits (ngx_http_core_module). */
export const satisfyAnyWeakens: NginxRule = {
  slug: "satisfy-any-weakens",
  status: "warn",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const { path, server } = place;
      const satisfy = effectiveScalar(path, "satisfy");
      if (satisfy === undefined || !isAnyEnough(path) || isCutOff(place)) return [];
      const authentication = authenticationAt(path);
      const allowed = accessRules(path).find(
        ({ name, args }) => name === "allow" && !isOfThisMachine(args[0]?.text ?? ""),
      );
      if (authentication === undefined || allowed === undefined) return [];
      return [
        {
          at: satisfy,
          also: [allowed, authentication],
          servers: [server],
          message: `Clients at ${allowed.args[0]?.text} are let in without ${authentication.name}: satisfy any asks for one of both`,
          fix: "Write: satisfy all; so that address and password are both asked for",
          edits: replaceEdit(satisfy, "satisfy all;"),
        },
      ];
    });
  },
};

function isOfThisMachine(text: string): boolean {
  return text === "127.0.0.0/8" || isLocalAddress(text.replace(/\/(?:32|128)$/, ""));
}

export const proxySatisfyAnyWeakensProxy = proxyCheck({
  control: proxySatisfyAnyWeakens,
  reads:
    "satisfy in force for every server and location of nginx, beside allow, deny and the directives that ask for a password.",
  nginx: [satisfyAnyWeakens],
  passes: "Nowhere is an address enough where a password is asked for",
});
