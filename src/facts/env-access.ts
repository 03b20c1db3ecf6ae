import type { CollectContext } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { type Mount, readMountTable } from "../core/mount-table.ts";
import { absent, HostError, known, type Reading, unknown } from "../core/reading.ts";
import { isMissing } from "./env-file-text.ts";
import type { Ancestor, PathAccess } from "./env-files.fact.ts";
import { isWithin, parentOf, resolvePath } from "./env-paths.ts";

type Context = Pick<CollectContext, "host" | "target" | "signal">;

/** Links followed one by one, as path_resolution(7) bounds them. */
const LINKS_MAX = 40;
export const MOUNTINFO_BYTES_MAX = 1_048_576;
/** File systems that keep no modes of their own (mount(8), uid= and umask= options). */
const NO_MODES: ReadonlySet<string> = new Set([
  "vfat",
  "msdos",
  "exfat",
  "ntfs",
  "ntfs3",
  "fuseblk",
  "cifs",
  "smb3",
  "vboxsf",
  "drvfs",
  "fuse.vmhgfs-fuse",
]);
/** Those that may or may not, as the server has it: only a constant 0777 tells. */
const MAYBE_NO_MODES: ReadonlySet<string> = new Set(["9p", "nfs", "nfs4", "virtiofs", "fuse"]);
const ALL_MODES = 0o777;

/** Modes, owners, ACL and ancestors of a file, links resolved. Unknown when stat was denied. */
export async function pathAccess(context: Context, path: string): Promise<Reading<PathAccess>> {
  try {
    const { host } = context;
    const { mode, owner, group } = await host.stat(path);
    const steps = await linkSteps(host, path);
    const ancestors = await ancestorsOf(context, steps);
    const target = steps.length > 1 ? await host.realPath(path) : undefined;
    return known({
      mode,
      owner,
      group,
      acl: await aclOf(context, path, mode),
      ancestors,
      ...(target === undefined ? {} : { linkTarget: target }),
      hasNoModes: await hasNoModes(context, target ?? path, mode, ancestors),
    });
  } catch (error) {
    if (isMissing(error)) return absent("there is no such file");
    if (!isExpected(error)) throw error;
    return unknown(error.code, error.message);
  }
}

function isExpected(error: unknown): error is HostError {
  return error instanceof HostError && error.code !== "interrupted" && error.code !== "timed-out";
}

/** Group bits of a file with an ACL are its mask: where they are empty no entry has any effect (acl(5)). */
const MASK_BITS = 0o070;

async function aclOf(
  { host, signal }: Context,
  path: string,
  mode: number,
): Promise<Reading<readonly string[]>> {
  if ((mode & MASK_BITS) === 0) return known([]);
  try {
    return known(await host.acl(path, signal));
  } catch (error) {
    if (!isExpected(error)) throw error;
    return unknown(error.code, error.message);
  }
}

/** The path and what each link on its last part leads to. */
async function linkSteps(host: Host, path: string): Promise<readonly string[]> {
  const steps = [path];
  let at = path;
  while (steps.length <= LINKS_MAX && (await host.lstat(at)).kind === "link") {
    at = resolvePath(parentOf(at), await host.readLink(at));
    steps.push(at);
  }
  return steps;
}

/** Every directory that contains a step, links resolved, innermost first and each once. */
async function ancestorsOf(
  { host, target }: Context,
  steps: readonly string[],
): Promise<readonly Ancestor[]> {
  const paths = new Set<string>();
  for (const step of steps) {
    for (const path of upwards(await host.realPath(parentOf(step)))) {
      // Without facts of the machine only what lies in the audited directory is known.
      if (target.hostFacts || isWithin(path, target.directory)) paths.add(path);
    }
  }
  const found: Ancestor[] = [];
  for (const path of paths) {
    const { mode, owner, group } = await host.stat(path);
    found.push({ path, mode, owner, group });
  }
  return found;
}

function upwards(path: string): readonly string[] {
  const paths = [path];
  for (let at = path; at !== "/"; ) {
    at = parentOf(at);
    paths.push(at);
  }
  return paths;
}

async function hasNoModes(
  { host, target }: Context,
  path: string,
  mode: number,
  ancestors: readonly Ancestor[],
): Promise<boolean> {
  if (!target.hostFacts) return false;
  const type = await fileSystemOf(host, path);
  if (type === undefined) return false;
  if (NO_MODES.has(type)) return true;
  const [directory] = ancestors;
  const isConstant =
    (mode & ALL_MODES) === ALL_MODES &&
    directory !== undefined &&
    (directory.mode & ALL_MODES) === ALL_MODES;
  return MAYBE_NO_MODES.has(type) && isConstant;
}

/** Type of the innermost mount that contains the path, from /proc/self/mountinfo (proc(5)). */
async function fileSystemOf(host: Host, path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await host.readFile("/proc/self/mountinfo", MOUNTINFO_BYTES_MAX);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return undefined;
  }
  return mountTypeOf(text, path);
}

/** Pure part of `fileSystemOf`. */
export function mountTypeOf(mountinfo: string, path: string): string | undefined {
  return mountOf(mountinfo, path)?.type;
}

/** What a path lies on: of mounts on one point the last one is on top. */
export function mountOf(mountinfo: string, path: string): Mount | undefined {
  let mount: Mount | undefined;
  for (const each of readMountTable(mountinfo)) {
    if (!isWithin(path, each.point) || each.point.length < (mount?.point.length ?? 0)) continue;
    mount = each;
  }
  return mount;
}
