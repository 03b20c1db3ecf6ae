import { cookieUse } from "../../../parsers/http/cookie-use.ts";
import { scriptBoolean, scriptNone } from "../../../parsers/javascript/script-value.ts";
import { identifierOf, keyOf, type SyntaxNode } from "../../../parsers/javascript/syntax.ts";
import type { NodeApplication } from "./application.ts";
import { optionOf, withDefault } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { type ScriptCall, valuesOf } from "./run.ts";

const FLAGS = [
  { option: "secure", kind: "secure" },
  { option: "httpOnly", kind: "httponly" },
  { option: "sameSite", kind: "samesite" },
] as const;

/** Cookies that the program sets itself: `res.cookie(name, value, {…})`, `ctx.cookies.set(…)`. */
export function cookieRows(application: NodeApplication): readonly ScriptRow[] {
  return application.run.calls.flatMap((call) => {
    const isKoa = call.method === "set" && isCookies(call.receiver);
    const isExpress = /^(?:cookie|setCookie)$/.test(call.method) && call.receiver !== undefined;
    return isKoa || isExpress ? ofCall(application, call, isKoa) : [];
  });
}

function isCookies(node: SyntaxNode | undefined): boolean {
  if (node === undefined) return false;
  return identifierOf(node) === "cookies" || keyOf(node, "property") === "cookies";
}

function ofCall(
  application: NodeApplication,
  call: ScriptCall,
  isKoa: boolean,
): readonly ScriptRow[] {
  const { run, framework } = application;
  const [key, , options] = valuesOf(run.live, call);
  if (key === undefined) return [];
  const age = optionOf(options, "maxAge");
  const expires = optionOf(options, "expires");
  // One that is deleted carries nothing.
  if (age.state === "given" && age.value.kind === "number" && age.value.number <= 0) return [];
  if (expires.state === "given" && /^Date\(\)$/.test(pathOf(expires.value))) return [];
  const name = key.kind === "text" ? key.text : undefined;
  const use = name === undefined ? undefined : cookieUse(name)?.use;
  return FLAGS.map(({ option, kind }) => ({
    slug: `cookie.${use ?? "other"}.${kind}`,
    property: use === undefined ? (`cookie.${kind}` as const) : (`${use}.cookie-${kind}` as const),
    framework,
    subject: name ?? "a cookie whose name is not known",
    name: `cookie.${option}`,
    place: call.place,
    ...withDefault(optionOf(options, option), defaultOf(kind, isKoa)),
  }));
}

function pathOf(value: { readonly kind: string; readonly path?: string }): string {
  return value.kind === "external" ? (value.path ?? "") : "";
}

/** Express sends no flag that is not asked for; the package `cookies` of Koa sends HttpOnly. */
function defaultOf(kind: (typeof FLAGS)[number]["kind"], isKoa: boolean) {
  return kind === "samesite" ? scriptNone() : scriptBoolean(isKoa && kind === "httponly");
}
