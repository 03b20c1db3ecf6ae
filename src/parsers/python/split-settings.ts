import type { CallSite, Machine } from "./machine.ts";
import type { Module } from "./syntax.ts";
import { type CallArguments, none, type Scope, text, unknownValue, type Value } from "./value.ts";

/** Marks what `optional()` made: the file need not be there. */
const OPTIONAL = "optional settings file";

export function optionalFile(_machine: Machine, call: CallArguments): Value | undefined {
  const [name] = call.positional;
  if (name?.kind !== "text") return undefined;
  return text(name.text, { reads: [], idiom: OPTIONAL });
}

/**
 * `include("base.py", optional("local.py"))` of django-split-settings: the files run in the module that includes them,
 * one after the other, so that each sees and may replace what stands before it.
 */
export function includeSettings(machine: Machine, call: CallArguments, site: CallSite): Value {
  for (const name of call.positional) includeOne(machine, name, site);
  return none();
}

function includeOne(machine: Machine, name: Value, site: CallSite): void {
  const { project } = machine;
  const file = name.kind === "text" ? beside(site.scope.file, name.text) : undefined;
  const isOptional = name.kind === "text" && name.origin.idiom === OPTIONAL;
  const exists = file === undefined ? undefined : project.exists(file);
  if (exists === false && isOptional) return;
  const module = file === undefined ? undefined : project.module(file);
  if (file !== undefined && module !== undefined) {
    run(machine, module, { ...site.scope, file });
    return;
  }
  if (file !== undefined && exists === true) machine.wanted.add(file);
  leaveOpen(machine, site);
}

/** Names with `*` stand for files that are not told here. */
function beside(file: string, name: string): string | undefined {
  if (/[*?[]/.test(name) || name.startsWith("/")) return undefined;
  const steps = file.split("/").slice(0, -1);
  for (const step of name.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

/** Files that include each other. */
const DEPTH_MAX = 8;

function run(machine: Machine, { body }: Module, scope: Scope): void {
  if (machine.depth > DEPTH_MAX) return;
  machine.depth += 1;
  machine.execute(body, scope);
  machine.depth -= 1;
}

/** What was set before may be set again, and what was not seen may be set. */
function leaveOpen(machine: Machine, { scope, place }: CallSite): void {
  machine.openImports.push({ file: scope.file, line: place.line, path: "include()" });
  for (const [name, binding] of scope.bindings)
    if (/^[A-Z]/.test(name)) {
      const reason = "a file that include() names may set it again and was not read";
      scope.bindings.set(name, {
        ...binding,
        value: unknownValue(reason, [binding.value.origin]),
      });
    }
}
