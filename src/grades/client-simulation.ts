import { TLS_PROTOCOLS, type TlsProtocol, type TlsScan } from "../core/tls-scan.ts";
import { describeSuite, type TlsSuite } from "../core/tls-suite.ts";
import { CLIENT_PROFILES, type ClientProfile } from "./client-profiles.ts";

/** What comes of one client's connection, computed from the scan: no connection is spent. */
export type ClientOutcome =
  | {
      readonly client: string;
      readonly state: "connects";
      readonly protocol: TlsProtocol;
      readonly suite: string;
      /** Group of the key exchange; absent for RSA key exchange and for DHE with the server's own prime. */
      readonly group?: string;
      readonly isForwardSecret: boolean;
    }
  | { readonly client: string; readonly state: "fails"; readonly because: string }
  | { readonly client: string; readonly state: "unknown"; readonly because: string };

/** Every client of the table, in its order. */
export function simulateClients(
  scan: TlsScan,
  clients: readonly ClientProfile[] = CLIENT_PROFILES,
): readonly ClientOutcome[] {
  return clients.map((profile) => simulate(scan, profile));
}

function simulate(scan: TlsScan, profile: ClientProfile): ClientOutcome {
  const client = profile.name;
  const offered = scan.protocols;
  if (scan.state !== "tls" || offered === null) {
    return { client, state: "unknown", because: "the server's protocols are not known" };
  }
  const common = profile.protocols.filter((protocol) => offered.includes(protocol));
  const protocol = common.at(-1);
  const rank = (one: TlsProtocol | undefined) =>
    one === undefined ? -1 : TLS_PROTOCOLS.indexOf(one);
  const open = scan.protocolsUnknown.find(
    (one) => profile.protocols.includes(one) && rank(one) > rank(protocol),
  );
  if (open !== undefined) return { client, state: "unknown", because: `${open} got no answer` };
  if (protocol === undefined) return { client, state: "fails", because: "no protocol in common" };
  return negotiate(scan, profile, protocol);
}

function negotiate(scan: TlsScan, profile: ClientProfile, protocol: TlsProtocol): ClientOutcome {
  const client = profile.name;
  const server = scan.suites[protocol] ?? [];
  const mine = profile.suites.filter((suite) => server.includes(suite));
  const theirs = server.filter((suite) => mine.includes(suite));
  const ordered = scan.serverOrder === true ? theirs : mine;
  const judged = ordered.map((name) => fitOf(scan, profile, describeSuite(name)));
  const chosen = judged.find((fit) => fit.isUsable);
  if (chosen === undefined) {
    const isOpen = scan.suitesIncomplete[protocol] !== undefined || server.length === 0;
    if (isOpen)
      return { client, state: "unknown", because: `suites of ${protocol} are not all known` };
    const because = judged.find((fit) => fit.because !== undefined)?.because;
    return { client, state: "fails", because: because ?? `no ${protocol} suite in common` };
  }
  const { suite, group, because } = chosen;
  // The server picks the suite; a client that refuses its prime or key only then breaks off.
  if (because !== undefined) return { client, state: "fails", because };
  return {
    client,
    state: "connects",
    protocol,
    suite: suite.name,
    ...(group !== undefined && { group }),
    isForwardSecret: suite.isForwardSecret,
  };
}

interface Fit {
  readonly suite: TlsSuite;
  /** The server can pick it: a group in common where it needs one. */
  readonly isUsable: boolean;
  readonly group?: string;
  /** Why the handshake fails, with or without this suite being picked. */
  readonly because?: string;
}

function fitOf(scan: TlsScan, profile: ClientProfile, suite: TlsSuite): Fit {
  const weak = refusedModulus(scan, profile, suite);
  const because = weak === undefined ? {} : { because: weak };
  const needsGroup = suite.keyExchange === "ECDHE" || suite.keyExchange === "TLSv1.3";
  if (!needsGroup || scan.groups === null) return { suite, isUsable: true, ...because };
  const { groups } = scan;
  const group = profile.groups.find(
    (one) => groups.includes(one) && (suite.keyExchange === "TLSv1.3" || isForEcdhe(one)),
  );
  if (group === undefined) return { suite, isUsable: false, because: "no group in common" };
  return { suite, isUsable: true, group, ...because };
}

/** Hybrids and finite fields belong to TLS 1.3; ECDHE of TLS 1.2 has curves only. */
function isForEcdhe(group: string): boolean {
  return !group.includes("MLKEM") && !group.startsWith("ffdhe");
}

function refusedModulus(
  scan: TlsScan,
  { modulusBitsMin }: ClientProfile,
  { keyExchange, authentication }: TlsSuite,
): string | undefined {
  const { dhBits } = scan;
  if (keyExchange === "DHE" && dhBits !== undefined && dhBits < modulusBitsMin) {
    return `refuses DH parameters of ${dhBits} bits`;
  }
  const rsa = (scan.certificates ?? []).filter(({ keyType }) => keyType === "RSA");
  const small = rsa.find(({ keyBits }) => keyBits < modulusBitsMin);
  return authentication === "RSA" && small !== undefined
    ? `refuses an RSA key of ${small.keyBits} bits`
    : undefined;
}
