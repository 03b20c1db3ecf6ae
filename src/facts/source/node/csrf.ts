import {
  scriptBoolean,
  scriptNone,
  scriptText,
  scriptTruth,
} from "../../../parsers/javascript/script-value.ts";
import { placeOf } from "../../../parsers/javascript/syntax.ts";
import type { NodeApplication } from "./application.ts";
import { openCondition } from "./headers.ts";
import { conditionsOfCall, type LibraryCall, libraryCalls } from "./library-calls.ts";
import { nameIn } from "./named-argument.ts";
import { firstOption, optionOf, withDefault } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { type ScriptCall, valuesOf } from "./run.ts";

const WANTED =
  /^(?:csurf|csrf-csrf\.doubleCsrf|csrf-sync\.csrfSync|lusca(?:\.csrf)?|koa-csrf|tiny-csrf|@fastify\/csrf-protection|fastify-csrf|@dr\.pogodin\/csurf)$/;
const OWN = /csrf|xsrf/i;

/** Protection against forged requests: packages for it, or middleware of the project named for it. */
export function csrfRows(application: NodeApplication, hasSession: boolean): readonly ScriptRow[] {
  const packages = libraryCalls(application.run, WANTED).flatMap((library) =>
    ofPackage(application, library),
  );
  const own = packages.length > 0 ? [] : ownRows(application);
  const rows = [...packages, ...own];
  if (rows.some(({ property }) => property === "csrf.enabled") || !hasSession) return rows;
  const { framework, main } = application;
  return [
    {
      slug: `${framework}.csrf`,
      property: "csrf.enabled",
      framework,
      name: "csrf",
      place: main,
      value: scriptBoolean(false),
      isAbsent: true,
    },
  ];
}

function ofPackage(application: NodeApplication, library: LibraryCall): readonly ScriptRow[] {
  const { call, path, values } = library;
  const { framework } = application;
  const [options] = values;
  const isLusca = path === "lusca";
  const asked = optionOf(options, "csrf");
  if (isLusca && (asked.state === "absent" || scriptTruth(valueIn(asked)) === false)) return [];
  const subject = path.split(".")[0] ?? path;
  const shared = { framework, subject, place: call.place } as const;
  return [
    {
      ...shared,
      slug: `${framework}.csrf`,
      property: "csrf.enabled",
      name: subject,
      value: scriptBoolean(isAsked(application, path)),
      conditions: conditionsOfCall(application, call),
    },
    ...cookieRows(framework, library),
  ];
}

/** Fastify's plug-in only offers `csrfProtection`: a hook or a route has to ask for it (readme, "Usage"). */
function isAsked({ run }: NodeApplication, path: string): boolean {
  if (!/^(?:@fastify\/csrf-protection|fastify-csrf)$/.test(path)) return true;
  return [...run.project.texts.values()].some((text) => /\bcsrfProtection\b/.test(text));
}

function valueIn(option: ReturnType<typeof optionOf>) {
  return option.state === "absent" ? scriptNone() : option.value;
}

/** `csurf({ cookie: {…} })` and `doubleCsrf({ cookieName, cookieOptions })` keep a cookie. */
function cookieRows(
  framework: NodeApplication["framework"],
  { path, call, values: [options] }: LibraryCall,
): readonly ScriptRow[] {
  const isDouble = path.startsWith("csrf-csrf");
  const cookie = optionOf(options, isDouble ? "cookieOptions" : "cookie");
  if (!isDouble && (cookie.state !== "given" || scriptTruth(cookie.value) === false)) return [];
  const held = cookie.state === "given" ? cookie.value : undefined;
  const name = firstOption(options, ["cookieName", "cookie.key"]);
  const fallback = isDouble ? "__Host-psifi.x-csrf-token" : "_csrf";
  const subject = name.state === "given" && name.value.kind === "text" ? name.value.text : fallback;
  const shared = { framework, subject, place: call.place } as const;
  return [
    {
      ...shared,
      slug: "cookie.csrf.secure",
      property: "csrf.cookie-secure",
      name: "cookie.secure",
      ...withDefault(optionOf(held, "secure"), scriptBoolean(isDouble)),
    },
    {
      ...shared,
      slug: "cookie.csrf.httponly",
      property: "csrf.cookie-httponly",
      name: "cookie.httpOnly",
      ...withDefault(optionOf(held, "httpOnly"), scriptBoolean(isDouble)),
    },
    {
      ...shared,
      slug: "cookie.csrf.samesite",
      property: "csrf.cookie-samesite",
      name: "cookie.sameSite",
      ...withDefault(optionOf(held, "sameSite"), isDouble ? scriptText("lax") : scriptNone()),
    },
  ];
}

/** `app.use(verifyCsrfToken())`: what it does is not looked at, only that it is there. */
function ownRows(application: NodeApplication): readonly ScriptRow[] {
  const found = application.run.calls.flatMap((call) => registeredCsrf(application, call));
  const everywhere = found.find(({ conditions = [] }) =>
    conditions.every(({ holds }) => holds === true),
  );
  const first = everywhere ?? found[0];
  return first === undefined ? [] : [first];
}

function registeredCsrf(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const { run, framework, registrations } = application;
  if (!/^(?:use|addHook|post|put|patch|delete|all)$/.test(call.method)) return [];
  const given = Array.isArray(call.node["arguments"]) ? call.node["arguments"] : [];
  const named = given.find((each) => OWN.test(nameIn(each)));
  if (named === undefined) return [];
  const isEverywhere = call.method === "use" || call.method === "addHook";
  const value = valuesOf(run.live, call).find(({ kind }) => kind === "function");
  const below = value?.kind === "function" ? registrations.get(value.node)?.below : undefined;
  const { line } = placeOf(call.node, call.file);
  const conditions =
    isEverywhere && below === undefined
      ? []
      : [openCondition(`only on some routes, as at ${call.file}:${line}`)];
  return [
    {
      slug: `${framework}.csrf`,
      property: "csrf.enabled",
      framework,
      subject: nameIn(named),
      name: "csrf",
      place: call.place,
      value: scriptBoolean(true),
      conditions,
    },
  ];
}
