import {
  type ScriptValue,
  scriptText,
  scriptUnknown,
  withScriptOrigins,
} from "../../../parsers/javascript/script-value.ts";

/** Helmet 5 to 8, middlewares/content-security-policy: what holds without directives of one's own. */
const DEFAULT_DIRECTIVES: readonly (readonly [name: string, value: string])[] = [
  ["default-src", "'self'"],
  ["base-uri", "'self'"],
  ["font-src", "'self' https: data:"],
  ["form-action", "'self'"],
  ["frame-ancestors", "'self'"],
  ["img-src", "'self' data:"],
  ["object-src", "'none'"],
  ["script-src", "'self'"],
  ["script-src-attr", "'none'"],
  ["style-src", "'self' https: 'unsafe-inline'"],
  ["upgrade-insecure-requests", ""],
];

/** The policy that Helmet writes without options. */
export function defaultPolicy(): string {
  return written(new Map(DEFAULT_DIRECTIVES));
}

function written(directives: ReadonlyMap<string, string>): string {
  return [...directives]
    .map(([name, value]) => (value === "" ? name : `${name} ${value}`))
    .join("; ");
}

/** The policy of `directives`, laid over the defaults where those are used. */
export function directivesPolicy(directives: ScriptValue, hasDefaults: boolean): ScriptValue {
  if (directives.kind !== "object")
    return scriptUnknown("its directives are not known", directives);
  const told = new Map(hasDefaults ? DEFAULT_DIRECTIVES : []);
  for (const [key, { value }] of directives.members) {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const text = sourcesOf(value);
    if (text === null) told.delete(name);
    else if (text === undefined) return scriptUnknown(`${name} is only known at run time`, value);
    else told.set(name, text);
  }
  if (directives.isOpen) return scriptUnknown("not all directives are known", directives);
  return withScriptOrigins(scriptText(written(told)), [directives]);
}

/** The text of one directive; null where it is taken away, `undefined` where it is not known. */
function sourcesOf(value: ScriptValue): string | null | undefined {
  if (value.kind === "none") return null;
  if (value.kind === "boolean") return value.value ? "" : null;
  if (value.kind === "text") return value.text;
  if (value.kind !== "list" || value.isOpen) return undefined;
  const texts = value.items.map(sourceOf);
  return texts.includes(undefined) ? undefined : texts.join(" ");
}

/** One source; a function that answers for each request writes a nonce. */
function sourceOf(value: ScriptValue): string | undefined {
  if (value.kind === "text") return value.text;
  if (value.kind !== "function") return undefined;
  const text = JSON.stringify(value.node, (key, child) => (key === "loc" ? undefined : child));
  return /nonce-/.test(text) ? "'nonce-…'" : undefined;
}
