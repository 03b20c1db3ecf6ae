import { iniOptions, isIni } from "../../parsers/python/ini-settings.ts";
import type { Machine } from "../../parsers/python/machine.ts";
import type { ClassDefinition, Expression, Statement } from "../../parsers/python/syntax.ts";
import {
  type Binding,
  NO_ORIGIN,
  originOf,
  type Scope,
  text,
  unknownValue,
} from "../../parsers/python/value.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import { FLASK_NAMES, ownFlaskSlug } from "./flask-names.ts";
import type { PythonRow } from "./python-row.ts";

/**
 * What stands beside the settings that are in force and decides nothing: classes of settings that another
 * stage runs with, options of INI files that the program reads, and extensions in code that did not run.
 */
export function rowsBeside(machine: Machine, told: readonly PythonRow[]): readonly PythonRow[] {
  const places = new Set(told.map(({ file, line }) => `${file}:${line}`));
  const loaded = [...machine.modules.values()].filter((scope) => scope !== "loading");
  const rows = [
    ...modulesOf(machine, told).flatMap((scope) => classRows(machine, scope)),
    ...loaded.flatMap((scope) => callRows(machine, scope)),
  ];
  return [
    ...rows.filter(({ file, line }) => !places.has(`${file}:${line}`)),
    ...[...machine.iniFiles].flatMap((file) => optionRows(machine, file)),
  ];
}

/** Modules in which settings that are in force stand. */
function modulesOf({ modules }: Machine, told: readonly PythonRow[]): readonly Scope[] {
  const files = new Set(told.map(({ file }) => file));
  return [...modules.values()].flatMap((scope) =>
    scope !== "loading" && files.has(scope.file) ? [scope] : [],
  );
}

function slugOf(name: string): string | undefined {
  return Object.hasOwn(FLASK_NAMES, name) ? FLASK_NAMES[name]?.slug : ownFlaskSlug(name);
}

function classRows(machine: Machine, scope: Scope): readonly PythonRow[] {
  const body = machine.project.module(scope.file)?.body ?? [];
  return body.flatMap((statement) => {
    const type = statement.kind === "class" ? scope.bindings.get(statement.name)?.value : undefined;
    if (statement.kind !== "class" || type?.kind !== "class") return [];
    return [...statementsIn(statement.body)].flatMap((each) =>
      memberRow(each, type.members, scope.file, statement),
    );
  });
}

function memberRow(
  statement: Statement,
  members: ReadonlyMap<string, Binding>,
  file: string,
  { name: owner }: ClassDefinition,
): readonly PythonRow[] {
  if (statement.kind !== "assign" || statement.target.kind !== "name") return [];
  const { name } = statement.target;
  const slug = slugOf(name);
  const value = members.get(name)?.value;
  if (slug === undefined || value === undefined || statement.value === undefined) return [];
  const { line, column, value: written } = statement;
  const isMade = originOf(value).reads.length === 0 && isWorkedOut(written);
  const row = { slug, framework: "flask", subject: owner, name, file, line, column } as const;
  return [{ ...row, value, written, ...(isMade ? { kind: "computed" as const } : {}) }];
}

/** A call or a comprehension stands in it. */
function isWorkedOut(written: Expression): boolean {
  const statement: Statement = { ...written, kind: "expression", value: written };
  return [...expressionsIn({ body: [statement] })].some(
    ({ kind }) => kind === "call" || kind === "comprehension",
  );
}

const CALLED: Readonly<Record<string, string>> = {
  ProxyFix: "flask.proxyfix",
  SSLify: "flask.sslify",
  Talisman: "flask.talisman",
};

/** `ProxyFix(app.wsgi_app)` in a branch that is not taken, or in a class that another stage runs with. */
function callRows({ project, calls }: Machine, { file }: Scope): readonly PythonRow[] {
  const ran = new Set(calls.map((call) => `${call.file}:${call.place.start}`));
  const found = [...expressionsIn({ body: project.module(file)?.body ?? [] })];
  return found.flatMap((expression) => {
    if (expression.kind !== "call") return [];
    const name = lastName(expression.callee);
    const slug = Object.hasOwn(CALLED, name) ? CALLED[name] : undefined;
    if (slug === undefined) return [];
    if (ran.has(`${file}:${expression.start}`)) return [];
    const { line, column, arguments: given } = expression;
    const isLiteral = given.every((each) => each.name === undefined || isPlain(each.value));
    const value = unknownValue("it is not run here");
    const kind = isLiteral ? "literal" : "computed";
    const place = { file, line, column };
    return [
      {
        slug,
        framework: "flask" as const,
        name,
        ...place,
        value,
        kind,
      },
    ];
  });
}

function isPlain({ kind }: Expression): boolean {
  return kind === "number" || kind === "text" || kind === "constant";
}

function lastName(callee: Expression): string {
  return callee.kind === "name" || callee.kind === "attribute" ? callee.name : "";
}

/** Options by the name of a setting. */
function optionRows({ project }: Machine, file: string): readonly PythonRow[] {
  return iniOptions(project.document?.(file) ?? "").flatMap((option) => {
    const slug = slugOf(option.name);
    if (slug === undefined) return [];
    const { name, line } = option;
    const value = text(option.text, NO_ORIGIN);
    return [{ slug, framework: "flask" as const, name, file, line, column: 1, value }];
  });
}

/** Whether what is written reads an INI file: the value is worked out of what stands there. */
export function readsIni(machine: Machine, { file, line }: PythonRow, name: string): boolean {
  if (machine.iniFiles.size === 0) return false;
  const scope = machine.modules.get(file);
  if (scope === undefined || scope === "loading") return false;
  const statement = [...statementsIn(machine.project.module(file)?.body ?? [])].find(
    (each) =>
      each.kind === "assign" &&
      each.line === line &&
      each.target.kind === "name" &&
      each.target.name === name,
  );
  if (statement?.kind !== "assign" || statement.value === undefined) return false;
  return [...expressionsIn({ body: [statement] })].some(
    (each) => each.kind === "name" && isIni(scope.bindings.get(each.name)?.value),
  );
}
