import { restrictionAt } from "../../nginx/admission.ts";
import { returnOf } from "../../nginx/content.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyUnanchoredRegex } from "./unanchored-regex.control.ts";

export const unanchoredRegex: NginxRule = {
  slug: "unanchored-regex",
  status: "note",
  isPedantic: true,
  find({ places }) {
    return places.flatMap(({ location, path, server }): readonly NginxHit[] => {
      if (location?.kind !== "regex" && location?.kind !== "regex-caseless") return [];
      // A denial that takes more than it must is no harm.
      if (restrictionAt(path) !== undefined || returnOf(path) !== undefined) return [];
      if (/(?:^|[(|])(?:\(\?\w+\))?(?:\^|\\A)|(?:\$|\\z)\)*$/.test(location.value)) return [];
      return [
        {
          at: location.directive,
          servers: [server],
          message: `${location.value} fits anywhere in a path`,
          fix: `Write: location ~ ${location.value}$ { or with ^ in front`,
        },
      ];
    });
  },
};

export const proxyUnanchoredRegexProxy = proxyCheck({
  control: proxyUnanchoredRegex,
  reads: "locations of nginx by pattern.",
  nginx: [unanchoredRegex],
  passes: "Judged under --pedantic",
});
