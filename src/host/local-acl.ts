import type { RunResult } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { fileError } from "./file-error.ts";

const ACL_TIMEOUT_MS = 3_000;

type Run = (program: string, args: readonly string[], timeoutMs: number) => Promise<RunResult>;

/**
 * Extended access ACL entries of a path, links followed. Node has no call for them, so getfacl(1) is
 * asked; where it is missing, ls(1) marks with `+` that there are some, and only then it stays open.
 */
export async function readAcl(path: string, run: Run): Promise<readonly string[]> {
  try {
    const result = await run("getfacl", ["-cp", "--", path], ACL_TIMEOUT_MS);
    if (result.exit === 0) return extendedEntries(result.stdout);
    throw aclError(path, result.stderr);
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== "tool-missing") throw error;
    return withoutGetfacl(path, run, error);
  }
}

async function withoutGetfacl(path: string, run: Run, missing: HostError): Promise<readonly []> {
  // BusyBox's ls never prints the `+`; it refuses the long option, and so is not believed.
  const result = await run("ls", ["-ldL", "--quoting-style=c", "--", path], ACL_TIMEOUT_MS);
  if (result.stderr.includes("quoting-style")) throw missing;
  if (result.exit !== 0) throw aclError(path, result.stderr);
  const [modes = ""] = result.stdout.split(" ", 1);
  if (!modes.endsWith("+")) return [];
  throw new HostError("tool-missing", `${path} has an ACL, and getfacl is not installed`, {
    cause: missing,
    reason: "ENOENT",
  });
}

function aclError(path: string, stderr: string): HostError {
  if (stderr.includes("Permission denied")) return fileError("EACCES", path);
  if (stderr.includes("No such file")) return fileError("ENOENT", path);
  return new HostError("unsupported", `${path}: its ACL could not be read`);
}

const BASE_ENTRY = /^(?:user|group|other)::/;

/** Drops base entries, `default:` entries and `#effective:` remarks (getfacl(1)). */
export function extendedEntries(stdout: string): readonly string[] {
  return stdout
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .filter((line) => !BASE_ENTRY.test(line) && !line.startsWith("default:"));
}
