import { cookieUse } from "../../../parsers/http/cookie-use.ts";
import {
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptText,
} from "../../../parsers/javascript/script-value.ts";
import {
  identifierOf,
  keyOf,
  literalOf,
  nodeOf,
  nodesOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import { baseName } from "../../target-path.ts";
import type { NodeApplication } from "./application.ts";
import { secureOf } from "./connection-secure.ts";
import { nameIn } from "./named-argument.ts";
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
  const written = application.run.calls.flatMap((call) => {
    const isKoa = call.method === "set" && isCookies(call.receiver);
    const isExpress = /^(?:cookie|setCookie)$/.test(call.method) && call.receiver !== undefined;
    if (!isKoa && !isExpress) return [];
    const found = writtenCookie(application, call, isKoa);
    return found === undefined ? [] : [found];
  });
  const hasOne = written.some(({ name, use }) => use === "session" && !PLURAL.test(name ?? ""));
  return written.flatMap((cookie) => {
    const isList = hasOne && cookie.use === "session" && PLURAL.test(cookie.name ?? "");
    return rowsOf(application, isList ? { ...cookie, use: undefined } : cookie);
  });
}

/** Beside the session's own cookie one of several sessions lists them for the page: `sessions`. */
const PLURAL = /sessions$/i;

interface WrittenCookie {
  readonly call: ScriptCall;
  readonly isKoa: boolean;
  readonly name: string | undefined;
  readonly use: "session" | "csrf" | undefined;
  readonly options: ScriptValue | undefined;
}

function isCookies(node: SyntaxNode | undefined): boolean {
  if (node === undefined) return false;
  return identifierOf(node) === "cookies" || keyOf(node, "property") === "cookies";
}

function writtenCookie(
  { run }: NodeApplication,
  call: ScriptCall,
  isKoa: boolean,
): WrittenCookie | undefined {
  const [key, , options] = valuesOf(run.live, call);
  if (key === undefined) return undefined;
  const age = optionOf(options, "maxAge");
  const expires = optionOf(options, "expires");
  // One that is deleted carries nothing.
  if (age.state === "given" && age.value.kind === "number" && age.value.number <= 0)
    return undefined;
  if (expires.state === "given" && /^Date\(\)$/.test(pathOf(expires.value))) return undefined;
  const name = key.kind === "text" ? key.text : undefined;
  const use = name === undefined ? useByPlace(call) : cookieUse(name)?.use;
  return { call, isKoa, name, use, options };
}

/** A cookie whose name a function or a constant of the project knows: `csrf.ts`, `CSRF_COOKIE`. */
function useByPlace({ file, node }: ScriptCall): "csrf" | undefined {
  const [key] = nodesOf(node, "arguments");
  const isNamed = key !== undefined && /csrf|xsrf/i.test(nameIn(key));
  return isNamed || /csrf|xsrf/i.test(baseName(file)) ? "csrf" : undefined;
}

function rowsOf(
  application: NodeApplication,
  { call, isKoa, name, use, options }: WrittenCookie,
): readonly ScriptRow[] {
  return FLAGS.map(
    ({ option, kind }): ScriptRow => ({
      slug: `cookie.${use ?? "other"}.${kind}`,
      property:
        use === undefined ? (`cookie.${kind}` as const) : (`${use}.cookie-${kind}` as const),
      framework: application.framework,
      subject: name ?? "a cookie whose name is not known",
      name: `cookie.${option}`,
      place: call.place,
      ...secureOf(
        application,
        asConnection(call, option, withDefault(optionOf(options, option), defaultOf(kind, isKoa))),
      ),
    }),
  );
}

/** `secure: ctx.secure` and `secure: req.protocol === "https"` say what "auto" does. */
function asConnection(
  call: ScriptCall,
  option: string,
  told: ReturnType<typeof withDefault>,
): ReturnType<typeof withDefault> {
  if (option !== "secure" || told.value.kind !== "unknown") return told;
  const options = nodesOf(call.node, "arguments")[2];
  const member = options === undefined ? [] : nodesOf(options, "properties");
  const given = member.find((each) => keyOf(each, "key") === option);
  const value = given === undefined ? undefined : nodeOf(given, "value");
  return value !== undefined && isConnection(value)
    ? { ...told, value: { ...scriptText("auto"), isComposed: true } }
    : told;
}

function isConnection(node: SyntaxNode): boolean {
  if (/MemberExpression$/.test(node.type)) return keyOf(node, "property") === "secure";
  const left = node.type === "BinaryExpression" ? nodeOf(node, "left") : undefined;
  return (
    left !== undefined &&
    /MemberExpression$/.test(left.type) &&
    keyOf(left, "property") === "protocol" &&
    literalOf(node["right"]) === "https"
  );
}

function pathOf(value: { readonly kind: string; readonly path?: string }): string {
  return value.kind === "external" ? (value.path ?? "") : "";
}

/**
 * Express sends no flag that is not asked for; the package `cookies` of Koa sends HttpOnly, and
 * Secure where the connection is secure (readme, "cookies.set").
 */
function defaultOf(kind: (typeof FLAGS)[number]["kind"], isKoa: boolean) {
  if (kind === "samesite") return scriptNone();
  return isKoa && kind === "secure" ? scriptText("auto") : scriptBoolean(isKoa);
}
