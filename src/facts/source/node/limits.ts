import {
  type ScriptValue,
  scriptNumber,
  scriptText,
  scriptTruth,
  scriptUnknown,
  withScriptOrigins,
} from "../../../parsers/javascript/script-value.ts";
import {
  keyOf,
  nodeOf,
  nodesOf,
  placeOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import type { NodeApplication } from "./application.ts";
import { conditionsOfCall, type LibraryCall, libraryCalls } from "./library-calls.ts";
import { nameIn } from "./named-argument.ts";
import { firstOption, optionOf, withDefault } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { type ScriptCall, type ScriptRun, valuesOf } from "./run.ts";

const WANTED =
  /^(?:express-rate-limit(?:\.rateLimit)?|koa-ratelimit|koa2-ratelimit\.RateLimit\.middleware|@fastify\/rate-limit|express-slow-down(?:\.slowDown)?|rate-limiter-flexible\.\w+|limiter\.\w+|ratelimiter|express-brute|@nestjs\/throttler\.ThrottlerModule\.forRoot)$/;
const LOGIN = /log_?in|sign_?in|auth|password|two_?fa|2fa|brute/i;

/** How a limiter names its limit and its window, and the seconds or milliseconds of one unit. */
interface Words {
  readonly count: readonly string[];
  readonly window: readonly string[];
  readonly unitSeconds: number;
  readonly defaultCount: number;
  readonly defaultSeconds: number;
  readonly isPerClient: boolean;
}

const MILLISECONDS = 0.001;

function wordsOf(path: string): Words {
  if (path.startsWith("rate-limiter-flexible"))
    return {
      count: ["points"],
      window: ["duration"],
      unitSeconds: 1,
      defaultCount: 4,
      defaultSeconds: 1,
      isPerClient: false,
    };
  if (path.startsWith("limiter."))
    return {
      count: ["tokensPerInterval", "bucketSize"],
      window: ["interval"],
      unitSeconds: MILLISECONDS,
      defaultCount: 0,
      defaultSeconds: 0,
      isPerClient: false,
    };
  return {
    count: ["limit", "max"],
    window: ["windowMs", "timeWindow", "duration", "interval", "ttl"],
    unitSeconds: MILLISECONDS,
    defaultCount: 5,
    defaultSeconds: 60,
    isPerClient: true,
  };
}

/** Limiters of requests, and which of them stand before signing in. */
export function limitRows(application: NodeApplication): readonly ScriptRow[] {
  const { run } = application;
  const rows = libraryCalls(run, WANTED).flatMap((library) => ofCall(application, library));
  const found = [...rows, ...wrappedRows(application)];
  const own = ownLimiter(application);
  return own === undefined ? found : [own, ...found.map(asPart)];
}

function ofCall(application: NodeApplication, library: LibraryCall): readonly ScriptRow[] {
  const { call, path } = library;
  const words = wordsOf(path);
  // A class of the project that hands on what it is given: `new` of it says what.
  if (isInConstructor(call) && library.values.every(({ kind }) => kind === "unknown")) return [];
  const name = nameOf(application.run, call) ?? "";
  const below = application.registrations.get(call.node)?.below;
  const isLogin = LOGIN.test(name) || (below !== undefined && LOGIN.test(below));
  return rowsOf(application, {
    call,
    path,
    isLogin,
    isEverywhere:
      (below === undefined && application.registrations.has(call.node)) || isGlobal(library),
    options: library.values.find(({ kind }) => kind === "object") ?? library.values[0],
    words,
  });
}

/** @fastify/rate-limit counts on every route unless it is told not to (readme, "global"). */
function isGlobal({ path, values: [options] }: LibraryCall): boolean {
  const option = optionOf(options, "global");
  return (
    path === "@fastify/rate-limit" &&
    (option.state !== "given" || scriptTruth(option.value) !== false)
  );
}

function isInConstructor({ site }: ScriptCall): boolean {
  return site.functions.some((each) => keyOf(each, "key") === "constructor");
}

interface Limiter {
  readonly call: ScriptCall;
  readonly path: string;
  readonly isLogin: boolean;
  readonly isEverywhere: boolean;
  readonly options: ScriptValue | undefined;
  readonly words: Words;
}

function rowsOf(application: NodeApplication, limiter: Limiter): readonly ScriptRow[] {
  const { call, path, words, options, isLogin, isEverywhere } = limiter;
  const { framework } = application;
  const limit = limitOf(options, words);
  const shared = {
    framework,
    name: path.split(".")[0] ?? path,
    subject: path.split(".")[0] ?? path,
    place: call.place,
    conditions: conditionsOfCall(application, call),
  } as const;
  const slug = isLogin ? "ratelimit.login" : "ratelimit.app";
  const own: ScriptRow = {
    ...shared,
    slug,
    property: isLogin ? "ratelimit.login" : "ratelimit.app",
    value:
      isLogin || isEverywhere
        ? limit
        : { kind: "list", items: [], isOpen: false, origin: limit.origin },
  };
  if (!words.isPerClient) return [own];
  const key = firstOption(options, ["keyGenerator", "id"]);
  const client = withDefault(key, scriptText("req.ip"));
  return [
    own,
    {
      ...shared,
      slug: "ratelimit.client_key",
      property: "ratelimit.client-key",
      ...client,
    },
  ];
}

const OWN = /rate_?limit|throttl/i;
const FLEXIBLE = "rate-limiter-flexible";

/**
 * Middleware of the project that is named for limiting and that every request meets: it asks a limiter of a package
 * that is no middleware itself. What it lets through is that one's limit.
 */
function ownLimiter(application: NodeApplication): ScriptRow | undefined {
  const inner = libraryCalls(application.run, /^rate-limiter-flexible\.\w+$/).filter(
    ({ values }) => values.length > 0,
  );
  if (inner.length === 0) return undefined;
  const limits = inner.map(({ values }) => limitOf(values[0], wordsOf(FLEXIBLE)));
  for (const call of application.run.calls) {
    const met = metByAll(application, call);
    if (met === undefined) continue;
    return {
      slug: "ratelimit.app",
      property: "ratelimit.app",
      framework: application.framework,
      name: FLEXIBLE,
      place: call.place,
      value: limits.find(({ kind }) => kind === "text") ?? scriptUnknown("its limits are not told"),
      ...met,
    };
  }
  return undefined;
}

/** What a call registers for every request, where that is named for limiting. */
function metByAll(
  { run, registrations }: NodeApplication,
  { method, node, site }: ScriptCall,
): Pick<ScriptRow, "subject" | "conditions"> | undefined {
  if (method !== "use" && method !== "addHook") return undefined;
  const named = nodesOf(node, "arguments").find((each) => OWN.test(nameIn(each)));
  if (named === undefined) return undefined;
  const value = run.live.evaluate(named, site.scope);
  const registration = value.kind === "function" ? registrations.get(value.node) : undefined;
  if (registration === undefined || registration.below !== undefined) return undefined;
  return { subject: nameIn(named), conditions: registration.conditions };
}

/** A limiter that middleware of the project asks is judged with it. */
function asPart(row: ScriptRow): ScriptRow {
  const isPart =
    row.subject === FLEXIBLE && row.property === "ratelimit.app" && row.value.kind === "list";
  if (!isPart) return row;
  const { property: _, ...rest } = row;
  return rest;
}

/** `100 per 900 second`, which is how the other limiters' limits are told. */
function limitOf(options: ScriptValue | undefined, words: Words): ScriptValue {
  const count = withDefault(firstOption(options, words.count), scriptNumber(words.defaultCount));
  const window = withDefault(
    firstOption(options, words.window),
    scriptNumber(words.defaultSeconds / words.unitSeconds),
  );
  if (count.value.kind !== "number")
    return scriptUnknown(
      "how many requests it lets through is only known at run time",
      count.value,
    );
  const seconds = secondsOf(window.value, words.unitSeconds);
  if (seconds === undefined)
    return scriptUnknown("how long its window is cannot be told", window.value, count.value);
  return withScriptOrigins(scriptText(`${count.value.number} per ${seconds} second`), [
    count.value,
    window.value,
  ]);
}

const NAMED_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  sec: 1,
  minute: 60,
  min: 60,
  hour: 3_600,
  hr: 3_600,
  day: 86_400,
};

function secondsOf(value: ScriptValue, unitSeconds: number): number | undefined {
  if (value.kind === "number") return Math.max(1, Math.round(value.number * unitSeconds));
  if (value.kind !== "text") return undefined;
  const [, times = "1", unit = ""] =
    /^(\d{1,6})? ?(second|sec|minute|min|hour|hr|day)s?$/i.exec(value.text.trim()) ?? [];
  const seconds = NAMED_SECONDS[unit.toLowerCase()];
  return seconds === undefined ? undefined : seconds * Number(times || "1");
}

/** The name a call's result is given: `loginLimiter` of `const loginLimiter = rateLimit()`. */
function nameOf({ modules }: ScriptRun, { node, file }: ScriptCall): string | undefined {
  const module = modules.find((each) => each.file === file);
  if (module === undefined) return undefined;
  const { start } = node;
  if (typeof start !== "number") return undefined;
  const before = module.text.slice(Math.max(0, start - 120), start);
  return /([\w$]{1,60})\s*(?::\s*[\w.<>[\]]{1,40}\s*)?[=:]\s*(?:await\s+)?(?:new\s+)?$/.exec(
    before,
  )?.[1];
}

/** `new LoginLimiter({…})` of a class of the project that makes a limiter of what it is given. */
function wrappedRows(application: NodeApplication): readonly ScriptRow[] {
  const { run } = application;
  return run.calls.flatMap((call) => {
    if (call.node.type !== "NewExpression") return [];
    const callee = nodeOf(call.node, "callee");
    const made = callee === undefined ? undefined : run.live.evaluate(callee, call.site.scope);
    if (made?.kind !== "class") return [];
    const inner = limiterIn(run, made.node, made.scope.file);
    if (inner === undefined) return [];
    const name = nameOf(run, call) ?? "";
    const words = wordsOf(inner);
    return rowsOf(application, {
      call,
      path: inner,
      isLogin: LOGIN.test(name),
      isEverywhere: false,
      options: valuesOf(run.live, call)[0],
      words: { ...words, isPerClient: false },
    });
  });
}

/** The limiter that a class makes of what its constructor is given. */
function limiterIn(run: ScriptRun, node: SyntaxNode, file: string): string | undefined {
  const isInside = ({ functions }: ScriptCall["site"]): boolean =>
    functions.some(
      (each) =>
        keyOf(each, "key") === "constructor" && within(placeOf(each, file).line, node, file),
    );
  for (const library of libraryCalls(run, WANTED))
    if (library.call.file === file && isInside(library.call.site)) return library.path;
  return undefined;
}

function within(line: number, node: SyntaxNode, file: string): boolean {
  const loc = node["loc"];
  const end =
    typeof loc === "object" && loc !== null && "end" in loc
      ? (loc.end as { readonly line?: number }).line
      : undefined;
  return line >= placeOf(node, file).line && line <= (end ?? 0);
}
