// Scans every server of the TLS lab and prints where the scan differs from the lab's truth.
// usage: bin/node scripts/tls-lab.ts LAB_DIRECTORY [NAME...]   exit 1 when anything differs
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../src/core/host.ts";
import type { TlsProtocol, TlsScan } from "../src/core/tls-scan.ts";
import { scanTls } from "../src/facts/tls/scan.ts";
import { createLocalHost } from "../src/host/local-host.ts";

/** An entry of the lab's truth.json. */
interface Truth {
  readonly name: string;
  readonly port: number;
  readonly cert: string | null;
  readonly suites?: Readonly<Partial<Record<TlsProtocol, readonly string[]>>>;
  readonly protocols?: readonly string[];
  readonly groups?: readonly string[];
  readonly serverOrder?: boolean;
  readonly tickets?: boolean;
  readonly secureReneg?: boolean;
  readonly clientReneg?: string;
  readonly clientCert?: string;
  readonly staple?: string;
  readonly alpn?: readonly string[];
  readonly dhBits?: number;
  readonly hsts?: number | null;
  readonly vuln?: readonly string[];
  readonly handshake?: string;
  readonly down?: boolean;
}

/** An ordinary server takes at most this many connections; the acted rate limiter may take more. */
const CONNECTIONS_MAX = 75;
const LAB_NAME = "lab.plimsoll.test";

/** What certificates of the lab are wrong in; none where not named. */
const CERTIFICATE_PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  expired: ["expired"],
  soon: ["expires-soon"],
  selfsigned: ["self-signed"],
  wronghost: ["name-mismatch"],
  incomplete: ["incomplete-chain"],
  withroot: ["root-sent"],
  sha1: ["weak-signature"],
  muststaple: ["must-staple-missing"],
  nosan: ["no-san"],
};

function differences(truth: Truth, scan: TlsScan): readonly string[] {
  const found: string[] = [];
  const compare = (what: string, wanted: unknown, got: unknown): void => {
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)) return;
    found.push(`${what}: ${JSON.stringify(got)}, truth ${JSON.stringify(wanted)}`);
  };
  if (truth.protocols === undefined) {
    compare("state is tls", false, scan.state === "tls");
    return found;
  }
  compare("state", "tls", scan.state);
  compare("protocols", truth.protocols.toSorted(), scan.protocols?.toSorted());
  compare("protocols unknown", [], scan.protocolsUnknown);
  compare("suites incomplete", {}, scan.suitesIncomplete);
  for (const [protocol, suites] of Object.entries(truth.suites ?? {})) {
    const got = scan.suites[protocol as TlsProtocol] ?? [];
    compare(`${protocol} suites`, suites.toSorted(), got.toSorted());
  }
  const hasChoice = Object.values(scan.suites).some((suites) => suites.length > 1);
  if (hasChoice) compare("server order", truth.serverOrder, scan.serverOrder);
  compare("groups", groupsOf(truth), scan.groups?.toSorted());
  compare("DH bits", truth.dhBits, scan.dhBits);
  compare("HSTS", truth.hsts === undefined ? undefined : (truth.hsts ?? 0), hstsOf(truth, scan));
  compare("staple", truth.staple, scan.staple);
  compare("ALPN", truth.alpn, scan.alpn);
  compare("tickets", truth.tickets, scan.tickets.isOffered);
  compare("secure renegotiation", truth.secureReneg, scan.secureRenegotiation);
  // Who is not let in cannot ask for another handshake.
  const isLetIn =
    truth.handshake === undefined && truth.clientCert?.startsWith("required") !== true;
  if (isLetIn) {
    compare("client renegotiation", truth.clientReneg?.split(" ")[0], scan.clientRenegotiation);
  }
  compare("client certificate", truth.clientCert?.split(";")[0], scan.clientCertificate);
  compare("vulnerable", truth.vuln?.toSorted(), vulnerabilitiesOf(scan));
  compareCertificates(truth, scan, compare);
  if (truth.name !== "rate-limited") {
    compare("at most 75 connections", true, scan.connections <= CONNECTIONS_MAX);
  }
  return found;
}

/** The truth leaves out elliptic curves that no suite can use. */
function groupsOf({ groups, suites }: Truth): readonly string[] | undefined {
  const names = Object.values(suites ?? {}).flat();
  const isUsed = names.some((name) => name.includes("_ECDHE_") || !name.includes("_WITH_"));
  return suites !== undefined && !isUsed ? undefined : groups?.toSorted();
}

/** Without a request there is no field to compare: legacy protocols and refused clients. */
function hstsOf(truth: Truth, { hstsSeconds }: TlsScan): unknown {
  return hstsSeconds ?? truth.hsts ?? 0;
}

function vulnerabilitiesOf({ vulnerabilities }: TlsScan): readonly string[] {
  return Object.entries(vulnerabilities)
    .filter(([, verdict]) => verdict === "vulnerable")
    .map(([name]) => name)
    .toSorted();
}

function compareCertificates(
  { cert }: Truth,
  { certificates }: TlsScan,
  compare: (what: string, wanted: unknown, got: unknown) => void,
): void {
  const names = (cert ?? "").split(",");
  compare("certificates", names.length, certificates?.length);
  const wanted = names.flatMap((name) => CERTIFICATE_PROBLEMS[name] ?? []).toSorted();
  const got = certificates?.flatMap(({ problems }) => problems).toSorted();
  compare("certificate problems", wanted, got);
}

/** Scans one server and prints what differs; returns how much does. */
async function compareServer(host: Host, truth: Truth, caPem: string): Promise<number> {
  const target = { host: "127.0.0.1", port: truth.port, sni: LAB_NAME, caPem };
  const signal = new AbortController().signal;
  const [scan] = await scanTls(host, target, { signal, nowMs: Date.now() });
  if (scan === undefined) return 0;
  const found = differences(truth, scan);
  const notes = scan.notes.length > 0 ? ` (${scan.notes.join("; ")})` : "";
  const state = scan.state === "tls" ? "" : ` ${scan.state}: ${scan.why}`;
  const cost = `${scan.connections} connections, ${scan.durationMs} ms`;
  console.log(`${found.length === 0 ? "ok" : "DIFFERS"} ${truth.name}: ${cost}${state}${notes}`);
  for (const difference of found) console.log(`    ${difference}`);
  return found.length;
}

async function main([lab = "/tmp/lab", ...names]: readonly string[]): Promise<void> {
  const truths: readonly Truth[] = JSON.parse(readFileSync(join(lab, "run/truth.json"), "utf8"));
  const caPem = readFileSync(join(lab, "run/certs/root.crt"), "utf8");
  const host = createLocalHost();
  let count = 0;
  for (const truth of truths) {
    if (names.length > 0 && !names.includes(truth.name)) continue;
    count += await compareServer(host, truth, caPem);
  }
  console.log(`${count} differences`);
  process.exitCode = count === 0 ? 0 : 1;
}

await main(process.argv.slice(2));
