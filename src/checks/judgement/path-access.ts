import { knownValue, type Problem } from "../../core/reading.ts";
import type { EnvFiles, PathAccess } from "../../facts/env-files.fact.ts";

/** One way a secret file, or the way to it, is open to others. */
export interface AccessFault {
  readonly rule:
    | "other-writable"
    | "ancestor-other-writable"
    | "world-readable"
    | "group-writable"
    | "executable"
    | "special-bits"
    | "unusual-mode"
    | "foreign-owner"
    | "broad-group"
    | "foreign-group"
    | "acl-grant"
    | "ancestor-group-writable";
  readonly status: "warn" | "fail";
  /** Continues a sentence that begins with the file's path. */
  readonly says: string;
  /** The directory that is at fault, when it is not the file itself. */
  readonly directory?: string;
  readonly aclEntry?: string;
}

export type Trusted = EnvFiles["trusted"];

/** Mode bits of POSIX `<sys/stat.h>`. */
const OTHER = { any: 0o007, read: 0o004, write: 0o002 } as const;
const GROUP = { any: 0o070, read: 0o040, write: 0o020, execute: 0o010 } as const;
const STICKY = 0o1000;
const SPECIAL = 0o7000;
/** Modes of a file that only its owner and the service group read (catalog env.file-permissions). */
const SOUND_MODES: ReadonlySet<number> = new Set([0o400, 0o440, 0o600, 0o640]);

/** Groups that every account is put into, by name and, where names do not resolve, by number. */
const BROAD_GROUPS: ReadonlySet<string> = new Set([
  "users",
  "staff",
  "everyone",
  "domain users",
  "nogroup",
  "nobody",
  "100",
]);
/** Groups under which web servers and application servers run by convention. */
const SERVICE_GROUPS: ReadonlySet<string> = new Set([
  "www-data",
  "www",
  "http",
  "httpd",
  "apache",
  "nginx",
  "caddy",
]);

/** `0640`, as chmod takes it. */
export function showMode(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** `mode 0640, root:svc`, with link target and ACL where there are. */
export function describeAccess(access: PathAccess): string {
  const { mode, owner, group, linkTarget } = access;
  const entries = knownValue(access.acl) ?? [];
  const acl = entries.length === 0 ? "" : `, ACL ${entries.join(" ")}`;
  const link = linkTarget === undefined ? "" : `, link to ${linkTarget}`;
  return `mode ${showMode(mode)}, ${owner}:${group}${acl}${link}`;
}

/** Every fault of a path; empty when only owner and service group can read it. */
export function accessFaults(access: PathAccess, trusted: Trusted): readonly AccessFault[] {
  if (access.hasNoModes) return [];
  return [
    ...otherFaults(access),
    ...groupFaults(access, trusted),
    ...modeFaults(access),
    ...ownerFaults(access, trusted),
    ...aclFaults(access, trusted),
    ...ancestorFaults(access, trusted),
  ];
}

/** Why the path cannot be judged although its modes were read; `undefined` where it can. */
export function openAccess({ acl, hasNoModes, mode }: PathAccess): Problem | undefined {
  if (hasNoModes) {
    const detail = "the file system keeps no modes, so they say nothing about who can read it";
    return { code: "unsupported", detail };
  }
  // With an ACL the group bits are its mask: none set, no named entry has an effect (acl(5)).
  if (acl.state !== "unknown" || (mode & GROUP.any) === 0) return undefined;
  const detail = `whether an ACL lets others read it cannot be told: ${acl.problem.detail}`;
  return { code: acl.problem.code, detail };
}

function otherFaults({ mode, ancestors }: PathAccess): readonly AccessFault[] {
  if ((mode & OTHER.write) !== 0) {
    const says = `has mode ${showMode(mode)}: every account can change it`;
    return [{ rule: "other-writable", status: "fail", says }];
  }
  if ((mode & OTHER.any) === 0) return [];
  const shield = ancestors.find((ancestor) => (ancestor.mode & OTHER.any) === 0);
  const but = shield === undefined ? "" : `, held back only by the directory ${shield.path}`;
  const what = (mode & OTHER.read) !== 0 ? "every account can read it" : "others have a bit on it";
  const says = `has mode ${showMode(mode)}: ${what}${but}`;
  return [{ rule: "world-readable", status: "warn", says }];
}

function groupFaults({ mode, owner, group }: PathAccess, trusted: Trusted): readonly AccessFault[] {
  const faults: AccessFault[] = [];
  if ((mode & GROUP.write) !== 0) {
    const says = `has mode ${showMode(mode)}: the group ${group} can change it`;
    faults.push({ rule: "group-writable", status: "warn", says });
  } else if ((mode & GROUP.execute) !== 0) {
    const says = `has mode ${showMode(mode)}, with a bit for execution by the group`;
    faults.push({ rule: "executable", status: "warn", says });
  }
  if ((mode & GROUP.read) === 0 || isServiceGroup(group, owner, trusted)) return faults;
  const isBroad = BROAD_GROUPS.has(group.toLowerCase());
  const says = isBroad
    ? `is readable by ${group}, a group that many accounts are in`
    : `is readable by the group ${group}, which is not the service's`;
  return [...faults, { rule: isBroad ? "broad-group" : "foreign-group", status: "warn", says }];
}

/** The service's group, root's, or the owner's private one (same name, or same number, as its owner). */
function isServiceGroup(group: string, owner: string, trusted: Trusted): boolean {
  if (trusted.groups.includes(group)) return true;
  if (BROAD_GROUPS.has(group.toLowerCase())) return false;
  return group === owner || SERVICE_GROUPS.has(group);
}

function modeFaults({ mode }: PathAccess): readonly AccessFault[] {
  const faults: AccessFault[] = [];
  if ((mode & SPECIAL) !== 0) {
    const says = `has mode ${showMode(mode)}, with setuid, setgid or sticky bit`;
    faults.push({ rule: "special-bits", status: "warn", says });
  }
  const bits = mode & 0o777;
  const isTold = (bits & (OTHER.any | GROUP.write | GROUP.execute)) !== 0;
  if (!isTold && !SOUND_MODES.has(bits)) {
    const says = `has the unusual mode ${showMode(mode)}`;
    faults.push({ rule: "unusual-mode", status: "warn", says });
  }
  return faults;
}

function ownerFaults({ owner }: PathAccess, trusted: Trusted): readonly AccessFault[] {
  if (trusted.owners.includes(owner)) return [];
  const says = `belongs to ${owner}, who is neither root nor the service's account`;
  return [{ rule: "foreign-owner", status: "warn", says }];
}

/** Named ACL entries under the mask (acl(5)); base entries and defaults grant nothing here. */
function aclFaults(access: PathAccess, trusted: Trusted): readonly AccessFault[] {
  const entries = (knownValue(access.acl) ?? []).map(parseAclEntry);
  const mask = entries.find((entry) => entry?.tag === "mask")?.permissions ?? groupBits(access);
  return entries.flatMap((entry): readonly AccessFault[] => {
    if (entry === undefined || entry.name === "") return [];
    const isTrusted =
      entry.tag === "user"
        ? trusted.owners.includes(entry.name)
        : trusted.groups.includes(entry.name);
    const effective = [...entry.permissions].filter((bit) => bit !== "-" && mask.includes(bit));
    if (isTrusted || effective.length === 0) return [];
    const says = `has an ACL entry that gives ${entry.tag} ${entry.name} ${effective.join("")}`;
    const aclEntry = `${entry.tag}:${entry.name}:${entry.permissions}`;
    return [{ rule: "acl-grant", status: "warn", says, aclEntry }];
  });
}

interface AclEntry {
  readonly tag: "user" | "group" | "mask";
  readonly name: string;
  readonly permissions: string;
}

function parseAclEntry(text: string): AclEntry | undefined {
  const match = /^(user|group|mask):([^:]*):([r-][w-][xX-])/.exec(text.trim());
  const [, tag, name = "", permissions = ""] = match ?? [];
  if (tag !== "user" && tag !== "group" && tag !== "mask") return undefined;
  return { tag, name, permissions };
}

function groupBits({ mode }: PathAccess): string {
  const bit = (flag: number, letter: string) => ((mode & flag) === 0 ? "-" : letter);
  return `${bit(GROUP.read, "r")}${bit(GROUP.write, "w")}${bit(GROUP.execute, "x")}`;
}

/** Who can write a directory can put another file in the place of this one, unless it is sticky. */
function ancestorFaults({ ancestors }: PathAccess, trusted: Trusted): readonly AccessFault[] {
  return ancestors.flatMap(({ path, mode, owner, group }): readonly AccessFault[] => {
    if ((mode & STICKY) !== 0) return [];
    const shown = `${path} (mode ${showMode(mode)}, ${owner}:${group})`;
    if ((mode & OTHER.write) !== 0) {
      const says = `can be replaced by every account, which may write ${shown}`;
      return [{ rule: "ancestor-other-writable", status: "fail", says, directory: path }];
    }
    if ((mode & GROUP.write) === 0 || isServiceGroup(group, owner, trusted)) return [];
    const says = `can be replaced by the group ${group}, which may write ${shown}`;
    return [{ rule: "ancestor-group-writable", status: "warn", says, directory: path }];
  });
}
