import { parseCondition } from "../../../parsers/nginx/answer-condition.ts";
import { findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { foreignMatch } from "../../nginx/foreign-origins.ts";
import type { NginxModel } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyOriginRegexWeak } from "./origin-regex-weak.control.ts";

type Field = "origin" | "referer";

/** A pattern meant for the site's own addresses that others can fit too. */
export const originRegexWeak: NginxRule = {
  slug: "origin-regex-weak",
  status: "fail",
  find: (model) => [...mapHits(model), ...ifHits(model)],
};

function fieldOf(text: string): Field | undefined {
  const name = /^\$\{?http_(origin|referer)\}?$/.exec(text)?.[1];
  return name === "origin" || name === "referer" ? name : undefined;
}

function mapHits(model: NginxModel): readonly NginxHit[] {
  const maps = model.https.flatMap((http) => ownDirectives(http, "map"));
  return maps.flatMap((map): readonly NginxHit[] => {
    const field = fieldOf(map.args[0]?.text ?? "");
    const servers = field === undefined ? [] : usersOf(model, (map.args[1]?.text ?? "").slice(1));
    if (field === undefined || servers.length === 0) return [];
    return lettingIn(map).flatMap((entry): readonly NginxHit[] => {
      const isCaseless = entry.name.startsWith("~*");
      const pattern = entry.name.slice(isCaseless ? 2 : 1);
      return hitsFor(entry, { pattern, isCaseless, field, servers, also: [map] });
    });
  });
}

/** Patterns whose value is neither that of everybody else nor a refusal. */
function lettingIn({ block = [] }: NginxDirective): readonly NginxDirective[] {
  const fallback = block.find(({ name }) => name === "default")?.args[0]?.text ?? "";
  return block.filter(({ name, args }) => {
    const value = args[0]?.text ?? "";
    return name.startsWith("~") && value !== fallback && value !== "" && value !== "0";
  });
}

/** The servers that use a variable, or are in an `http` block that does. */
function usersOf({ servers, https }: NginxModel, variable: string): readonly NginxServer[] {
  const names = new Set([variable]);
  // Another map may hand its value on.
  for (const map of https.flatMap((http) => ownDirectives(http, "map"))) {
    const reads = map.args[0]?.text ?? "";
    if (variablesIn(reads).some((name) => names.has(name))) {
      names.add((map.args[1]?.text ?? "").slice(1));
    }
  }
  const isOutside = https.some(([, http]) =>
    http?.block?.some((one) => one.name !== "server" && one.name !== "map" && uses(one, names)),
  );
  return isOutside ? servers : servers.filter(({ directive }) => uses(directive, names));
}

/** Depth is bounded by the parser. */
function uses({ args, block = [] }: NginxDirective, names: ReadonlySet<string>): boolean {
  return (
    args.some(({ text }) => variablesIn(text).some((name) => names.has(name))) ||
    block.some((one) => uses(one, names))
  );
}

function ifHits({ servers }: NginxModel): readonly NginxHit[] {
  return servers.flatMap((server) =>
    findDirectives(server.path, "if").flatMap(({ directive }): readonly NginxHit[] => {
      const condition = parseCondition(directive);
      const field = condition === undefined ? undefined : fieldOf(condition.subject);
      if (condition === undefined || field === undefined || !/~/.test(condition.operator))
        return [];
      const { operator, operand: pattern } = condition;
      const isCaseless = operator.endsWith("*");
      if (!operator.startsWith("!") && isRefusal(directive)) return [];
      return hitsFor(directive, { pattern, isCaseless, field, servers: [server], also: [] });
    }),
  );
}

/** What fits is turned away: a list of unwanted ones. */
function isRefusal({ block = [] }: NginxDirective): boolean {
  return block.some(({ name, args }) => name === "return" && /^4\d\d$/.test(args[0]?.text ?? ""));
}

function hitsFor(
  at: NginxDirective,
  about: {
    readonly pattern: string;
    readonly isCaseless: boolean;
    readonly field: Field;
    readonly servers: readonly NginxServer[];
    readonly also: readonly NginxDirective[];
  },
): readonly NginxHit[] {
  const { pattern, isCaseless, field, servers, also } = about;
  const foreign = foreignMatch(pattern, isCaseless, field);
  if (foreign === undefined) return [];
  return [
    {
      at,
      servers,
      message: `The pattern takes ${foreign} of somebody else for the site's own ${field === "origin" ? "origin" : "Referer"}`,
      fix: "Anchor the pattern at both ends and escape its dots: ^https://(?:[a-z0-9-]+\\.)?example\\.com$ (for a Referer: ^https://(?:[a-z0-9-]+\\.)?example\\.com/)",
      also,
      status: field === "origin" ? "fail" : "warn",
    },
  ];
}

export const proxyOriginRegexWeakProxy = proxyCheck({
  control: proxyOriginRegexWeak,
  reads:
    "Patterns of map and if of nginx for $http_origin and $http_referer, each tried with addresses like the site's.",
  nginx: [originRegexWeak],
  passes: "No pattern takes an origin of somebody else for the site's own",
});
