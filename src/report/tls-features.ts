import {
  TLS_VULNERABILITIES,
  type TlsScan,
  type TlsVerdict,
  type TlsVulnerability,
} from "../core/tls-scan.ts";
import type { TlsPage } from "./tls-layout.ts";

/** What the server does beside suites and certificates, one thing a line. */
export function featureSection(scan: TlsScan, page: TlsPage): readonly string[] {
  const { tickets, earlyData, alpn, sni } = scan;
  const lifetime =
    tickets.lifetimeSeconds === undefined ? "" : `, for ${tickets.lifetimeSeconds} s`;
  return [
    ...page.row("ALPN", alpn === null ? "unknown" : alpn.join(", ") || "none"),
    ...page.row("HSTS", hstsText(scan)),
    ...page.row("OCSP staple", scan.staple),
    ...page.row(
      "SNI",
      `without a name: ${SNI[sni.withoutName]}; wrong name: ${SNI[sni.wrongName]}`,
    ),
    ...page.row("Client cert", scan.clientCertificate),
    ...page.row("Tickets", `${told(tickets.isOffered)}${lifetime}`),
    ...page.row(
      "0-RTT",
      earlyData === null ? "unknown" : earlyData > 0 ? `up to ${earlyData} bytes` : "no",
    ),
    ...page.row(
      "Renegotiation",
      `secure (RFC 5746): ${told(scan.secureRenegotiation)}; by the client: ${scan.clientRenegotiation}`,
    ),
    ...page.row("Fallback SCSV", scan.fallbackScsv.replace("-", " ")),
  ];
}

const SNI: Readonly<Record<TlsScan["sni"]["withoutName"], string>> = {
  same: "the same certificate",
  "other-certificate": "another certificate",
  refused: "refused",
  unknown: "unknown",
};

function told(value: boolean | null): string {
  return value === null ? "unknown" : value ? "yes" : "no";
}

function hstsText({ hstsSeconds }: TlsScan): string {
  if (hstsSeconds === undefined || hstsSeconds === null) return "not asked: no HTTP was spoken";
  return hstsSeconds === 0 ? "none" : `max-age ${hstsSeconds} s`;
}

/** What each weakness lets an attacker do, or what it rests on. */
const WEAKNESS: Readonly<Record<TlsVulnerability, string>> = {
  "poodle-ssl": "SSLv3 with CBC suites gives cookies away byte by byte",
  drown: "SSLv2 answers, so that recorded TLS sessions of the same key can be decrypted",
  freak: "RSA export suites let an attacker force a 512-bit key",
  logjam: "DHE export suites, or a DH prime of 512 bits or less, can be broken at once",
  "logjam-common-prime":
    "a DH prime of 1024 bits or less that many servers share, broken once for all",
  rc4: "RC4 suites leak plaintext",
  null: "suites without encryption",
  anon: "suites without authentication: anyone can stand in between",
  beast: "CBC suites in TLS 1.0 or older",
  sweet32: "64-bit block ciphers collide in long sessions",
  crime: "TLS compression gives cookies away by length",
  breach: "a compressed page, one precondition of BREACH; the application decides the rest",
  heartbleed: "memory of the server, its key too, is sent to anyone (CVE-2014-0160)",
  "ccs-injection": "an early ChangeCipherSpec lets an attacker in between decrypt (CVE-2014-0224)",
  ticketbleed: "memory is sent to anyone who resumes a session (CVE-2016-9244)",
  robot: "answers differ by RSA padding, so that sessions can be decrypted",
  "no-secure-renegotiation": "RFC 5746 is not supported",
  "insecure-renegotiation": "a client can renegotiate without RFC 5746: requests can be spliced in",
};

/** What was found with why, what could not be told, and how many questions were answered well. */
export function weaknessSection(scan: TlsScan, page: TlsPage): readonly string[] {
  const { vulnerabilities } = scan;
  const named = (verdict: TlsVerdict) =>
    TLS_VULNERABILITIES.filter((name) => vulnerabilities[name] === verdict);
  const found = named("vulnerable");
  const open = named("unknown");
  const clear = named("not-vulnerable");
  const apart = named("not-applicable");
  const why =
    scan.clientCertificate === "required"
      ? "the server wants a client certificate before it answers"
      : "no answer that decides";
  return [
    ...found.flatMap((name, at) =>
      page.row(at === 0 ? "Weaknesses" : "", `${name}: ${WEAKNESS[name]}`, "red"),
    ),
    ...page.row(
      found.length === 0 ? "Weaknesses" : "",
      page.isVerbose
        ? `not vulnerable: ${clear.join(", ") || "none"}`
        : `${clear.length} asked and not found${found.length === 0 ? "" : " beside these"}`,
    ),
    ...(page.isVerbose && apart.length > 0
      ? page.row("", `not applicable: ${apart.join(", ")}`)
      : []),
    ...(open.length > 0 ? page.row("", `not told: ${open.join(", ")} (${why})`, "magenta") : []),
  ];
}
