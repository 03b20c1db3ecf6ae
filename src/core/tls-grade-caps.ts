import type { KeyStrength } from "./tls-key-exchange.ts";
import type { TlsCertificate, TlsProtocol, TlsScan, TlsVulnerability } from "./tls-scan.ts";
import type { TlsSuite } from "./tls-suite.ts";

/** What is known of Strict-Transport-Security: seconds, `null` for no header, or not asked. */
export type HstsSeen = { readonly maxAgeSeconds: number } | null | "unknown";

/** What the scan's one HTTPS request told of the header. */
export function hstsOf({ hstsSeconds }: TlsScan): HstsSeen {
  if (hstsSeconds === undefined || hstsSeconds === null) return "unknown";
  return hstsSeconds === 0 ? null : { maxAgeSeconds: hstsSeconds };
}

/** A suite with the protocol it was accepted in. */
export interface AcceptedSuite extends TlsSuite {
  readonly protocol: TlsProtocol;
}

/** What the caps are judged on: the scan, its suites read, what its key exchange rests on. */
export interface GradedFacts {
  readonly scan: TlsScan;
  readonly protocols: readonly TlsProtocol[];
  readonly suites: readonly AcceptedSuite[];
  readonly certificates: readonly TlsCertificate[];
  /** What the key exchange rests on, never empty. */
  readonly strengths: readonly KeyStrength[];
  readonly hsts: HstsSeen;
}

/** The best grade that is left, and why. */
export interface GradeCap {
  readonly to: string;
  readonly because: string;
}

/** Every cap of the rating guide (2009q, 2009r) that applies, worst first. */
export function gradeCaps(facts: GradedFacts): readonly GradeCap[] {
  const caps = [
    ...certificateCaps(facts),
    ...strengthCaps(facts),
    ...protocolCaps(facts),
    ...suiteCaps(facts),
    ...weaknessCaps(facts),
  ];
  return caps.sort((a, b) => ORDER.indexOf(a.to) - ORDER.indexOf(b.to));
}

const ORDER = ["M", "T", "F", "C", "B", "A-"];

/** What keeps an A from being better than A-. */
export function gradeWarnings({ scan, protocols, hsts }: GradedFacts): readonly GradeCap[] {
  const reasons = [
    protocols.includes("TLSv1.3") ? undefined : "TLS 1.3 is not offered",
    lacksRenegotiation(scan) ? "secure renegotiation (RFC 5746) is not supported" : undefined,
    typeof hsts === "object" && hsts !== null && hsts.maxAgeSeconds <= 0
      ? "the HSTS header switches HSTS off"
      : undefined,
  ];
  return reasons.flatMap((because) => (because === undefined ? [] : [{ to: "A-", because }]));
}

function lacksRenegotiation(scan: GradedFacts["scan"]): boolean {
  return (
    scan.secureRenegotiation === false ||
    scan.vulnerabilities["no-secure-renegotiation"] === "vulnerable"
  );
}

const CERTIFICATE_CAPS: readonly (readonly [problem: string, to: string, because: string])[] = [
  ["name-mismatch", "M", "the certificate is for other names"],
  ["no-san", "M", "the certificate names no host"],
  ["self-signed", "T", "the certificate is self-signed"],
  ["untrusted", "T", "the certificate's issuer is not trusted"],
  ["expired", "T", "a certificate of the chain has expired"],
  ["not-yet-valid", "T", "a certificate of the chain is not valid yet"],
  ["revoked", "T", "the certificate is revoked"],
  ["invalid-issuer", "T", "the certificate is issued by what may not issue it"],
  ["name-constraints", "T", "the certificate's issuer may not certify its names"],
  ["unknown-critical", "T", "a certificate has a critical extension nobody knows"],
  ["wrong-eku", "T", "the certificate is not for servers"],
  // As the guide has keys of Debian's broken generator: whoever wants to can compute them.
  ["roca", "F", "the certificate's RSA key can be computed (ROCA, CVE-2017-15361)"],
  ["incomplete-chain", "B", "the chain is incomplete"],
];

function certificateCaps({ certificates, scan }: GradedFacts): readonly GradeCap[] {
  const caps = CERTIFICATE_CAPS.filter(([problem]) =>
    certificates.some(({ problems }) => problems.includes(problem)),
  ).map(([, to, because]) => ({ to, because }));
  // A chain nobody could read: no client can verify it either.
  const isBroken = certificates.some(({ trusted, problems }) => {
    return trusted === "no" && problems.includes("broken-der");
  });
  const isRevoked =
    scan.staple === "revoked" && caps.every(({ because }) => !because.endsWith("revoked"));
  return [
    ...caps,
    ...(isBroken ? [{ to: "T", because: "the certificate is broken DER" }] : []),
    ...(isRevoked ? [{ to: "T", because: "the certificate is revoked" }] : []),
    ...certificates.flatMap(signatureCaps).slice(0, 1),
  ];
}

/** MD2 and MD5 are F, SHA-1 is T (2009r); of what the server sent, roots left out. */
function signatureCaps({ problems, signature, chain }: TlsCertificate): readonly GradeCap[] {
  if (!problems.includes("weak-signature")) return [];
  const signatures = [
    signature,
    ...chain
      .slice(1)
      .filter(({ subject, issuer }) => subject !== issuer)
      .map((link) => link.signature),
  ];
  const old = signatures.find((name) => /md[245]/i.test(name));
  if (old !== undefined) return [{ to: "F", because: `a certificate is signed with ${old}` }];
  return [{ to: "T", because: "a certificate is signed with SHA-1" }];
}

function strengthCaps({ suites, strengths }: GradedFacts): readonly GradeCap[] {
  const weak = suites.find(({ bits }) => bits < 112);
  const caps: GradeCap[] = [];
  if (weak !== undefined) {
    caps.push({ to: "F", because: `${weak.name} has ${weak.bits} bits (under 112)` });
  }
  const among = (from: number, to: number) => {
    const found = strengths.filter(({ score }) => score >= from && score <= to);
    return [...new Set(found.map(({ what }) => what))].join(", ");
  };
  const broken = among(0, 40);
  const small = among(41, 80);
  if (broken !== "") caps.push({ to: "F", because: `key exchange under 1024 bits: ${broken}` });
  else if (small !== "") caps.push({ to: "B", because: `key exchange under 2048 bits: ${small}` });
  return caps;
}

function protocolCaps({ protocols, suites, scan }: GradedFacts): readonly GradeCap[] {
  const has = (...names: readonly string[]) =>
    protocols.some((protocol) => names.includes(protocol));
  const caps: GradeCap[] = [];
  if (has("SSLv2")) caps.push({ to: "F", because: "SSLv2 is offered" });
  else if (scan.vulnerabilities.drown === "vulnerable") {
    caps.push({ to: "F", because: "the key is also used where SSLv2 is offered (DROWN)" });
  }
  if (has("SSLv3")) caps.push(ssl3Cap({ protocols, suites }));
  if (!has("TLSv1.2", "TLSv1.3")) {
    caps.push({ to: "C", because: "neither TLS 1.2 nor 1.3 is offered" });
  }
  if (has("TLSv1", "TLSv1.1")) caps.push({ to: "B", because: "TLS 1.0 or 1.1 is offered" });
  return caps;
}

function ssl3Cap({ protocols, suites }: Pick<GradedFacts, "protocols" | "suites">): GradeCap {
  const isBest = protocols.every((protocol) => protocol === "SSLv2" || protocol === "SSLv3");
  if (isBest) return { to: "F", because: "SSLv3 is the best protocol" };
  const isPoodle = suites.some(({ protocol, isCbc }) => protocol === "SSLv3" && isCbc);
  return isPoodle
    ? { to: "C", because: "SSLv3 with CBC suites (POODLE)" }
    : { to: "B", because: "SSLv3 is offered" };
}

/** Protocols whose clients have better than RC4 and 3DES. */
const SINCE_TLS11: readonly string[] = ["TLSv1.1", "TLSv1.2"];

function suiteCaps({ suites }: GradedFacts): readonly GradeCap[] {
  if (suites.length === 0) return [];
  const caps: GradeCap[] = [];
  const rc4 = suites.filter(({ isRc4 }) => isRc4);
  if (rc4.length === suites.length) caps.push({ to: "F", because: "only RC4 suites are offered" });
  else if (rc4.some(({ protocol }) => SINCE_TLS11.includes(protocol))) {
    caps.push({ to: "C", because: "RC4 is offered with TLS 1.1 or higher" });
  } else if (rc4.length > 0) caps.push({ to: "B", because: "RC4 is offered" });
  const small = suites.find(
    ({ isSmallBlock, protocol }) => isSmallBlock && SINCE_TLS11.includes(protocol),
  );
  if (small !== undefined) {
    caps.push({
      to: "C",
      because: `${small.name} (64-bit block) is offered with TLS 1.1 or higher`,
    });
  }
  // Every suite of TLS 1.3 is, GOST's too (RFC 9367), whose names are of the older form.
  if (!suites.some(({ isForwardSecret, protocol }) => isForwardSecret || protocol === "TLSv1.3")) {
    caps.push({ to: "B", because: "no suite has forward secrecy" });
  }
  if (!suites.some(({ isAead }) => isAead)) caps.push({ to: "B", because: "no suite is AEAD" });
  return caps;
}

const WEAKNESS_CAPS: readonly (readonly [name: TlsVulnerability, to: string, because: string])[] = [
  ["heartbleed", "F", "Heartbleed"],
  ["ccs-injection", "F", "CCS injection (CVE-2014-0224)"],
  ["ticketbleed", "F", "Ticketbleed"],
  ["robot", "F", "ROBOT"],
  ["insecure-renegotiation", "F", "insecure client-initiated renegotiation"],
  ["crime", "C", "CRIME: TLS compression"],
];

function weaknessCaps({ scan }: GradedFacts): readonly GradeCap[] {
  return WEAKNESS_CAPS.filter(([name]) => scan.vulnerabilities[name] === "vulnerable").map(
    ([, to, because]) => ({ to, because }),
  );
}
