import type { BlockPath } from "../../parsers/nginx/inherit.ts";
import { ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { matchPcre, SELECTION_STEPS_MAX } from "../../parsers/nginx/pcre.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { resolveText, VALUES_MAX, variablesIn } from "../../parsers/nginx/variable.ts";

/** Variables whose value is taken for granted: `{ scheme: "https" }`. */
export type Given = ReadonlyMap<string, string>;

/** What is so of every request over TLS. */
export const OVER_TLS: Given = new Map([
  ["scheme", "https"],
  ["https", "on"],
]);

/** What is so of requests for each of a server's names, over TLS. Patterns stand for names nobody can list. */
export function givenNames({ names }: NginxServer): readonly Given[] {
  const exact = names.filter(
    ({ kind, value }) => kind === "exact" && value !== "" && value !== "_",
  );
  if (exact.length === 0 || exact.length > NAMES_TRIED_MAX) return [OVER_TLS];
  const [first] = exact;
  return exact.map(
    ({ value }) =>
      new Map([
        ...OVER_TLS,
        ["host", value],
        ["http_host", value],
        ["ssl_server_name", value],
        ["server_name", first?.value ?? value],
      ]),
  );
}

/** Names of one server that are tried one by one. */
export const NAMES_TRIED_MAX = 20;

/**
 * What a text of the configuration may become at a place; `undefined` where that cannot be told.
 *
 * A `map` of a given variable yields the value it has then; other tables and `set` all of theirs (`resolveText`).
 */
export function textValues(
  text: string,
  path: BlockPath,
  given: Given,
): readonly string[] | undefined {
  if (!text.includes("$")) return [text];
  let values: readonly string[] = [text];
  for (const name of new Set(variablesIn(text))) {
    const options = variableValues(name, path, given);
    if (options === undefined) return undefined;
    values = values.flatMap((one) => options.map((value) => replaced(one, name, value)));
    if (values.length > VALUES_MAX) return undefined;
  }
  return [...new Set(values)];
}

function replaced(text: string, name: string, value: string): string {
  return text.replaceAll(new RegExp(`\\$(?:\\{${name}\\}|${name}(?!\\w))`, "g"), () => value);
}

function variableValues(
  name: string,
  path: BlockPath,
  given: Given,
): readonly string[] | undefined {
  const value = given.get(name);
  if (value !== undefined) return [value];
  const table = mapOf(name, path);
  if (table !== undefined) {
    const rest = without(given, name);
    const entries = chosenEntries(table, path, rest) ?? entriesOf(table);
    const values = entries.map((entry) => textValues(entry, path, rest));
    return values.every((one) => one !== undefined) ? values.flat() : undefined;
  }
  const resolved = resolveText(`$${name}`, path);
  return resolved.state === "resolved" ? resolved.values : undefined;
}

/** Keeps a map that names itself from going round. */
function without(given: Given, name: string): Given {
  return new Map([...given, [name, ""]]);
}

/** The `map` that defines a variable. */
export function mapOf(name: string, path: BlockPath): NginxDirective | undefined {
  return ownDirectives(path.slice(0, 2), "map").find(({ args }) => args[1]?.text === `$${name}`);
}

/** All values a map may give, the empty one where it has no default. */
function entriesOf({ block = [] }: NginxDirective): readonly string[] {
  const values = block
    .filter(({ name, args }) => args.length === 1 && name !== "include")
    .map(({ args }) => args[0]?.text ?? "");
  return block.some(({ name }) => name === "default") ? values : [...values, ""];
}

/** The one value it gives where its source has one. */
function chosenEntries(
  table: NginxDirective,
  path: BlockPath,
  given: Given,
): readonly string[] | undefined {
  const source = /^\$\{?(\w+)\}?$/.exec(table.args[0]?.text ?? "")?.[1];
  const values = source === undefined ? undefined : variableValues(source, path, given);
  const [value, ...others] = values ?? [];
  return value === undefined || others.length > 0 ? undefined : [mapValue(table, value)];
}

/** What a map makes of a value: the equal key (any case), the first pattern in file order, the default. */
export function mapValue({ block = [] }: NginxDirective, value: string): string {
  const budget = { left: SELECTION_STEPS_MAX };
  const entries = block.filter(({ args }) => args.length === 1);
  const equal = entries.find(({ name }) => keyText(name).toLowerCase() === value.toLowerCase());
  const matching = entries.find(({ name }) => matchesKey(name, value, budget));
  const fallback = entries.find(({ name }) => name === "default");
  return (equal ?? matching ?? fallback)?.args[0]?.text ?? "";
}

function keyText(name: string): string {
  return name.startsWith("\\") ? name.slice(1) : name;
}

function matchesKey(name: string, value: string, budget: { left: number }): boolean {
  if (name.startsWith("*.") || name.startsWith(".")) {
    const end = name.replace(/^\*/, "").toLowerCase();
    return (
      value.toLowerCase().endsWith(end) ||
      (name.startsWith(".") && value.toLowerCase() === end.slice(1))
    );
  }
  if (!name.startsWith("~")) return false;
  const isCaseless = name.startsWith("~*");
  return matchPcre(name.slice(isCaseless ? 2 : 1), isCaseless, value, budget) === "match";
}
