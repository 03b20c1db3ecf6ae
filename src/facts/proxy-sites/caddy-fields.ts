import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import type { CaddyToken } from "../../parsers/caddyfile/tokenize.ts";
import type { FieldChange } from "../proxy-site.ts";
import { wordsOf } from "./caddy-matcher.ts";
import { fieldValue } from "./secret-field.ts";

/** Changes of `header` and `request_header`: one on its own line, or one for each line of its block. */
export function fieldChanges(directive: CaddyDirective): readonly FieldChange[] {
  const words = wordsOf(directive);
  const block = directive.block ?? [];
  const lines = block.filter(({ name }) => name !== "defer" && name !== "match");
  const own = words.length === 0 ? [] : changeOf(words, directive);
  const all = [...own, ...lines.flatMap((line) => changeOf([nameToken(line), ...line.args], line))];
  const written = [words[0]?.text ?? "", ...block.map(({ name }) => name)];
  const isDeferred = written.some((name) => name === "defer" || DEFERRING.test(name));
  if (directive.name !== "header" || isDeferred) return all;
  return all.map((change) => (change.change === "set" ? { ...change, isBeside: true } : change));
}

/** One of them defers its whole directive until the answer of the application is there ("header", "Syntax"). */
const DEFERRING = /^[->?]/;

function nameToken({ name, ...place }: CaddyDirective): Pick<CaddyToken, "text"> & typeof place {
  return { ...place, text: name };
}

/** `Name value`, `+Name value`, `-Name`, `?Name value`, `>Name value`, `Name find replace`. */
function changeOf(
  words: readonly Pick<CaddyToken, "text">[],
  { file, line }: Pick<CaddyDirective, "file" | "line">,
): readonly FieldChange[] {
  const [written, value, replacement] = words.map(({ text }) => text);
  if (written === undefined) return [];
  const sign = /^[+?>-]/.exec(written)?.[0] ?? "";
  const name = written.slice(sign.length).replace(/:$/, "").toLowerCase();
  const at = { name, scope: "always", file, line } as const;
  if (sign === "-") return [{ ...at, change: "remove" }];
  // A replacement within a value says nothing of what the value is.
  if (replacement !== undefined) return [];
  const change = sign === "+" ? "add" : sign === "?" ? "default" : "set";
  return [{ ...at, change, ...fieldValue(name, value ?? "") }];
}

/** `header_up` and `header_down` of a `reverse_proxy`. */
export function headerUps({ block = [] }: CaddyDirective): {
  readonly up: readonly FieldChange[];
  readonly down: readonly FieldChange[];
} {
  const named = (name: string) =>
    block.filter((line) => line.name === name).flatMap((line) => changeOf(line.args, line));
  return { up: named("header_up"), down: named("header_down") };
}

/**
 * `X-Forwarded-For`, `-Proto` and `-Host`, which reverse_proxy sets by itself since 2.5; what the client
 * sent counts only where it is one of `trusted_proxies` (documentation, "reverse_proxy", "Defaults").
 */
export function implicitForwards(
  directive: CaddyDirective,
  trusted: string | undefined,
): readonly FieldChange[] {
  const { file, line, block = [] } = directive;
  const own = block.findLast(({ name }) => name === "trusted_proxies");
  const believed = own?.args.map(({ text }) => text).join(" ") ?? trusted;
  const implicit = (name: string, value: string): readonly FieldChange[] => {
    const at = { name, scope: "always", isImplicit: true, file, line } as const;
    const set = { ...at, change: "set", value } as const;
    if (believed === undefined) return [set];
    const kept = { ...at, change: "add", value, condition: `client is in ${believed}` } as const;
    return [{ ...set, condition: `client is not in ${believed}` }, kept];
  };
  return [
    ...implicit("x-forwarded-for", "{remote_host}"),
    ...implicit("x-forwarded-proto", "{scheme}"),
    ...implicit("x-forwarded-host", "{host}"),
  ];
}
