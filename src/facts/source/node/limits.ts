import {
  type ScriptValue,
  scriptNumber,
  scriptText,
  scriptUnknown,
  withScriptOrigins,
} from "../../../parsers/javascript/script-value.ts";
import { keyOf, nodeOf, placeOf, type SyntaxNode } from "../../../parsers/javascript/syntax.ts";
import type { NodeApplication } from "./application.ts";
import { conditionsOfCall, type LibraryCall, libraryCalls } from "./library-calls.ts";
import { firstOption, withDefault } from "./options.ts";
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
  return [...rows, ...wrappedRows(application)];
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
    isEverywhere: below === undefined && application.registrations.has(call.node),
    options: library.values.find(({ kind }) => kind === "object") ?? library.values[0],
    words,
  });
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
