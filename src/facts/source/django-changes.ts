import type { Expression, Place, Statement } from "../../parsers/python/syntax.ts";
import { bodiesOf, expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { djangoName } from "./django-names.ts";

const MIDDLEWARE_LISTS: ReadonlySet<string> = new Set(["MIDDLEWARE", "MIDDLEWARE_CLASSES"]);
/** Settings that are lists and that projects add to. */
const LISTS: ReadonlySet<string> = new Set([
  ...MIDDLEWARE_LISTS,
  ...["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"],
  ...["CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST", "CORS_ALLOWED_ORIGIN_REGEXES"],
]);
const CHANGING: ReadonlySet<string> = new Set(["append", "insert", "extend", "remove"]);

/**
 * Statements that change a list that is set already: `MIDDLEWARE.append(...)`, `ALLOWED_HOSTS += [...]`,
 * `MIDDLEWARE = [..., *MIDDLEWARE]`, also in functions that the module itself calls.
 */
export function changeRows(body: readonly Statement[], file: string): readonly SourceSetting[] {
  return runningStatements(body).flatMap((statement) => {
    const name = changedBy(statement);
    if (name === undefined || !LISTS.has(name)) return [];
    const slug = MIDDLEWARE_LISTS.has(name) ? "django.middleware.dynamic" : djangoName(name)?.slug;
    return slug === undefined ? [] : [placeRow(slug, `${name} is changed`, file, statement)];
  });
}

/** A variable that says how users are known, read within a function that the module calls. */
export function readRows(body: readonly Statement[], file: string): readonly SourceSetting[] {
  const own = new Set(outsideFunctions(body));
  return runningStatements(body).flatMap((statement) => {
    if (statement.kind !== "assign" || statement.value === undefined || own.has(statement))
      return [];
    const { value } = statement;
    const texts = [...expressionsIn({ body: [{ ...value, kind: "expression", value }] })];
    const found = texts.flatMap(
      (each) => (each.kind === "text" ? djangoName(each.text) : undefined) ?? [],
    );
    const slug = found.find(({ slug: each }) => each.startsWith("auth."))?.slug;
    if (slug === undefined) return [];
    return [{ ...placeRow(slug, "by a variable", file, statement), kind: "env" as const }];
  });
}

/** All statements that run when the module is loaded: its own, and those of its functions that it calls. */
function runningStatements(body: readonly Statement[]): readonly Statement[] {
  const own = [...outsideFunctions(body)];
  const called = new Set(
    own.flatMap((statement) =>
      [...expressionsIn({ body: [withoutBodies(statement)] })].flatMap((each) =>
        each.kind === "call" && each.callee.kind === "name" ? [each.callee.name] : [],
      ),
    ),
  );
  const functions = own.flatMap((statement) =>
    statement.kind === "function" && called.has(statement.name)
      ? [...statementsIn(statement.body)]
      : [],
  );
  return [...own, ...functions];
}

function* outsideFunctions(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement;
    if (statement.kind === "function" || statement.kind === "class") continue;
    for (const inner of bodiesOf(statement)) yield* outsideFunctions(inner);
  }
}

function withoutBodies(statement: Statement): Statement {
  return statement.kind === "function" || statement.kind === "class"
    ? { ...statement, body: [] }
    : statement;
}

function changedBy(statement: Statement): string | undefined {
  if (statement.kind === "augment") return nameOf(statement.target);
  if (statement.kind === "expression") return changedByCall(statement.value);
  if (statement.kind !== "assign" || statement.value === undefined) return undefined;
  const name = nameOf(statement.target);
  const { value } = statement;
  const held = [...expressionsIn({ body: [{ ...value, kind: "expression", value }] })];
  return held.some((each) => nameOf(each) === name) ? name : undefined;
}

function changedByCall(expression: Expression): string | undefined {
  if (expression.kind !== "call" || expression.callee.kind !== "attribute") return undefined;
  return CHANGING.has(expression.callee.name) ? nameOf(expression.callee.object) : undefined;
}

function nameOf(expression: Expression): string | undefined {
  return expression.kind === "name" ? expression.name : undefined;
}

/** `if len(SECRET_KEY) < 50: raise ImproperlyConfigured(...)`: the program refuses to start with such a key. */
export function guardRows(body: readonly Statement[], file: string): readonly SourceSetting[] {
  return runningStatements(body).flatMap((statement) => {
    if (statement.kind !== "if") return [];
    return statement.branches.flatMap(({ test, body: inner }) => {
      const refuses = inner.some(({ kind }) => kind === "raise");
      const names = [...expressionsIn({ body: [{ ...test, kind: "expression", value: test }] })];
      if (!refuses || !names.some((each) => nameOf(each) === "SECRET_KEY")) return [];
      return [placeRow("secret.guard", "refuses to start", file, test)];
    });
  });
}

/** A row that says no more than that something stands there. */
export function placeRow(
  slug: string,
  value: string,
  file: string,
  { line, column }: Place,
): SourceSetting {
  return {
    ...{ slug, framework: "django", file, line, column, kind: "computed", value, variables: [] },
    resolved: { state: "known", value: true, from: "literal" },
    chain: `${value} <- ${file}:${line}`,
  };
}
