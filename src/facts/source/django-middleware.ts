import type { Machine } from "../../parsers/python/machine.ts";
import type { Expression, Place } from "../../parsers/python/syntax.ts";
import type { Binding, Value } from "../../parsers/python/value.ts";
import { expressionsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { MIDDLEWARE } from "./django-names.ts";

export interface MiddlewareList {
  /** Dotted paths in order; what is not known is left out. */
  readonly paths: readonly string[];
  /** Why more may be in it. */
  readonly open: string | undefined;
  readonly file: string;
  /** Where it is put together; `null` where nothing sets it. */
  readonly binding: Binding | undefined;
}

/** `MIDDLEWARE` of the settings; `MIDDLEWARE_CLASSES` of Django before 2.0. */
export function middlewareList(
  bindings: ReadonlyMap<string, Binding>,
  file: string,
  problem: string | undefined,
): MiddlewareList {
  const binding = bindings.get("MIDDLEWARE") ?? bindings.get("MIDDLEWARE_CLASSES");
  if (binding === undefined) return { paths: [], open: problem, file, binding };
  const { value } = binding;
  if (value.kind !== "list") {
    const reason = value.kind === "unknown" ? value.reason : "MIDDLEWARE is not worked out";
    return { paths: [], open: reason, file: binding.file, binding };
  }
  const paths = value.items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
  const open = value.items.find(({ kind }) => kind !== "text");
  return {
    paths,
    open: open === undefined ? undefined : reasonOf(open),
    file: binding.file,
    binding,
  };
}

function reasonOf(value: Value): string {
  return value.kind === "unknown" ? value.reason : "an element of MIDDLEWARE is not known";
}

/** `true` where it is in the list, `undefined` where it may be. */
export function hasMiddleware(
  { paths, open }: MiddlewareList,
  kind: keyof typeof MIDDLEWARE,
): boolean | undefined {
  if (paths.includes(MIDDLEWARE[kind])) return true;
  return open === undefined ? false : undefined;
}

/** One row for each middleware that checks ask about, with its index. */
export function middlewareRows(machine: Machine, list: MiddlewareList): readonly SourceSetting[] {
  return Object.entries(MIDDLEWARE).map(([kind, path]): SourceSetting => {
    const index = list.paths.indexOf(path);
    const slug = `django.middleware.${kind}`;
    const framework = "django";
    const property = kind === "csrf" ? ({ property: "csrf.enabled" } as const) : {};
    const common = { slug, framework, ...property, variables: [] } as const;
    if (index < 0)
      return {
        ...{ ...common, file: list.file, line: null, kind: "absent", value: "not in MIDDLEWARE" },
        resolved:
          list.open === undefined
            ? { state: "known", value: false, from: "default" }
            : { state: "unknown", reason: list.open },
        chain: `${path} is not in MIDDLEWARE <- ${list.file}`,
      };
    const found = placeOf(machine, path, list.file);
    const file = found?.file ?? list.file;
    const place = found?.place ?? list.binding;
    return {
      ...{ ...common, file, line: place?.line ?? null, kind: "literal", value: `index ${index}` },
      resolved: { state: "known", value: true, from: "literal" },
      chain: `${path} is in MIDDLEWARE, index ${index} <- ${file}:${place?.line ?? 1}`,
    };
  });
}

interface Found {
  readonly file: string;
  readonly place: Place;
}

/** Where the path is written: the last place in the file that has the list, else in one that ran. */
function placeOf(machine: Machine, path: string, file: string): Found | undefined {
  const files = [file, ...[...machine.modules.keys()].filter((other) => other !== file)];
  for (const each of files) {
    const module = machine.project.module(each);
    if (module === undefined || !module.source.includes(path)) continue;
    const places = [...expressionsIn(module)].filter((one) => isText(one, path));
    const place = places.sort((a, b) => a.start - b.start).at(-1);
    if (place !== undefined) return { file: each, place };
  }
  return undefined;
}

function isText(expression: Expression, path: string): boolean {
  return expression.kind === "text" && expression.text === path;
}
