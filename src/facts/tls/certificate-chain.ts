import type { TlsCertificate, TlsScan } from "../../core/tls-scan.ts";
import {
  type Certificate,
  type CertificateReading,
  fingerprintOf,
  parseCertificate,
} from "../../wire/x509/certificate.ts";
import { countScts } from "../../wire/x509/extensions.ts";
import { canonicalAddress } from "./certificate-names.ts";
import {
  bestPath,
  type CertificatePath,
  isIssuedBy,
  isSelfIssued,
  signatureCheck,
} from "./certificate-path.ts";
import { type ChainFacts, problemsOf } from "./certificate-problems.ts";
import { readStaple, type Staple } from "./certificate-staple.ts";
import { trustStoreOf } from "./certificate-store.ts";
import { pathFaults } from "./path-faults.ts";

/** Certificates of one list that are looked at; a server that sends more is told so as `extra-certificate`. */
export const CHAIN_MAX = 100;

export interface ChainOptions {
  /** Every name the certificate must be for; empty leaves names out of the verdict. */
  readonly hostNames: readonly string[];
  readonly nowMs: number;
  /** The system's store as PEM text; `undefined` when it could not be read. */
  readonly systemRootsPem: string | undefined;
  /** The text of `--cacert`. */
  readonly caPem: string | undefined;
  readonly staple: Staple;
  /** SignedCertificateTimestampList that came in the handshake. */
  readonly scts?: Uint8Array | undefined;
  /** The suites' or protocols' side the chain was seen on. */
  readonly seenWith?: readonly string[];
}

/**
 * Everything that is to be said of the list of certificates a server sent, leaf first as it came, and
 * what the staple says of the leaf. Never throws: a leaf of broken DER is a certificate with the
 * problem `broken-der`.
 */
export function readChain(
  chainDer: readonly Uint8Array[],
  options: ChainOptions,
): { readonly certificate: TlsCertificate; readonly staple: TlsScan["staple"] } {
  const readings = chainDer.slice(0, CHAIN_MAX).map(parseCertificate);
  const [first] = readings;
  const seenWith = options.seenWith ?? [];
  if (first === undefined || !first.ok) {
    const staple = typeof options.staple === "string" ? options.staple : "unknown";
    return { certificate: brokenCertificate(first, readings, seenWith), staple };
  }
  const leaf = first.certificate;
  const store = trustStoreOf(options.systemRootsPem, options.caPem);
  const check = signatureCheck();
  const sent = readings.flatMap((reading) => (reading.ok ? [reading.certificate] : []));
  const faultsOf = (path: CertificatePath) => pathFaults(path, options.nowMs, check);
  const path = bestPath(leaf, sent, store, (each) => faultsOf(each).length, check);
  const faults = faultsOf(path);
  const issuer = path.certificates[1] ?? path.anchor?.certificate;
  const staple = readStaple(options.staple, leaf, issuer, options.nowMs);
  const facts: ChainFacts = {
    leaf,
    sent,
    path,
    faults,
    store,
    staple: staple.state,
    hasStaple: typeof options.staple !== "string",
    hostNames: options.hostNames,
    nowMs: options.nowMs,
    isBroken: readings.some(
      (reading) => !reading.ok || reading.certificate.extensions.broken.length > 0,
    ),
    isCut: chainDer.length > CHAIN_MAX,
    isExhausted: check.isExhausted,
    isIssued: (certificate, by) => isIssuedBy(certificate, by, check),
    isSelfSigned: (certificate) => check.isSigned(certificate, certificate),
  };
  const problems = problemsOf(facts);
  const trusted = trustOf(facts);
  const inHandshake = options.scts === undefined ? 0 : (countScts(options.scts) ?? 0);
  const scts = leaf.extensions.sctCount + inHandshake + staple.sctCount;
  const chain = readings.map(link);
  return {
    certificate: { ...shown(leaf), scts, trusted, problems, chain, seenWith },
    staple: staple.state,
  };
}

function trustOf({
  leaf,
  path,
  faults,
  staple,
  store,
  isExhausted,
  isSelfSigned,
}: ChainFacts): TlsCertificate["trusted"] {
  if (faults.length > 0 || staple === "revoked") return "no";
  if (path.anchor !== undefined) return path.anchor.from === "system" ? "yes" : "by-your-ca";
  if (isSelfIssued(leaf) && isSelfSigned(leaf)) return "no";
  return store.hasSystem && !isExhausted ? "no" : "unknown";
}

type Shown = Omit<TlsCertificate, "scts" | "trusted" | "problems" | "chain" | "seenWith">;

function shown(certificate: Certificate): Shown {
  const { publicKey, extensions } = certificate;
  return {
    keyType: publicKey.type,
    keyBits: publicKey.bits,
    ...(publicKey.curve !== undefined && { curve: publicKey.curve }),
    ...(publicKey.exponent !== undefined && { exponent: publicKey.exponent }),
    signature: certificate.signature.name,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serial,
    fingerprint256: certificate.fingerprint256,
    keyFingerprint256: fingerprintOf(publicKey.spki),
    names: [...extensions.dnsNames.map(shownDns), ...extensions.ipAddresses],
    notBefore: isoOf(certificate.notBeforeMs),
    notAfter: isoOf(certificate.notAfterMs),
    mustStaple: extensions.mustStaple,
  };
}

/** An address written as a DNS name matches nothing, and must not read like one that does. */
function shownDns(name: string): string {
  return canonicalAddress(name) === undefined ? name : `DNS:${name}`;
}

function link(reading: CertificateReading): TlsCertificate["chain"][number] {
  if (!reading.ok) {
    return {
      subject: `broken DER (${reading.part})`,
      issuer: "",
      notAfter: "",
      keyType: "other",
      keyBits: 0,
      signature: "",
    };
  }
  const { subject, issuer, notAfterMs, publicKey, signature } = reading.certificate;
  return {
    subject: subject.text,
    issuer: issuer.text,
    notAfter: isoOf(notAfterMs),
    keyType: publicKey.type,
    keyBits: publicKey.bits,
    signature: signature.name,
  };
}

function brokenCertificate(
  first: CertificateReading | undefined,
  readings: readonly CertificateReading[],
  seenWith: readonly string[],
): TlsCertificate {
  return {
    keyType: "other",
    keyBits: 0,
    signature: "",
    subject: "",
    issuer: "",
    serial: "",
    fingerprint256: first !== undefined && !first.ok ? first.fingerprint256 : "",
    names: [],
    notBefore: "",
    notAfter: "",
    trusted: "no",
    mustStaple: false,
    scts: 0,
    problems: ["broken-der"],
    chain: readings.map(link),
    seenWith,
  };
}

/** ISO 8601 in UTC without fractions. */
function isoOf(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
