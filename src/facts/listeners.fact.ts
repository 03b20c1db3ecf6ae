import { defineFact } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { known, knownValue, type Reading, unknown } from "../core/reading.ts";
import {
  type ProcSocket,
  type ProcUnixSocket,
  parseProcNet,
  parseProcNetUnix,
} from "../parsers/proc-net.ts";
import { attempt } from "./attempt.ts";
import { listPids, type ProcessEntry, processes, readUserNames } from "./processes.fact.ts";

/** One listening socket. */
export interface Listener {
  readonly proto: "tcp" | "udp" | "unix";
  /** As text: `127.0.0.1`, `::`, `*` (every address, family not told), a path for `unix`. */
  readonly address: string;
  readonly port: number;
  readonly pid?: number;
  /** Name or command of the owning process; absent when it cannot be told (needs root). */
  readonly command?: string;
  readonly user?: string;
  /** Only with `::`: whether IPv4 is accepted as well; absent when it cannot be told. */
  readonly isDualStack?: boolean;
}

/** Bytes of one table: 150 bytes a socket. */
const TABLE_BYTES_MAX = 32 * 1024 * 1024;
/** Descriptors looked at to find who owns a socket. */
export const DESCRIPTORS_MAX = 200_000;

export const listeners = defineFact({
  id: "listeners",
  title: "Listening sockets",
  access: "read",
  timeoutMs: 5_000,
  wants: { processes },
  async collect({ host, target, signal }, _facts, readings): Promise<Reading<readonly Listener[]>> {
    if (!target.hostFacts) return unknown("not-recorded", "listening sockets were not recorded");
    const read = (name: string) =>
      attempt(() => host.readFile(`/proc/net/${name}`, TABLE_BYTES_MAX));
    const [tcp, tcp6, unix] = await Promise.all([read("tcp"), read("tcp6"), read("unix")]);
    if (tcp.state === "unknown") return tcp;
    // Without tcp6 the kernel has no IPv6; one that may not be read could hide the very listener.
    if (tcp6.state === "unknown") return tcp6;
    if (tcp.state === "absent" && tcp6.state === "absent") {
      return unknown("unsupported", "there is no /proc/net/tcp");
    }
    const tables = {
      tcp: parseProcNet(knownValue(tcp) ?? ""),
      tcp6: parseProcNet(knownValue(tcp6) ?? ""),
      unix: parseProcNetUnix(knownValue(unix) ?? ""),
    };
    const inodes = Object.values(tables).flatMap((rows) => rows.map(({ inode }) => inode));
    const entries = knownValue(readings.processes) ?? [];
    const owners = await findOwners(host, inodes, await pidsByAge(host, entries), signal);
    return known(
      listenersOf(tables, { owners, processes: entries, users: await readUserNames(host) }),
    );
  },
});

/** The listeners of recorded tables in the form of `/proc/net/tcp` and `tcp6`, which do not tell the owners. */
export function listenersFromProcNet({
  tcp,
  tcp6,
}: {
  readonly tcp: string;
  readonly tcp6: string;
}): readonly Listener[] {
  const tables = { tcp: parseProcNet(tcp), tcp6: parseProcNet(tcp6), unix: [] };
  return listenersOf(tables, { owners: new Map(), processes: [], users: undefined });
}

interface Tables {
  readonly tcp: readonly ProcSocket[];
  readonly tcp6: readonly ProcSocket[];
  readonly unix: readonly ProcUnixSocket[];
}

interface Ownership {
  /** Socket inode to process. */
  readonly owners: ReadonlyMap<number, number>;
  readonly processes: readonly ProcessEntry[];
  /** Left out when the table is not this machine's: its ids name nobody here. */
  readonly users: ReadonlyMap<number, string> | undefined;
}

function listenersOf({ tcp, tcp6, unix }: Tables, ownership: Ownership): readonly Listener[] {
  const byPid = new Map(ownership.processes.map((entry) => [entry.pid, entry]));
  const ownerOf = (inode: number, uid?: number): Pick<Listener, "pid" | "command" | "user"> => {
    const pid = ownership.owners.get(inode);
    const entry = pid === undefined ? undefined : byPid.get(pid);
    const user = entry?.user ?? (uid === undefined ? undefined : ownership.users?.get(uid));
    return {
      ...(pid !== undefined && { pid }),
      ...(entry !== undefined && { command: entry.name }),
      ...(user !== undefined && { user }),
    };
  };
  const wildcards = new Set(
    tcp.filter(({ address }) => address === "0.0.0.0").map(({ port }) => port),
  );
  const inet = [...tcp, ...tcp6].map(
    ({ address, port, uid, inode }): Listener => ({
      proto: "tcp",
      address,
      port,
      ...ownerOf(inode, uid),
      // IPV6_V6ONLY is not in /proc/net. Two wildcard sockets on one port exclude each other, unless
      // the one for IPv6 takes IPv6 only (ipv6(7)).
      ...(address === "::" && wildcards.has(port) && { isDualStack: false }),
    }),
  );
  const local = unix.map(
    ({ path, inode }): Listener => ({
      proto: "unix",
      address: path,
      port: 0,
      ...ownerOf(inode),
    }),
  );
  return [...inet, ...local];
}

/** Oldest first: of the processes that share a socket the one that opened it. */
async function pidsByAge(host: Host, entries: readonly ProcessEntry[]): Promise<readonly number[]> {
  if (entries.length === 0) return knownValue(await listPids(host)) ?? [];
  return [...entries]
    .sort((a, b) => (a.startedMs ?? 0) - (b.startedMs ?? 0) || a.pid - b.pid)
    .map(({ pid }) => pid);
}

/** Looks for `socket:[inode]` among the descriptors; those of other users need root and are passed over. */
async function findOwners(
  host: Host,
  inodes: readonly number[],
  pids: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const wanted = new Set(inodes.filter((inode) => inode > 0));
  const owners = new Map<number, number>();
  let looked = 0;
  for (const pid of pids) {
    if (wanted.size === 0 || looked >= DESCRIPTORS_MAX) break;
    signal.throwIfAborted();
    const names = knownValue(await attempt(() => host.readDir(`/proc/${pid}/fd`))) ?? [];
    looked += names.length;
    for (const inode of await socketsOf(host, pid, names)) {
      if (wanted.delete(inode)) owners.set(inode, pid);
    }
  }
  return owners;
}

async function socketsOf(
  host: Host,
  pid: number,
  names: readonly string[],
): Promise<readonly number[]> {
  const links = await Promise.all(
    names.map((name) => attempt(() => host.readLink(`/proc/${pid}/fd/${name}`))),
  );
  return links
    .map((link) => /^socket:\[(\d+)\]$/.exec(knownValue(link) ?? "")?.[1])
    .filter((inode) => inode !== undefined)
    .map(Number);
}
