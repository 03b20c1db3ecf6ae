import type { CallRecord } from "../../parsers/python/machine.ts";
import { list, text as textValue, unknownValue } from "../../parsers/python/value.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import {
  environmentLimiterSettings,
  flaskLimiterSettings,
  type LimiterSettings,
  limiterRows,
  limitsOf,
} from "./limiter-settings.ts";

import { libraryRow, rowsOfFiles, runFile } from "./python-library.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import { throttleRows } from "./throttles.ts";

const NEEDLE =
  /slowapi|flask_limiter|fastapi_limiter|RateLimitMiddleware|DEFAULT_THROTTLE_RATES|ProxyFix|ProxyHeadersMiddleware/;
const LIMITER = /^(?:slowapi|flask_limiter)(?:\.\w+)*\.Limiter$/;
/** Limiters that are told their rules by path, and those that limit only routes which name them. */
const RULED = /(?:^|\.)RateLimitMiddleware$/;
const BY_ROUTE = /^fastapi_limiter(?:\.\w+)*\.FastAPILimiter\.init$/;
const TRUSTING = /(?:^|\.)(?:ProxyFix|ProxyHeadersMiddleware)$/;

/** Limiters of slowapi, Flask-Limiter and Django REST framework, what they count by, and whom they believe. */
export const rateLimitReader: SourceReader = {
  frameworks: "any",
  needles: [NEEDLE],
  async read(context): Promise<readonly SourceSetting[]> {
    const rows = await rowsOfFiles(context, NEEDLE, ofFile);
    return rows.some(({ slug }) => slug === "ratelimit.app")
      ? rows
      : [...rows, ...absentRow(context)];
  },
};

/** No limiter that is known: told where it would stand, without a word on whether there is one. */
function absentRow({ application }: SourceContext): readonly SourceSetting[] {
  const [source] = application.sources ?? [];
  if (source === undefined) return [];
  const { file, framework } = source;
  return [
    {
      ...{ slug: "ratelimit.app", framework, file, line: null, kind: "absent", value: "none" },
      variables: [],
      resolved: { state: "unknown", reason: "no limiter that is known was found" },
      chain: `no limiter that is known was found <- ${file}`,
    },
  ];
}

async function ofFile(context: SourceContext, file: string): Promise<readonly SourceSetting[]> {
  const { machine, scope } = await runFile(context, file);
  const rest = scope?.bindings.get("REST_FRAMEWORK");
  const calls = machine.calls.filter((call) => call.file === file);
  const isFlask = calls.some(({ path }) => path.startsWith("flask_limiter"));
  const settings = isFlask
    ? await flaskLimiterSettings(context)
    : environmentLimiterSettings(context);
  return [
    ...calls.flatMap((call) => ofCall(context, call, settings)),
    ...(rest?.file === file ? throttleRows(context, rest.value, file) : []),
  ];
}

function ofCall(
  context: SourceContext,
  record: CallRecord,
  settings: LimiterSettings,
): readonly SourceSetting[] {
  const { path, call, file, place } = record;
  const at = { file, line: place.line, column: place.column };
  const [first] = call.positional;
  const isTrusting =
    TRUSTING.test(path) || (first?.kind === "external" && TRUSTING.test(first.path));
  if (isTrusting) {
    const value = textValue(first?.kind === "external" ? first.path : path);
    return [
      libraryRow(context, {
        slug: "proxy.trusted",
        property: "proxy.trusted",
        name: path,
        value,
        ...at,
      }),
    ];
  }
  if (!LIMITER.test(path)) return ruledRows(context, record);
  const key = call.named.get("key_func") ?? first;
  const limits = limitsOf(record, settings);
  const name = path.split(".")[0] ?? path;
  const app = libraryRow(context, {
    slug: "ratelimit.app",
    property: "ratelimit.app",
    name,
    ...at,
    ...(limits ?? { value: list([]) }),
  });
  const held = call.isOpen && limits === undefined;
  const row = held
    ? { ...app, resolved: { state: "unknown", reason: "not all arguments are known" } as const }
    : app;
  const others = limiterRows(context, record, settings);
  if (key?.kind !== "external") return [row, ...others];
  const value = textValue(key.path);
  const client = { slug: "ratelimit.client_key", property: "ratelimit.client-key", name } as const;
  return [row, ...others, libraryRow(context, { ...client, value, ...at })];
}

/** `RateLimitMiddleware(app, authenticate, backend, rules)`, `FastAPILimiter.init(redis)`. */
function ruledRows(
  context: SourceContext,
  { path, call, file, place }: CallRecord,
): readonly SourceSetting[] {
  const [first] = call.positional;
  const isHanded = first?.kind === "external" && path.endsWith(".add_middleware");
  const limiter = isHanded ? first.path : path;
  const isByRoute = BY_ROUTE.test(limiter);
  if (!RULED.test(limiter) && !isByRoute) return [];
  const rules = call.named.get("config") ?? call.named.get("rules") ?? call.positional[3];
  const value = isByRoute ? list([]) : (rules ?? unknownValue("its rules are not told"));
  const name = limiter.split(".")[0] ?? limiter;
  const found = { slug: "ratelimit.app", property: "ratelimit.app", name, value } as const;
  return [libraryRow(context, { ...found, file, line: place.line, column: place.column })];
}
