import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { Restriction, Setting } from "../proxy-site.ts";
import { setTo, untold } from "../proxy-tls.ts";
import { fieldChanges } from "./caddy-fields.ts";
import { wordsOf } from "./caddy-matcher.ts";
import { respondsWithRefusal } from "./caddy-refusal.ts";
import type { Effect } from "./effects.ts";
import type { RequestMatcher } from "./request-matcher.ts";

/** What a directive leaves behind for those after it. */
export function effectsOf(directive: CaddyDirective, matcher: RequestMatcher): readonly Effect[] {
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
  { exceptAddresses }: RequestMatcher,
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
