import { isIncluded } from "./included.ts";
import { type Flow, type Machine, NORMAL } from "./machine.ts";
import { runIncluded } from "./split-settings.ts";
import type { ImportFrom, Place, Statement } from "./syntax.ts";
import { NO_ORIGIN, type Scope, unknownValue, type Value } from "./value.ts";

function bind(scope: Scope, name: string, value: Value, { line, column }: Place): void {
  scope.bindings.set(name, { value, file: scope.file, line, column });
}

/** `import a.b as c`. */
export function importModules(
  machine: Machine,
  statement: Statement & { kind: "import" },
  scope: Scope,
): Flow {
  for (const { path, alias } of statement.names) {
    const [top = path] = path.split(".");
    const name = alias === undefined ? top : path;
    bind(scope, alias ?? top, moduleValue(machine, scope.file, 0, name), statement);
  }
  return NORMAL;
}

function moduleValue(machine: Machine, file: string, level: number, path: string): Value {
  const found = machine.project.resolve(file, level, path);
  const external: Value = { kind: "external", path: path || ".", origin: NO_ORIGIN };
  if (found === undefined) return external;
  const loaded = machine.load(found);
  if (loaded === undefined) return unknownValue(`${found} could not be read`);
  return { kind: "module", scope: loaded, origin: NO_ORIGIN };
}

/** `from a.b import c, d` and `from a import *`. */
export function importFrom(machine: Machine, statement: ImportFrom & Place, scope: Scope): Flow {
  const { level, path } = statement;
  const file = machine.project.resolve(scope.file, level, path);
  const isOwn = level > 0 || isOwnPackage(machine, scope.file, path);
  if (file === undefined && isOwn && (machine.tryDepth > 0 || statement.isStar)) {
    const hasNames = statement.names.some(
      (name) => machine.project.resolve(scope.file, level, join(path, name.path)) !== undefined,
    );
    if (!hasNames) return missing(machine, statement, scope);
  }
  if (statement.isStar) return importStar(machine, statement, file, scope);
  const module = file === undefined ? undefined : machine.load(file);
  for (const { path: name, alias } of statement.names) {
    const value =
      module?.bindings.get(name)?.value ?? submodule(machine, statement, scope, name, file);
    bind(scope, alias ?? name, value, statement);
  }
  return NORMAL;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** An absolute import whose first part is a directory or file of the project. */
function isOwnPackage(machine: Machine, file: string, path: string): boolean {
  const [top = ""] = path.split(".");
  return path.includes(".") && machine.project.resolve(file, 0, top) !== undefined;
}

function missing(machine: Machine, { line, path, level }: ImportFrom & Place, scope: Scope): Flow {
  const written = ".".repeat(level) + path;
  if (machine.tryDepth === 0 && scope.kind !== "function") {
    machine.problems.push({ file: scope.file, line, detail: `${written} is not in the directory` });
    return NORMAL;
  }
  const reason = `${written} is not in the directory`;
  return {
    kind: "raise",
    exception: "ModuleNotFoundError",
    reason,
    line,
    names: [],
    origin: NO_ORIGIN,
  };
}

function submodule(
  machine: Machine,
  { level, path }: ImportFrom,
  scope: Scope,
  name: string,
  file: string | undefined,
): Value {
  const found = machine.project.resolve(scope.file, level, join(path, name));
  if (found !== undefined && found !== file)
    return moduleValue(machine, scope.file, level, join(path, name));
  if (file !== undefined) return unknownValue(`${name} of ${file} is not known`);
  const written = level > 0 ? `${".".repeat(level)}${path}` : path;
  return { kind: "external", path: join(written, name), origin: NO_ORIGIN };
}

function importStar(
  machine: Machine,
  statement: ImportFrom & Place,
  file: string | undefined,
  scope: Scope,
): Flow {
  if (file === undefined || !isIncluded(statement))
    return importAll(machine, statement, file, scope);
  return runIncluded(machine, file, scope) ?? importAll(machine, statement, undefined, scope);
}

function importAll(
  machine: Machine,
  statement: ImportFrom & Place,
  file: string | undefined,
  scope: Scope,
): Flow {
  const module = file === undefined ? undefined : machine.load(file);
  if (module !== undefined) {
    for (const [name, binding] of module.bindings)
      if (!name.startsWith("_")) scope.bindings.set(name, binding);
    return NORMAL;
  }
  const { line, level, path } = statement;
  if (path === "django.conf.global_settings") return NORMAL;
  machine.openImports.push({ file: scope.file, line, path: ".".repeat(level) + path });
  if (file === undefined) return NORMAL;
  for (const [name, binding] of scope.bindings)
    if (/^[A-Z]/.test(name))
      scope.bindings.set(name, {
        ...binding,
        value: unknownValue(`${file} may set it again and could not be read`, [
          binding.value.origin,
        ]),
      });
  return NORMAL;
}
