import type { Machine } from "../../parsers/python/machine.ts";
import type { Expression, Place, Statement } from "../../parsers/python/syntax.ts";
import { UndoMap } from "../../parsers/python/undo-map.ts";
import {
  jsonOf,
  mergeOrigins,
  type Origin,
  originOf,
  type Scope,
  type Value,
} from "../../parsers/python/value.ts";
import { bodiesOf, expressionsIn } from "../../parsers/python/walk.ts";
import { type SettingContext, settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { changeRows, guardRows, placeRow, readRows } from "./django-changes.ts";
import { djangoName } from "./django-names.ts";

/** One statement of a settings module that gives a setting a value, whether it is in force or not. */
interface Site extends Place {
  readonly name: string;
  readonly value: Expression;
  /** Within an `if`, `try` or loop. */
  readonly isConditional: boolean;
  readonly tests: readonly Expression[];
}

/**
 * Every place of the settings modules where a setting is told, with the kind of what stands there: branches
 * that are not taken and values that another module lays its own over are listed as well, and decide nothing.
 * `rows`: what is in force, which keeps its value and takes the kind of its statement.
 */
export function withSites(
  context: SettingContext,
  machine: Machine,
  file: string,
  rows: readonly SourceSetting[],
): readonly SourceSetting[] {
  const sites = settingsModules(machine, file).flatMap((module) =>
    sitesOf(context, machine, module, rows),
  );
  const kinds = new Map(sites.map((site) => [keyOf(site), site.kind]));
  const known = new Set(rows.map(keyOf));
  return [
    ...rows.map((row) => ({ ...row, kind: inForce(row, kinds.get(keyOf(row))) })),
    ...sites.filter((site) => !known.has(keyOf(site))),
  ];
}

/** What hangs on several variables is computed, whatever the statement says; a literal is one. */
function inForce(
  { kind, variables }: SourceSetting,
  site: SourceSetting["kind"] | undefined,
): SourceSetting["kind"] {
  if (site === undefined) return kind;
  return site === "literal" || variables.length < 2 ? site : kind;
}

function keyOf({ slug, file, line }: SourceSetting): string {
  return `${slug} ${file}:${line}`;
}

/** The settings module and all that it takes in whole. */
function settingsModules(machine: Machine, file: string): readonly string[] {
  const found = new Set([file]);
  for (const each of found)
    for (const { level, path } of starImports(machine, each)) {
      const other = machine.project.resolve(each, level, path);
      if (other !== undefined && machine.project.module(other) !== undefined) found.add(other);
    }
  return [...found];
}

type StarImport = Statement & { kind: "import-from" };

function starImports({ project }: Machine, file: string): readonly StarImport[] {
  return [...topStatements(project.module(file)?.body ?? [])].flatMap(({ statement }) =>
    statement.kind === "import-from" && statement.isStar ? [statement] : [],
  );
}

interface Told {
  readonly statement: Statement;
  readonly isConditional: boolean;
  /** Of the branches that it stands in, outermost first. */
  readonly tests: readonly Expression[];
}

/** Statements that run when the module is loaded, those of branches included. */
function* topStatements(
  body: readonly Statement[],
  isConditional = false,
  tests: readonly Expression[] = [],
): Generator<Told> {
  for (const statement of body) {
    yield { statement, isConditional, tests };
    for (const branch of branchesOf(statement))
      yield* topStatements(branch.body, true, [...tests, ...branch.tests]);
  }
}

interface Branch {
  readonly body: readonly Statement[];
  readonly tests: readonly Expression[];
}

function branchesOf(statement: Statement): readonly Branch[] {
  if (statement.kind === "if") {
    const tests = statement.branches.map(({ test }) => test);
    return [
      ...statement.branches.map(({ body }, index) => ({ body, tests: tests.slice(0, index + 1) })),
      { body: statement.otherwise, tests },
    ];
  }
  // What a function or a class assigns is its own.
  if (statement.kind === "function" || statement.kind === "class") return [];
  return bodiesOf(statement).map((body) => ({ body, tests: [] }));
}

function sitesOf(
  context: SettingContext,
  machine: Machine,
  file: string,
  rows: readonly SourceSetting[],
): readonly SourceSetting[] {
  const loaded = machine.modules.get(file);
  const body = machine.project.module(file)?.body;
  if (loaded === undefined || loaded === "loading" || body === undefined) return [];
  // A copy: what is looked at here changes nothing of what was run.
  const scope: Scope = { ...loaded, bindings: new UndoMap() };
  for (const [name, binding] of loaded.bindings) scope.bindings.set(name, binding);
  const told = [...topStatements(body)];
  const assigned = told.flatMap(siteOf);
  const found: SourceSetting[] = [];
  for (const each of told) {
    for (const site of siteOf(each))
      found.push(...settingRows(context, machine, site, scope, assigned, rows));
    found.push(...starRows(each.statement, file));
  }
  return [...found, ...changeRows(body, file), ...readRows(body, file), ...guardRows(body, file)];
}

function siteOf({ statement, isConditional, tests }: Told): readonly Site[] {
  if (statement.kind === "if") return boundByTests(statement, isConditional);
  if (statement.kind !== "assign" || statement.value === undefined) return [];
  const { target, value, line, column, start, end } = statement;
  if (target.kind !== "name" || djangoName(target.name) === undefined) return [];
  return [{ name: target.name, value, isConditional, tests, line, column, start, end }];
}

/** `if CORS_ORIGIN_ALLOW_ALL := os.getenv(...) is not None:`. */
function boundByTests(
  { branches }: Statement & { kind: "if" },
  isConditional: boolean,
): readonly Site[] {
  return branches.flatMap(({ test }) =>
    [...expressionsIn(asModule(test))].flatMap((each) => {
      if (each.kind !== "walrus" || djangoName(each.name) === undefined) return [];
      const { name, value, line, column, start, end } = each;
      return [{ name, value, isConditional, tests: [], line, column, start, end }];
    }),
  );
}

function settingRows(
  context: SettingContext,
  machine: Machine,
  site: Site,
  scope: Scope,
  all: readonly Site[],
  rows: readonly SourceSetting[],
): readonly SourceSetting[] {
  const known = djangoName(site.name);
  if (known === undefined) return [];
  const { file } = scope;
  // What a test binds by `:=` is what its branch goes by.
  const tests = site.tests.map((test) => originOf(machine.evaluate(test, scope)));
  const value = machine.evaluate(site.value, scope);
  const { line, column } = placeOf(site);
  const setting = settingOf(context, {
    ...{ name: site.name, file, line, column, value },
    fallback: undefined,
  });
  const kind = kindOf(site, value, tests, all);
  const own = rows.find(({ slug }) => slug === known.slug);
  const isOverridden =
    known.slug === "django.secret_key" && kind === "literal" && own?.file !== file;
  return [
    {
      slug: isOverridden ? "secret.overridden" : known.slug,
      framework: "django",
      ...{ file, line, column, kind, variables: setting.variables },
      value:
        setting.value === undefined
          ? setting.chain
          : `${site.name} = ${JSON.stringify(setting.value)}`,
      resolved: setting.resolved,
      chain: setting.chain,
      ...(site.isConditional ? { condition: "the branch it stands in" } : {}),
    },
  ];
}

/** Of password hashers the one that is used stands first. */
function placeOf({ name, value, line, column }: Site): Pick<Place, "line" | "column"> {
  const [first] = value.kind === "sequence" ? value.items : [];
  return name === "PASSWORD_HASHERS" && first !== undefined ? first : { line, column };
}

/**
 * `env`: one variable is all there is, however it is cast; `computed`: several, a comprehension, a sum, or a value
 * that a later statement may lay another over because of it.
 */
function kindOf(
  site: Site,
  value: Value,
  tests: readonly Origin[],
  all: readonly Site[],
): SourceSetting["kind"] {
  const own = originOf(value);
  if (own.reads.length === 0) {
    const isSum = site.value.kind === "binary" && value.kind === "number";
    return isSum || jsonOf(value) === undefined ? "computed" : "literal";
  }
  const { reads } = mergeOrigins([own, ...tests]);
  if (reads.length > 1 || isChangedLater(site, all)) return "computed";
  const isHidden = reads.every(({ state }) => state === "unknown");
  if (!isHidden && (value.kind === "unknown" || value.kind === "external")) return "computed";
  const isMade = [hasComprehension, isSplit, isChoice].some((is) => is(site.value));
  return isMade ? "computed" : "env";
}

function isChangedLater({ name, isConditional, start }: Site, all: readonly Site[]): boolean {
  return (
    !isConditional &&
    all.some((other) => other.name === name && other.isConditional && other.start > start)
  );
}

/** `"ANY" if DEBUG else "DENY"`: two literals of which something else decides. */
function isChoice(value: Expression): boolean {
  if (value.kind !== "conditional") return false;
  const isLiteral = ({ kind }: Expression) =>
    kind === "text" || kind === "constant" || kind === "number";
  return isLiteral(value.whenTrue) && isLiteral(value.otherwise);
}

/** `os.getenv("HOSTS").split(",")`: how many there are is the variable's to say. */
function isSplit(value: Expression): boolean {
  const isCall = value.kind === "call" && value.callee.kind === "attribute";
  return isCall && value.callee.name === "split";
}

function hasComprehension(value: Expression): boolean {
  return [...expressionsIn(asModule(value))].some(({ kind }) => kind === "comprehension");
}

function asModule(value: Expression): { readonly body: readonly Statement[] } {
  return { body: [{ ...value, kind: "expression", value }] };
}

/** `from .local import *`: it may set anything again. */
function starRows(statement: Statement, file: string): readonly SourceSetting[] {
  if (statement.kind !== "import-from" || !statement.isStar) return [];
  const path = `${".".repeat(statement.level)}${statement.path}`;
  return [placeRow("django.settings.star_import", `all of ${path}`, file, statement)];
}
