import type { Expression, FunctionDefinition } from "./syntax.ts";
import { unknownValue, type Value } from "./value.ts";
import { expressionsIn } from "./walk.ts";

/** Why the value of a function is not known that makes a key once and writes it to a file for later starts. */
export const KEPT_IN_FILE = "it is made at the first start and kept in a file";

const RANDOM =
  /^(?:urandom|token_(?:hex|urlsafe|bytes)|uuid4|get_random_secret_key|generate_key|SystemRandom)$/;
const WRITING = /^(?:write|write_text|write_bytes|writelines)$/;

const kept = new WeakMap<FunctionDefinition, boolean>();

/** The result of a function of the project: of one that keeps what it makes up the reason says so. */
export function keptValue(value: Value, definition: FunctionDefinition | undefined): Value {
  if (value.kind !== "unknown" || definition === undefined) return value;
  const isKept = kept.get(definition) ?? makesAndWrites(definition);
  kept.set(definition, isKept);
  return isKept ? unknownValue(KEPT_IN_FILE, [value.origin]) : value;
}

function makesAndWrites({ body }: FunctionDefinition): boolean {
  const called = [...expressionsIn({ body })].flatMap((expression) =>
    expression.kind === "call" ? [lastName(expression.callee)] : [],
  );
  return called.some((name) => RANDOM.test(name)) && called.some((name) => WRITING.test(name));
}

function lastName(callee: Expression): string {
  return callee.kind === "name" || callee.kind === "attribute" ? callee.name : "";
}
