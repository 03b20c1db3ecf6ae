import type { Host } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import type { TlsScan } from "../../core/tls-scan.ts";
import { scanAddress } from "./scan-address.ts";
import { blankScan } from "./scan-report.ts";
import type { ScanOptions, ScanTarget } from "./scan-target.ts";

/** Addresses of one name that are scanned. */
export const ADDRESSES_MAX = 8;
/** Addresses that are scanned at once: each is a server of its own. */
const ADDRESSES_AT_ONCE = 2;

/** Where distributions keep the store: Debian, Fedora, SUSE, Alpine and BSD. */
const SYSTEM_STORES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;
/** A full store is 200 to 400 kB. */
const STORE_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Scans every address of the target, one result each, in the order the resolver gave. A name that does not
 * resolve is one result that says so. Throws `HostError` where connecting is not granted.
 */
export async function scanTls(
  host: Host,
  target: ScanTarget,
  options: ScanOptions,
): Promise<readonly TlsScan[]> {
  const found = await resolve(host, target);
  if (typeof found === "string") return [blankScan({ target }, "", "unreachable", found)];
  const systemRootsPem = await systemStoreOf(host);
  const scan = (address: string) =>
    scanAddress(
      { host, target, address, serverName: serverNameOf(target) },
      options,
      systemRootsPem,
    );
  const scans: TlsScan[] = [];
  for (let at = 0; at < found.length; at += ADDRESSES_AT_ONCE) {
    scans.push(...(await Promise.all(found.slice(at, at + ADDRESSES_AT_ONCE).map(scan))));
  }
  return compared(scans);
}

async function resolve(
  host: Host,
  { host: name, port }: ScanTarget,
): Promise<readonly string[] | string> {
  try {
    const found = await host.resolve(name, port);
    return found.length === 0 ? `${name}: no address` : [...new Set(found)].slice(0, ADDRESSES_MAX);
  } catch (error) {
    if (error instanceof HostError && error.code === "unreachable") return error.message;
    throw error;
  }
}

/** The name for SNI: no address, no final dot (RFC 6066 section 3). */
function serverNameOf({ host, sni }: ScanTarget): string | undefined {
  const name = (sni ?? host).replace(/\.$/, "");
  const isAddress = name.includes(":") || /^[\d.]+$/.test(name) || name === "";
  return isAddress ? undefined : name;
}

/** What each host's store reads: it is the same for every target. */
const stores = new WeakMap<Host, Promise<string | undefined>>();

function systemStoreOf(host: Host): Promise<string | undefined> {
  const reading = stores.get(host) ?? readSystemStore(host);
  stores.set(host, reading);
  return reading;
}

async function readSystemStore(host: Host): Promise<string | undefined> {
  for (const path of SYSTEM_STORES) {
    try {
      return await host.readFile(path, STORE_BYTES_MAX);
    } catch (error) {
      // Expected where the file is not there or not ours to read: trust is then `unknown`.
      if (!(error instanceof HostError)) throw error;
    }
  }
  return undefined;
}

/** Says on each result where its address differs from the first. */
function compared(scans: readonly TlsScan[]): readonly TlsScan[] {
  const [first, ...others] = scans;
  if (first === undefined) return scans;
  return [
    first,
    ...others.map((scan) => {
      const parts = differences(first, scan);
      if (parts.length === 0) return scan;
      const note = `differs from ${first.address} in ${parts.join(", ")}`;
      return { ...scan, notes: [...scan.notes, note] };
    }),
  ];
}

function differences(a: TlsScan, b: TlsScan): readonly string[] {
  const views: Readonly<Record<string, (scan: TlsScan) => unknown>> = {
    state: ({ state }) => state,
    protocols: ({ protocols }) => protocols,
    suites: ({ suites }) => Object.values(suites).map((names) => [...names].sort()),
    groups: ({ groups }) => groups?.toSorted(),
    certificates: ({ certificates }) =>
      certificates?.map(({ fingerprint256 }) => fingerprint256).toSorted(),
  };
  return Object.entries(views)
    .filter(([, view]) => JSON.stringify(view(a)) !== JSON.stringify(view(b)))
    .map(([name]) => name);
}
