import { applyValue } from "../../../parsers/javascript/script-calls.ts";
import { exportedValue } from "../../../parsers/javascript/script-members.ts";
import type { ScriptModule } from "../../../parsers/javascript/script-module.ts";
import {
  type ScriptValue,
  scriptNone,
  scriptText,
} from "../../../parsers/javascript/script-value.ts";
import type { ScriptPlace } from "../../../parsers/javascript/syntax.ts";
import { EXPECTED_FIELDS, headerField } from "./header-fields.ts";
import { nextHeaderRows, policyRows } from "./next-headers.ts";
import { optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { conditionsOf, type ScriptCall, type ScriptRun, valuesOf } from "./run.ts";

export const NEXT_CONFIG = /(?:^|\/)next\.config\.[cm]?[jt]s$/;
const MIDDLEWARE = /^(?:.*\/)?(?:middleware|proxy)\.[jt]s$/;
/** `withA(withB(withC(config)))`. */
const WRAPPERS_MAX = 8;

/** Next.js: fields that next.config and the middleware set, and what is left out. */
export function nextRows(run: ScriptRun): readonly ScriptRow[] {
  return run.project.entries
    .filter((file) => NEXT_CONFIG.test(file))
    .flatMap((file) => ofConfig(run, file));
}

function ofConfig(run: ScriptRun, file: string): readonly ScriptRow[] {
  const place: ScriptPlace = { file, line: 1, column: 1 };
  const module = run.live.files.moduleOf(file);
  if (module === undefined) return [];
  const config = unwrapped(run, exportedValue(run.live, file, "default"), 0);
  const directory = file.replace(/next\.config\.\w+$/, "");
  const own = [
    ...configRows(run, config, place),
    ...middlewareRows(run, directory),
    ...policyRows(module, "nextjs", "next"),
  ];
  const isOpen = own.some(({ slug }) => slug === "next.headers") || config?.isOpen === true;
  return [...own, ...(isOpen ? [] : missingRows(own, place)), ...poweredByRows(config, place)];
}

type Config = ScriptValue & { readonly kind: "object" };

/** The configuration within the functions of plugins, or what a function of it returns. */
function unwrapped(run: ScriptRun, value: ScriptValue, depth: number): Config | undefined {
  if (depth > WRAPPERS_MAX) return undefined;
  if (value.kind === "object") return value;
  if (value.kind === "function")
    return unwrapped(
      run,
      applyValue(run.live, value, [scriptText("phase-production-server")]),
      depth + 1,
    );
  if (value.kind === "module")
    return unwrapped(run, exportedValue(run.live, value.file, "default"), depth + 1);
  if (value.kind !== "external" || value.call === undefined) return undefined;
  for (const given of value.call.values) {
    const inner = unwrapped(run, given, depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function configRows(
  run: ScriptRun,
  config: Config | undefined,
  place: ScriptPlace,
): readonly ScriptRow[] {
  if (config === undefined)
    return nextHeaderRows(
      { ...scriptNone(), kind: "unknown", reason: "the configuration is computed" },
      place,
    );
  const headers = optionOf(config, "headers");
  if (headers.state === "absent") return [];
  if (headers.state === "open") return nextHeaderRows(headers.value, place);
  return nextHeaderRows(applyValue(run.live, headers.value, []), headers.place);
}

/** `response.headers.set("X-Frame-Options", "DENY")` in middleware.ts. */
function middlewareRows(run: ScriptRun, directory: string): readonly ScriptRow[] {
  const modules = run.project.entries
    .filter((file) => file.startsWith(directory) && MIDDLEWARE.test(file))
    .map((file) => run.live.files.moduleOf(file))
    .filter((module) => module !== undefined);
  return modules.flatMap((module) => [
    ...run.calls
      .filter(({ file, method }) => file === module.file && /^(?:set|append)$/.test(method))
      .flatMap((call) => setRows(run, call, module)),
    ...policyRows(module, "nextjs", "next"),
  ]);
}

function setRows(run: ScriptRun, call: ScriptCall, { text }: ScriptModule): readonly ScriptRow[] {
  const [name, value] = valuesOf(run.live, call);
  const receiver = call.receiver;
  const known = name?.kind === "text" ? headerField(name.text) : undefined;
  if (known === undefined || value === undefined || receiver === undefined) return [];
  const { start, end } = receiver;
  // Next.js hands the policy to pages by a field of the request as well.
  const words = typeof start === "number" && typeof end === "number" ? text.slice(start, end) : "";
  if (/req/i.test(words.split(".")[0] ?? "")) return [];
  return [
    {
      slug: `next.${known.slug}`,
      property: known.property,
      framework: "nextjs",
      name: known.field,
      place: call.place,
      value,
      conditions: conditionsOf(run, call.site, call.site.functions[0]),
    },
  ];
}

function missingRows(rows: readonly ScriptRow[], place: ScriptPlace): readonly ScriptRow[] {
  return EXPECTED_FIELDS.filter(
    ({ property }) => !rows.some((row) => row.property === property),
  ).map(({ slug, property, field }) => ({
    slug: `next.${slug}`,
    property,
    framework: "nextjs",
    name: field,
    place,
    value: scriptNone(),
    isAbsent: true,
  }));
}

/** `poweredByHeader: false`; without it Next.js names itself. */
function poweredByRows(config: Config | undefined, place: ScriptPlace): readonly ScriptRow[] {
  const option = optionOf(config, "poweredByHeader");
  const shared = {
    slug: "next.x_powered_by",
    property: "header.x-powered-by",
    framework: "nextjs",
    name: "poweredByHeader",
  } as const;
  if (option.state === "absent")
    return [{ ...shared, place, value: scriptText("Next.js"), isAbsent: true }];
  const { value } = option;
  const isOff = value.kind === "boolean" && !value.value;
  const told =
    value.kind === "boolean"
      ? isOff
        ? scriptNone(value.origin)
        : scriptText("Next.js", value.origin)
      : value;
  return [{ ...shared, place: option.state === "given" ? option.place : place, value: told }];
}
