import type { CallRecord } from "../../parsers/python/machine.ts";
import { list, text as textValue } from "../../parsers/python/value.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { libraryRow, rowsOfFiles, runFile } from "./python-library.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import { throttleRows } from "./throttles.ts";

const NEEDLE = /slowapi|flask_limiter|DEFAULT_THROTTLE_RATES|ProxyFix|ProxyHeadersMiddleware/;
const LIMITER = /^(?:slowapi|flask_limiter)(?:\.\w+)*\.Limiter$/;
const TRUSTING = /(?:^|\.)(?:ProxyFix|ProxyHeadersMiddleware)$/;

/** Limiters of slowapi, Flask-Limiter and Django REST framework, what they count by, and whom they believe. */
export const rateLimitReader: SourceReader = {
  frameworks: "any",
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
  return [
    ...machine.calls.filter((call) => call.file === file).flatMap((call) => ofCall(context, call)),
    ...(rest?.file === file ? throttleRows(context, rest.value, file) : []),
  ];
}

function ofCall(context: SourceContext, record: CallRecord): readonly SourceSetting[] {
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
  if (!LIMITER.test(path)) return [];
  const key = call.named.get("key_func") ?? first;
  const limits = call.named.get("default_limits") ?? list([]);
  const name = path.split(".")[0] ?? path;
  const app = libraryRow(context, {
    slug: "ratelimit.app",
    property: "ratelimit.app",
    name,
    value: limits,
    ...at,
  });
  const held = call.isOpen && !call.named.has("default_limits");
  const row = held
    ? { ...app, resolved: { state: "unknown", reason: "not all arguments are known" } as const }
    : app;
  if (key?.kind !== "external") return [row];
  const value = textValue(key.path);
  const client = { slug: "ratelimit.client_key", property: "ratelimit.client-key", name } as const;
  return [row, libraryRow(context, { ...client, value, ...at })];
}
