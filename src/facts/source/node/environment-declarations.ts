import {
  readValue,
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptNumber,
  scriptText,
} from "../../../parsers/javascript/script-value.ts";
import {
  bareExpression,
  childrenOf,
  identifierOf,
  isMinified,
  keyOf,
  literalOf,
  nodeOf,
  nodesOf,
  placeOf,
  type SyntaxNode,
  syntaxTree,
} from "../../../parsers/javascript/syntax.ts";
import type { VariableState } from "../../../parsers/python/machine.ts";
import type { Framework } from "../../application.fact.ts";
import { environmentLookUp } from "../../source-environment.ts";
import type { SourceContext } from "../reader.ts";
import type { ScriptRow } from "./row.ts";
import type { ScriptRun } from "./run.ts";
import { VARIABLE_NEEDLE, variableSlug } from "./variable-names.ts";

/** Files that declare what a program takes from its environment. */
export const DECLARING_FILES_MAX = 30;
const NODES_MAX = 60_000;
/** A value is looked through so deep for the variable that it is made of. */
const VALUE_NODES_MAX = 200;
const NAMED =
  /(?:^|\/)[^/]*(?:env|environment|config|configuration|settings|constants|options)[^/]*$|(?:^|\/)(?:env|config|settings)\/[^/]+$/i;
const READS = /\bprocess\.env\b|\benv(?:ironment)?\.[A-Z]|createEnv|cleanEnv|convict|\bz\.object/;

/**
 * The lines by which a program's own module of settings takes security settings from the environment: members of a
 * class or an object, schemas of zod, envalid, t3-env and convict. They decide nothing here.
 */
export function environmentRows(
  context: SourceContext,
  run: ScriptRun,
  framework: Framework,
): readonly ScriptRow[] {
  const files = [...run.project.texts]
    .filter(([file, text]) => NAMED.test(file) && READS.test(text) && VARIABLE_NEEDLE.test(text))
    .filter(([, text]) => !isMinified(text))
    .slice(0, DECLARING_FILES_MAX);
  return files.flatMap(([file, text]) => {
    const program = syntaxTree(text, file);
    return program === undefined ? [] : ofProgram(context, program, file, framework);
  });
}

function ofProgram(
  context: SourceContext,
  program: SyntaxNode,
  file: string,
  framework: Framework,
): readonly ScriptRow[] {
  const lookUp = environmentLookUp(context.environment);
  const rows: ScriptRow[] = [];
  const pending: SyntaxNode[] = [program];
  for (let visited = 0; visited < NODES_MAX; visited += 1) {
    const node = pending.pop();
    if (node === undefined) break;
    pending.push(...childrenOf(node).toReversed());
    const declared = declarationIn(node);
    const slug =
      declared === undefined
        ? undefined
        : variableSlug(framework === "nextjs" ? "next" : framework, declared.variable);
    if (declared === undefined || slug === undefined) continue;
    const { variable, fallback, at } = declared;
    rows.push({
      slug,
      framework,
      subject: variable,
      name: variable,
      place: placeOf(at, file),
      value: declaredValue(lookUp(variable), variable, fallback),
      kind: "env",
    });
  }
  return rows;
}

interface Declared {
  readonly variable: string;
  readonly fallback: Fallback | undefined;
  /** The name that is declared. */
  readonly at: SyntaxNode;
}
type Fallback = string | number | boolean;

const DECLARING =
  /^(?:ClassProperty|PropertyDefinition|ObjectProperty|VariableDeclarator|AssignmentExpression)$/;

function declarationIn(node: SyntaxNode): Declared | undefined {
  if (!DECLARING.test(node.type)) return undefined;
  const at = nodeOf(node, "key") ?? nodeOf(node, "id") ?? nodeOf(node, "left");
  const value = nodeOf(node, "value") ?? nodeOf(node, "init") ?? nodeOf(node, "right");
  if (at === undefined || value === undefined) return undefined;
  const read = readIn(value);
  if (read !== undefined) return { ...read, at };
  const key = node.type === "ObjectProperty" ? keyOf(node, "key") : undefined;
  return key === undefined ? undefined : schemaOf(key, value, at);
}

/** One variable, and what stands in where it is not set: `process.env.X ?? "y"` and casts of it. */
function readIn(value: SyntaxNode): Omit<Declared, "at"> | undefined {
  const variables = new Set<string>();
  let fallback: Fallback | undefined;
  const pending = [value];
  for (let visited = 0; visited < VALUE_NODES_MAX; visited += 1) {
    const node = pending.pop();
    if (node === undefined) break;
    // What stands in an object of its own is declared there; what is compared is another question.
    if (/^(?:ObjectExpression|BinaryExpression|.*Function.*|Class.*)$/.test(node.type))
      return undefined;
    const variable = variableIn(node);
    if (variable !== undefined) variables.add(variable);
    if (node.type === "LogicalExpression") fallback ??= plainValue(nodeOf(node, "right"));
    pending.push(...childrenOf(node));
  }
  const [variable, ...others] = variables;
  return variable === undefined || others.length > 0 ? undefined : { variable, fallback };
}

/** `process.env.NAME`, `environment.NAME`, `env["NAME"]`. */
function variableIn(node: SyntaxNode): string | undefined {
  if (!/MemberExpression$/.test(node.type)) return undefined;
  const key = keyOf(node, "property");
  if (key === undefined || !/^[A-Z][A-Z\d_]+$/.test(key)) return undefined;
  const owner = nodeOf(node, "object");
  const name = owner === undefined ? undefined : (identifierOf(owner) ?? keyOf(owner, "property"));
  return /^_?(?:process_?)?env(?:ironment)?$/i.test(name ?? "") ? key : undefined;
}

const UPPER = /^[A-Z][A-Z\d_]+$/;

/** `X: z.string().default("y")`, `X: bool({ default: true })`, `{ env: "X", default: true }`. */
function schemaOf(key: string, value: SyntaxNode, at: SyntaxNode): Declared | undefined {
  const bare = bareExpression(value);
  if (bare.type === "ObjectExpression") {
    const variable = memberValue(bare, "env");
    if (typeof variable !== "string" || !UPPER.test(variable)) return undefined;
    return { variable, fallback: memberValue(bare, "default"), at };
  }
  if (bare.type !== "CallExpression" || !UPPER.test(key)) return undefined;
  return { variable: key, fallback: defaultIn(bare), at };
}

function memberValue(object: SyntaxNode, key: string): Fallback | undefined {
  const member = nodesOf(object, "properties").find((each) => keyOf(each, "key") === key);
  return member === undefined ? undefined : plainValue(nodeOf(member, "value"));
}

/** Down a chain of calls to the one that says what stands in. */
function defaultIn(call: SyntaxNode): Fallback | undefined {
  let at: SyntaxNode | undefined = call;
  for (let hop = 0; hop < VALUE_NODES_MAX && at?.type === "CallExpression"; hop += 1) {
    const callee: SyntaxNode | undefined = nodeOf(at, "callee");
    const [first] = nodesOf(at, "arguments");
    if (callee === undefined) return undefined;
    if (keyOf(callee, "property") === "default") return plainValue(first);
    const given = first?.type === "ObjectExpression" ? memberValue(first, "default") : undefined;
    if (given !== undefined) return given;
    at = nodeOf(callee, "object");
  }
  return undefined;
}

function plainValue(node: SyntaxNode | undefined): Fallback | undefined {
  const bare = node === undefined ? undefined : bareExpression(node);
  const value = literalOf(bare) ?? bare?.["value"];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}

function declaredValue(
  state: VariableState,
  variable: string,
  fallback: Fallback | undefined,
): ScriptValue {
  const read = { variable, state: state.state, fallback: undefined };
  if (state.state === "unknown")
    return { kind: "unknown", reason: state.reason, origin: { reads: [read], idiom: "" } };
  if (state.state === "set") return readValue(read, state.text);
  const { origin } = readValue(read, undefined);
  if (typeof fallback === "boolean") return scriptBoolean(fallback, origin);
  if (typeof fallback === "number") return scriptNumber(fallback, origin);
  return fallback === undefined ? scriptNone(origin) : scriptText(fallback, origin);
}
