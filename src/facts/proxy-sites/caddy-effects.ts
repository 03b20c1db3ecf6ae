import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { FieldChange, RateLimit, Restriction, Setting, SiteRoute } from "../proxy-site.ts";
import { setTo, UNSET, untold } from "../proxy-tls.ts";
import { fieldChanges, headerUps, implicitForwards } from "./caddy-fields.ts";
import { type CaddyMatcher, isWithinPath, wordsOf } from "./caddy-matcher.ts";
import { respondsWithRefusal } from "./caddy-refusal.ts";
import type { CaddyWorld } from "./caddy-routes.ts";

/** What a directive does to requests that go on behind it. */
export type Effect = { readonly matcher: CaddyMatcher } & (
  | { readonly kind: "response" | "request"; readonly change: FieldChange }
  | { readonly kind: "body"; readonly max: Setting<number | "unlimited"> }
  | { readonly kind: "limit"; readonly limit: RateLimit }
  | { readonly kind: "restriction"; readonly restriction: Restriction }
  | { readonly kind: "root"; readonly path: string }
);

/** What a directive leaves behind for those after it. */
export function effectsOf(directive: CaddyDirective, matcher: CaddyMatcher): readonly Effect[] {
  const { name, file, line, block = [] } = directive;
  const at = { file, line };
  switch (name) {
    case "header":
      return fieldChanges(directive).map((change) => ({ kind: "response", matcher, change }));
    case "request_header":
      return fieldChanges(directive).map((change) => ({ kind: "request", matcher, change }));
    case "request_body": {
      const max = block.findLast((option) => option.name === "max_size");
      return max === undefined ? [] : [{ kind: "body", matcher, max: bodyMax(max) }];
    }
    case "rate_limit":
      return [
        { kind: "limit", matcher, limit: { key: limitKey(directive), isDryRun: false, ...at } },
      ];
    case "root": {
      const path = wordsOf(directive).at(-1)?.text;
      return path === undefined ? [] : [{ kind: "root", matcher, path }];
    }
    default: {
      const restriction = restrictionOf(directive, matcher);
      return restriction === undefined
        ? []
        : [{ kind: "restriction", matcher: { ...matcher, exceptAddresses: [] }, restriction }];
    }
  }
}

/** Plugins that let in nobody without an account (caddy-security, caddy-jwt, authelia's and others' names). */
const GUARD =
  /^(?:basic_?auth|forward_auth|authori[sz]e|authenticate|jwt(?:auth)?|security)$|auth$/;

function restrictionOf(
  directive: CaddyDirective,
  { exceptAddresses }: CaddyMatcher,
): Restriction | undefined {
  const { name, file, line } = directive;
  if (/^basic_?auth$/.test(name)) return { kind: "password", text: name, file, line };
  if (GUARD.test(name)) return { kind: "other", text: name, file, line };
  // What refuses everybody but some leaves the rest to those.
  if (exceptAddresses.length === 0 || !respondsWithRefusal(directive)) return undefined;
  return { kind: "address", text: exceptAddresses.join(" "), file, line };
}

/** The key of a zone of the plugin caddy-ratelimit. */
function limitKey({ block = [] }: CaddyDirective): string {
  const keys = block
    .flatMap((zone) => [zone, ...(zone.block ?? [])])
    .find(({ name }) => name === "key");
  return keys?.args[0]?.text ?? "{remote_host}";
}

/** Factors of go-humanize, which Caddy reads sizes with: MB is decimal, MiB binary, no unit bytes. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1_000,
  kb: 1_000,
  kib: 1_024,
  ki: 1_024,
  m: 1_000_000,
  mb: 1_000_000,
  mib: 1_048_576,
  mi: 1_048_576,
  g: 1_000_000_000,
  gb: 1_000_000_000,
  gib: 1_073_741_824,
  gi: 1_073_741_824,
};

function bodyMax(option: CaddyDirective): Setting<number | "unlimited"> {
  const text = option.args[0]?.text ?? "";
  const [, digits = "", unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?)\s?([a-z]{0,3})$/i.exec(text) ?? [];
  const factor = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined;
  if (digits === "" || factor === undefined)
    return untold(`max_size ${text.slice(0, 60)} at ${option.file}:${option.line} is no size`);
  const bytes = Math.round(Number(digits) * factor);
  // modules/caddyhttp/requestbody: 0 is no limit.
  return setTo(bytes === 0 ? "unlimited" : bytes, `max_size ${text}`, option);
}

/** What is in force where a leaf is reached. */
export interface InForce
  extends Pick<
    SiteRoute,
    "responseFields" | "requestFields" | "bodyMax" | "limits" | "restrictions"
  > {
  readonly root: string | undefined;
}

export function inForce(
  effects: readonly Effect[],
  matcher: CaddyMatcher,
  directive: CaddyDirective,
  world: CaddyWorld,
): InForce {
  const reached = effects.flatMap((effect) => {
    const reach = reachOf(effect.matcher, matcher);
    return reach === undefined ? [] : [{ effect, reach }];
  });
  const changes = (kind: "response" | "request"): readonly FieldChange[] =>
    reached.flatMap(({ effect, reach }) =>
      effect.kind === kind && "change" in effect ? [{ ...effect.change, ...reach }] : [],
    );
  const certain = reached
    .filter(({ reach }) => reach.condition === undefined && reach.scheme === undefined)
    .map(({ effect }) => effect);
  const { file, line } = directive;
  const text = matcher.addresses.join(" ");
  const { up, down } = directive.name === "reverse_proxy" ? headerUps(directive) : NO_FIELDS;
  const implicit =
    directive.name === "reverse_proxy" ? implicitForwards(directive, world.trusted) : [];
  return {
    responseFields: [...immediateFirst(changes("response")), ...down],
    requestFields: [...changes("request"), ...implicit, ...up],
    bodyMax: certain.findLast((effect) => effect.kind === "body")?.max ?? UNSET,
    limits: certain.flatMap((effect) => (effect.kind === "limit" ? [effect.limit] : [])),
    restrictions: [
      ...certain.flatMap((effect) => (effect.kind === "restriction" ? [effect.restriction] : [])),
      ...(text === "" ? [] : [{ kind: "address" as const, text, file, line }]),
    ],
    root: certain.findLast((effect) => effect.kind === "root")?.path,
  };
}

const NO_FIELDS = { up: [], down: [] } as const;

/** Removals and defaults are made when the answer is written, behind everything that sets a field at once. */
function immediateFirst(fields: readonly FieldChange[]): readonly FieldChange[] {
  const isLate = ({ change }: FieldChange): boolean => change === "remove" || change === "default";
  return [...fields.filter((field) => !isLate(field)), ...fields.filter(isLate)];
}

type Reach = Pick<FieldChange, "condition" | "scheme">;

/** How far what one matcher lets through is let through by the other; `undefined`: not at all. */
function reachOf(effect: CaddyMatcher, leaf: CaddyMatcher): Reach | undefined {
  if (effect.scheme !== undefined && leaf.scheme !== undefined && effect.scheme !== leaf.scheme)
    return undefined;
  const paths = pathReach(effect, leaf);
  if (paths === undefined) return undefined;
  const lacking = [
    ...(paths === "all" ? [] : [paths]),
    ...effect.others.filter((one) => !leaf.others.includes(one)),
    ...effect.addresses.filter((one) => !leaf.addresses.includes(one)),
    ...effect.exceptAddresses.filter((one) => !leaf.exceptAddresses.includes(one)),
    ...(effect.hosts ?? []).filter((one) => leaf.hosts?.includes(one) !== true),
  ];
  const scheme =
    effect.scheme !== undefined && leaf.scheme === undefined ? effect.scheme : undefined;
  return {
    ...(lacking.length > 0 && { condition: lacking.join(" ") }),
    ...(scheme !== undefined && { scheme }),
  };
}

function pathReach(effect: CaddyMatcher, leaf: CaddyMatcher): string | undefined {
  if (effect.paths === undefined) return "all";
  const inner = leaf.paths ?? [{ kind: "prefix" as const, text: "/" }];
  const outer = effect.paths;
  if (inner.every((one) => outer.some((around) => isWithinPath(one, around)))) return "all";
  const meets = outer.filter((around) =>
    inner.some(
      (one) =>
        isWithinPath(around, one) ||
        ["other", "regex"].includes(one.kind) ||
        ["other", "regex"].includes(around.kind),
    ),
  );
  return meets.length === 0 ? undefined : `path ${meets.map(({ text }) => text).join(" ")}`;
}
