import { createMachine, runEntry } from "../../parsers/python/interpret.ts";
import type { CallRecord } from "../../parsers/python/machine.ts";
import { list, text as textValue, type Value } from "../../parsers/python/value.ts";
import { environmentLookUp } from "../source-environment.ts";
import { settingOf } from "../source-setting.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { pythonFilesWith } from "./python-files.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const NEEDLE = /slowapi|flask_limiter|DEFAULT_THROTTLE_RATES|ProxyFix|ProxyHeadersMiddleware/;
const LIMITER = /^(?:slowapi|flask_limiter)(?:\.\w+)*\.Limiter$/;
const TRUSTING = /(?:^|\.)(?:ProxyFix|ProxyHeadersMiddleware)$/;

/** Limiters of slowapi, Flask-Limiter and Django REST framework, what they count by, and whom they believe. */
export const rateLimitReader: SourceReader = {
  frameworks: "any",
  async read(context): Promise<readonly SourceSetting[]> {
    const rows: SourceSetting[] = [];
    for (const file of await pythonFilesWith(context, NEEDLE))
      rows.push(...(await ofFile(context, file)));
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
  await context.python.loadClosure(file, (text) => /environ|getenv|BaseSettings/.test(text));
  const machine = createMachine(context.python.under(environmentLookUp(context.environment)), file);
  const scope = runEntry(machine, file);
  const rest = scope?.bindings.get("REST_FRAMEWORK");
  return [
    ...machine.calls.filter((call) => call.file === file).flatMap((call) => ofCall(context, call)),
    ...(rest?.file === file ? ofRestFramework(context, rest.value, file) : []),
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
      rowOf(context, {
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
  const app = rowOf(context, {
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
  return [row, rowOf(context, { ...client, value, ...at })];
}

/** `DEFAULT_THROTTLE_RATES` count only with `DEFAULT_THROTTLE_CLASSES` (REST framework, "Throttling"). */
function ofRestFramework(context: SourceContext, value: Value, file: string) {
  const entries = entriesOf(value);
  const rates = entries.find(({ name }) => name === "DEFAULT_THROTTLE_RATES");
  const classes = entries.find(({ name }) => name === "DEFAULT_THROTTLE_CLASSES");
  if (rates === undefined) return [];
  const limits = classes === undefined ? [] : entriesOf(rates.value).map((entry) => entry.value);
  const found = {
    slug: "ratelimit.app",
    property: "ratelimit.app",
    name: "rest_framework",
  } as const;
  return [rowOf(context, { ...found, value: list(limits), file, line: rates.line, column: 1 })];
}

function entriesOf(value: Value) {
  if (value.kind !== "dict") return [];
  return value.entries.flatMap(({ key, value: held, line }) =>
    key.kind === "text" ? [{ name: key.text, value: held, line }] : [],
  );
}

interface Found {
  readonly slug: string;
  readonly property: SourceProperty;
  readonly name: string;
  readonly value: Value;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function rowOf(context: SourceContext, found: Found): SourceSetting {
  const { slug, property, name, file, line, column } = found;
  const { kind, variables, resolved, chain } = settingOf(context.setting, {
    ...found,
    // The slug ends in "key", which is a secret's name: the library's says what it is.
    name,
    fallback: undefined,
  });
  const value = resolved.state === "known" ? JSON.stringify(resolved.value) : resolved.reason;
  const place = { file, line, column };
  return { slug, property, subject: name, ...place, kind, value, variables, resolved, chain };
}
