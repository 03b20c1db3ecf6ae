import { isSecretName } from "../../../core/secret.ts";
import type { ScriptSite } from "../../../parsers/javascript/scopes.ts";
import { readScript, type ScriptModule } from "../../../parsers/javascript/script-module.ts";
import { type ScriptValue, scriptOrigin } from "../../../parsers/javascript/script-value.ts";
import {
  bareExpression,
  isMinified,
  keyOf,
  nodeOf,
  placeOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import type { Framework } from "../../application.fact.ts";
import { assignedMember } from "./assigned.ts";
import { libraryCalls } from "./library-calls.ts";
import type { ScriptRow } from "./row.ts";
import type { ScriptRun } from "./run.ts";

const JWT = /^(?:jsonwebtoken|jws|jose)\.(?:sign|verify)$/;
const JWT_NAME = /^_?jwt_?(?:secret|key)(?:_?key)?$/i;

/** What signs JSON web tokens: where it is assigned, and where tokens are signed. */
export function tokenRows(run: ScriptRun, framework: Framework): readonly ScriptRow[] {
  const slug = `${framework === "nextjs" ? "next" : framework}.jwt_secret`;
  const assigned = run.modules.flatMap(({ assignments, file }) =>
    assignments.flatMap((site) => {
      const member = assignedMember(site.node);
      if (member === undefined || !JWT_NAME.test(member.key)) return [];
      const value = run.live.evaluate(member.value, site.scope);
      const place = { file, ...member.place };
      return value.kind === "none" ? [] : [{ slug, framework, name: "jwt.secret", place, value }];
    }),
  );
  const signed = libraryCalls(run, JWT).flatMap(({ call, values }) => {
    const [, value] = values;
    if (value === undefined || !isTold(value)) return [];
    return [{ slug, framework, name: "jwt.secret", place: value.place ?? call.place, value }];
  });
  return withoutTwins([...assigned, ...signed]);
}

/** A literal, or made of variables. */
function isTold(value: ScriptValue): boolean {
  return value.kind === "text" || scriptOrigin(value).reads.length > 0;
}

function withoutTwins(rows: readonly ScriptRow[]): readonly ScriptRow[] {
  return [...new Map(rows.map((row) => [`${row.place.file}:${row.place.line}`, row])).values()];
}

/** Variables named as secrets with something to take instead. */
const FALLBACK =
  /process\.env(?:\.|\[["'])\w*(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|_SALT|JWT\w*|SIGNING_?KEY)\w*(?:["']\])?\s*(?:\|\||\?\?)/;
/** Files that are parsed for this alone. */
const FALLBACK_FILES_MAX = 60;

/** `process.env.APP_SECRET || "…"`: what is taken for a secret that nobody sets. */
export function fallbackRows(run: ScriptRun, framework: Framework): readonly ScriptRow[] {
  const files = [...run.project.texts]
    .filter(([, text]) => FALLBACK.test(text) && !isMinified(text))
    .slice(0, FALLBACK_FILES_MAX);
  return files.flatMap(([file, text]) => {
    const module = run.live.files.moduleOf(file) ?? readScript(file, text);
    return module === undefined ? [] : ofModule(run, module, framework);
  });
}

function ofModule(
  run: ScriptRun,
  module: ScriptModule,
  framework: Framework,
): readonly ScriptRow[] {
  return module.alternatives.flatMap((site) => {
    const { node } = site;
    const left = nodeOf(node, "left");
    const right = nodeOf(node, "right");
    if (left === undefined || right === undefined || node["operator"] === "&&") return [];
    const variable = variableOf(left);
    if (variable === undefined || !isSecretName(variable) || isNothing(right)) return [];
    return [fallbackRow(run, module.file, site, right, variable, framework)];
  });
}

/** `process.env.NAME`. */
function variableOf(node: SyntaxNode): string | undefined {
  const bare = bareExpression(node);
  const object = nodeOf(bare, "object");
  if (!/MemberExpression$/.test(bare.type) || object === undefined) return undefined;
  return keyOf(object, "property") === "env" ? keyOf(bare, "property") : undefined;
}

function isNothing(node: SyntaxNode): boolean {
  const { type } = bareExpression(node);
  const isEmpty = type === "StringLiteral" && node["value"] === "";
  const name = node["name"];
  return isEmpty || type === "NullLiteral" || (type === "Identifier" && name === "undefined");
}

function fallbackRow(
  run: ScriptRun,
  file: string,
  { node, scope }: ScriptSite,
  right: SyntaxNode,
  variable: string,
  framework: Framework,
): ScriptRow {
  const value = run.bare.evaluate(node, scope);
  const other = run.bare.evaluate(right, scope);
  // Another variable or a result is computed; text in source is a variable with a default.
  const isComputed = other.kind !== "text" || scriptOrigin(other).reads.length > 0;
  return {
    slug: "secret.fallback",
    framework,
    subject: variable,
    name: variable,
    place: placeOf(node, file),
    value: isComputed ? { ...value, isComposed: true } : value,
  };
}
