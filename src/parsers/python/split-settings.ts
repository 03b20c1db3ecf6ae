import { type CallSite, type Flow, type Machine, NORMAL } from "./machine.ts";
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
  if (file !== undefined && runIncluded(machine, file, site.scope) !== undefined) return;
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

/** The file runs as a part of the module: it sees its names and sets them. `undefined`: it was not read. */
export function runIncluded(machine: Machine, file: string, scope: Scope): Flow | undefined {
  const module = machine.project.module(file);
  if (module === undefined) return undefined;
  if (machine.modules.has(file)) return NORMAL;
  const inner: Scope = { ...scope, file, source: module.source };
  machine.modules.set(file, inner);
  return machine.execute(module.body, inner);
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
