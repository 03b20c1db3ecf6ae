import { readFile } from "node:fs/promises";
import { errnoOf } from "./file-error.ts";

/** Names of numeric user and group ids. */
export interface Accounts {
  user(uid: number): string;
  group(gid: number): string;
}

/**
 * Reads `/etc/passwd` and `/etc/group` (passwd(5), group(5)). Ids they do not name (LDAP, containers)
 * stay decimal. Of two names for one id the first counts, as in getpwuid(3).
 */
export async function readAccounts(): Promise<Accounts> {
  const [users, groups] = await Promise.all([readNames("/etc/passwd"), readNames("/etc/group")]);
  return {
    user: (uid) => users.get(uid) ?? String(uid),
    group: (gid) => groups.get(gid) ?? String(gid),
  };
}

async function readNames(path: string): Promise<ReadonlyMap<number, string>> {
  try {
    return parseNames(await readFile(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return new Map();
  }
}

/** `name:password:id:…` lines; anything else is skipped. */
export function parseNames(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    if (name !== "" && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}
