import { TLS_PROTOCOLS, type TlsProtocol, type TlsScan } from "../core/tls-scan.ts";
import { describeSuite, type TlsSuite } from "../core/tls-suite.ts";
import { certificatesFor } from "./client-certificate.ts";
import type { ClientProfile } from "./client-profile.ts";
import { CLIENT_PROFILES } from "./client-profiles.ts";

/** What comes of one client's connection, computed from the scan: no connection is spent. */
export type ClientOutcome =
  | {
      readonly client: string;
      readonly state: "connects";
      readonly protocol: TlsProtocol;
      readonly suite: string;
      /**
       * Group of the key exchange; absent for RSA key exchange and for DHE with the server's own prime.
       * `x25519 or secp256r1` where the scan does not tell whose order counts.
       */
      readonly group?: string;
      readonly isForwardSecret: boolean;
      /** The server takes none of the client's key shares: one round trip more (HelloRetryRequest). */
      readonly needsRetry?: true;
    }
  | { readonly client: string; readonly state: "fails"; readonly because: string }
  | { readonly client: string; readonly state: "unknown"; readonly because: string };

/** Every client of the table, in its order. */
export function simulateClients(
  scan: TlsScan,
  clients: readonly ClientProfile[] = CLIENT_PROFILES,
): readonly ClientOutcome[] {
  return clients.map((profile) => ({ client: profile.name, ...simulate(scan, profile) }));
}

/** An outcome that does not say yet whose it is. */
type Outcome<T = ClientOutcome> = T extends ClientOutcome ? Omit<T, "client"> : never;

function fails(because: string): Outcome {
  return { state: "fails", because };
}

function unknown(because: string): Outcome {
  return { state: "unknown", because };
}

function simulate(scan: TlsScan, profile: ClientProfile): Outcome {
  const offered = scan.protocols;
  if (scan.state !== "tls" || offered === null) {
    return unknown("the server's protocols are not known");
  }
  const nameless = profile.sendsServerName ? undefined : withoutName(scan);
  if (nameless !== undefined) return nameless;
  const common = profile.protocols.filter((protocol) => offered.includes(protocol));
  const protocol = common.at(-1);
  const rank = (one: TlsProtocol | undefined) =>
    one === undefined ? -1 : TLS_PROTOCOLS.indexOf(one);
  const open = scan.protocolsUnknown.find(
    (one) => profile.protocols.includes(one) && rank(one) > rank(protocol),
  );
  if (open !== undefined) return unknown(`${open} got no answer`);
  if (protocol === undefined) return fails("no protocol in common");
  return protocol === "TLSv1.3" ? negotiate13(scan, profile) : negotiate(scan, profile, protocol);
}

/** What a client that sends no SNI meets. */
function withoutName({ sni }: TlsScan): Outcome | undefined {
  switch (sni.withoutName) {
    case "refused":
      return fails("sends no SNI, which the server asks for");
    case "other-certificate":
      return unknown("sends no SNI and so gets another server, which was not scanned");
    case "unknown":
      return unknown("sends no SNI, and what the server does without it got no answer");
    case "same":
      return undefined;
  }
}

/** The suites both have in the order that counts; both orders where the scan does not tell which. */
function orders(
  scan: TlsScan,
  { suites }: ClientProfile,
  protocol: TlsProtocol,
): readonly [readonly string[], ...(readonly string[])[]] {
  const server = scan.suites[protocol] ?? [];
  const mine = suites.filter((suite) => server.includes(suite));
  const theirs = server.filter((suite) => mine.includes(suite));
  if (scan.serverOrder === null) return [mine, theirs];
  return [scan.serverOrder ? theirs : mine];
}

function missingSuite({ suites, suitesIncomplete }: TlsScan, protocol: TlsProtocol): Outcome {
  const isOpen = suitesIncomplete[protocol] !== undefined || (suites[protocol] ?? []).length === 0;
  return isOpen
    ? unknown(`suites of ${protocol} are not all known`)
    : fails(`no ${protocol} suite in common`);
}

/** TLS 1.3: suite, group and certificate are chosen each for itself (RFC 8446 section 4.1.1). */
function negotiate13(scan: TlsScan, profile: ClientProfile): Outcome {
  const picks = orders(scan, profile, "TLSv1.3").map(([first]) => first);
  const [suite] = picks;
  if (suite === undefined) return missingSuite(scan, "TLSv1.3");
  if (picks.some((one) => one !== suite)) return unknown(ORDER_OPEN);
  if (scan.groups === null) return unknown("the server's groups are not known");
  // Without a share it takes, the server asks for another one (HelloRetryRequest).
  const shared = commonGroup(scan, profile.keyShares, isForTls13);
  const group = shared ?? commonGroup(scan, profile.groups, isForTls13);
  if (group === undefined) return fails("no group in common");
  const refusal = refusalOf(scan, profile, "TLSv1.3", "TLSv1.3");
  if (refusal !== undefined) return refusal;
  return {
    state: "connects",
    protocol: "TLSv1.3",
    suite,
    group,
    isForwardSecret: true,
    ...(shared === undefined && { needsRetry: true }),
  };
}

const ORDER_OPEN = "whose order of suites counts got no answer";

/** Up to TLS 1.2 the suite says which group and certificate it takes, so that each is tried in turn. */
function negotiate(scan: TlsScan, profile: ClientProfile, protocol: TlsProtocol): Outcome {
  const [first, ...others] = orders(scan, profile, protocol).map((suites) =>
    pick(scan, profile, protocol, suites),
  );
  if (first === undefined) return missingSuite(scan, protocol);
  const isTold = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return isTold ? first : unknown(ORDER_OPEN);
}

function pick(
  scan: TlsScan,
  profile: ClientProfile,
  protocol: TlsProtocol,
  names: readonly string[],
): Outcome {
  const reasons: string[] = [];
  for (const name of names) {
    const suite = describeSuite(name);
    const obstacle = obstacleOf(scan, profile, protocol, suite);
    if (obstacle === undefined) return settle(scan, profile, protocol, suite);
    reasons.push(obstacle);
  }
  const missing = missingSuite(scan, protocol);
  const [reason] = reasons;
  return missing.state === "unknown" || reason === undefined ? missing : fails(reason);
}

/** Why the server passes a suite over: it knows the client's groups and schemes. */
function obstacleOf(
  scan: TlsScan,
  profile: ClientProfile,
  protocol: TlsProtocol,
  { keyExchange, authentication }: TlsSuite,
): string | undefined {
  if (keyExchange === "ECDHE" && scan.groups !== null) {
    const group = commonGroup(scan, profile.groups, isForEcdhe);
    if (group === undefined) return "no group in common";
  }
  const isCertified = ["RSA", "ECDSA", "DSS"].includes(authentication);
  if (!isCertified || (scan.certificates ?? []).length === 0) return undefined;
  return certificatesFor(scan, profile, protocol, authentication).length === 0
    ? `no certificate whose key it can verify for ${authentication}`
    : undefined;
}

/** The suite is picked; a client that refuses its prime, key or signature only then breaks off. */
function settle(
  scan: TlsScan,
  profile: ClientProfile,
  protocol: TlsProtocol,
  suite: TlsSuite,
): Outcome {
  const { keyExchange, authentication } = suite;
  const refusal = refusalOf(scan, profile, protocol, authentication);
  if (refusal !== undefined) return refusal;
  const isSigned = suite.isForwardSecret && authentication !== "anon";
  const sha1 = authentication === "ECDSA" ? "ecdsa_sha1" : "rsa_pkcs1_sha1";
  if (isSigned && protocol !== "TLSv1.2" && !profile.signatures.includes(sha1)) {
    return fails(`refuses the SHA-1 signature of ${protocol}`);
  }
  if (keyExchange === "DHE") {
    const because = refusedPrime(scan, profile);
    if (because !== undefined) return fails(because);
  }
  const group = keyExchange === "ECDHE" ? commonGroup(scan, profile.groups, isForEcdhe) : undefined;
  return {
    state: "connects",
    protocol,
    suite: suite.name,
    ...(group !== undefined && { group }),
    isForwardSecret: suite.isForwardSecret,
  };
}

/**
 * The first of the client's groups that the server takes. A server with an order of its own may go by
 * that for groups too (OpenSSL in TLS 1.2, Go), so that both are named.
 */
function commonGroup(
  { groups, serverOrder }: TlsScan,
  offered: readonly string[],
  isUsable: (group: string) => boolean,
): string | undefined {
  const common = (groups ?? []).filter((one) => offered.includes(one) && isUsable(one));
  const theirs = common[0];
  const mine = offered.find((one) => common.includes(one));
  return serverOrder === false || mine === theirs ? mine : `${theirs} or ${mine}`;
}

/** Whatever certificate is shown, the client refuses it; unknown where it would take one of several. */
function refusalOf(
  scan: TlsScan,
  profile: ClientProfile,
  protocol: TlsProtocol,
  authentication: string,
): Outcome | undefined {
  if (authentication === "anon" || authentication === "PSK") return undefined;
  if ((scan.certificates ?? []).length === 0) return unknown("no certificate was seen");
  const shown = certificatesFor(scan, profile, protocol, authentication);
  const refused = shown.flatMap(({ because }) => (because === undefined ? [] : [because]));
  const [because] = refused;
  if (shown.length === 0) return fails("no certificate whose key it can verify");
  if (because === undefined) return undefined;
  return refused.length === shown.length
    ? fails(because)
    : unknown(`depends on the certificate it is shown: ${because}`);
}

function refusedPrime({ dhBits }: TlsScan, profile: ClientProfile): string | undefined {
  const { dhBitsMin, dhBitsMax = Number.POSITIVE_INFINITY } = profile;
  if (dhBits === undefined || (dhBits >= dhBitsMin && dhBits <= dhBitsMax)) return undefined;
  return `refuses DH parameters of ${dhBits} bits`;
}

/** Hybrids and finite fields belong to TLS 1.3; ECDHE of TLS 1.2 has curves only. */
function isForEcdhe(group: string): boolean {
  return !group.includes("MLKEM") && !group.startsWith("ffdhe") && !group.endsWith("tls13");
}

/** Binary curves and the first brainpool numbers are not for TLS 1.3 (RFC 8446 section 4.2.7). */
function isForTls13(group: string): boolean {
  return !/^(?:sect|secp256k1$|brainpoolP\d+r1$)/.test(group);
}
