import type { Machine } from "./machine.ts";
import { resolvePath } from "./operators.ts";
import {
  boolean,
  type CallArguments,
  mergeOrigins,
  type Origin,
  raises,
  text,
  unknownValue,
  type Value,
} from "./value.ts";

function pathOf(value: Value | undefined): string | undefined {
  if (value?.kind === "path") return value.path;
  return value?.kind === "text" ? value.text : undefined;
}

/** `pathlib.Path(...)` and `os.path.*`; `undefined` for anything else. */
export function callPathLibrary(
  machine: Machine,
  library: string,
  { positional }: CallArguments,
): Value | undefined {
  const origin = mergeOrigins(positional.map((value) => value.origin));
  const paths = positional.map(pathOf);
  const [path, ...parts] = paths;
  if (path === undefined || parts.includes(undefined)) return undefined;
  const joined = parts.reduce<string>((base, part) => resolvePath(base, part ?? ""), path);
  const asPath = (result: string): Value => ({ kind: "path", path: result, origin });
  switch (library) {
    case "pathlib.Path":
    case "pathlib.PurePath":
    case "pathlib.PosixPath":
    case "os.path.join":
    case "environ.Path":
      return asPath(joined);
    case "os.path.abspath":
    case "os.path.realpath":
    case "os.path.normpath":
    case "os.path.expanduser":
      return asPath(path);
    case "os.path.dirname":
      return asPath(resolvePath(path, ".."));
    case "os.path.basename":
      return text(path.slice(path.lastIndexOf("/") + 1), origin);
    case "os.path.exists":
    case "os.path.isfile":
    case "os.path.isdir":
    case "os.path.lexists":
      return existence(machine, path, origin);
    default:
      return undefined;
  }
}

/** A method of a `pathlib.Path`; `undefined` for one that is not worked out. */
export function pathMethod(
  machine: Machine,
  path: string,
  name: string,
  { positional }: CallArguments,
  origin: Origin,
): Value | undefined {
  switch (name) {
    case "resolve":
    case "absolute":
    case "expanduser":
      return { kind: "path", path, origin };
    case "joinpath": {
      const parts = positional.map(pathOf);
      if (parts.includes(undefined)) return undefined;
      const joined = parts.reduce<string>((base, part) => resolvePath(base, part ?? ""), path);
      return { kind: "path", path: joined, origin };
    }
    case "exists":
    case "is_file":
    case "is_dir":
      return existence(machine, path, origin);
    case "as_posix":
      return { kind: "path", path, origin };
    case "read_text":
    case "read_bytes":
    case "open":
      if (isWriting(positional[0])) return unknownValue("a file that is written", [origin]);
      return machine.project.exists(path) === false
        ? raises("FileNotFoundError", "the file does not exist", [origin])
        : unknownValue("it is read from a file", [origin]);
    default:
      return undefined;
  }
}

/** The mode of `open`: the file is made where it is missing. */
export function isWriting(mode: Value | undefined): boolean {
  return mode?.kind === "text" && /[wax]/.test(mode.text);
}

function existence(machine: Machine, path: string, origin: Origin): Value {
  const exists = machine.project.exists(path);
  return exists === undefined
    ? unknownValue("whether a file outside the project exists is not known", [origin])
    : boolean(exists, origin);
}
