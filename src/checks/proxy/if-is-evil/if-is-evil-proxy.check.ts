import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { isCutOff } from "../../nginx/content.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyIfIsEvil } from "./if-is-evil.control.ts";

/** "Directive if is part of the rewrite module"; the rest is inherited into a location of its own that it makes up. */
export const ifIsEvil: NginxRule = {
  slug: "if-is-evil",
  status: "warn",
  find(model) {
    return statementsNamed(model, "if").flatMap(({ directive, place }): readonly NginxHit[] => {
      const inside = directive.block ?? [];
      if (place.location === undefined || isCutOff(place) || inside.some(ends)) return [];
      const odd = inside.find((one) => !isSafe(one));
      if (odd === undefined) return [];
      return [
        {
          at: directive,
          also: [odd, place.location.directive],
          servers: [place.server],
          message: `${odd.name} within if in a location: what the rest of the location does then is undefined`,
          fix: "Decide by a map and a variable, or write return 418; in the if and error_page 418 = @other; beside it",
        },
      ];
    });
  },
};

function ends({ name }: NginxDirective): boolean {
  return name === "return";
}

function isSafe({ name, args }: NginxDirective): boolean {
  if (name === "set" || name === "break") return true;
  const [, replacement = "", flag = ""] = args.map(({ text }) => text);
  return (
    name === "rewrite" &&
    (/^(?:last|redirect|permanent)$/.test(flag) || /^(?:https?:\/\/|\$scheme)/.test(replacement))
  );
}

export const proxyIfIsEvilProxy = proxyCheck({
  control: proxyIfIsEvil,
  reads: "if within every location of nginx.",
  nginx: [ifIsEvil],
  passes: "Every if in a location returns or rewrites",
});
