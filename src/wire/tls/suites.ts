import type { TlsProtocol } from "../../core/tls-scan.ts";
import { SUITE_NAME_RUNS } from "./suite-names.ts";

/** How the key is agreed on. `any` is TLS 1.3, where groups decide; `DHE` and `ECDHE` include anonymous. */
export type KeyExchange =
  | "RSA"
  | "DH"
  | "DHE"
  | "ECDH"
  | "ECDHE"
  | "PSK"
  | "RSA_PSK"
  | "DHE_PSK"
  | "ECDHE_PSK"
  | "SRP"
  | "KRB5"
  | "GOST"
  | "ECCPWD"
  | "NULL"
  | "any";

/** What the server proves itself with. `any` is TLS 1.3, where signature schemes decide. */
export type Authentication =
  | "RSA"
  | "DSS"
  | "ECDSA"
  | "anon"
  | "PSK"
  | "SRP"
  | "KRB5"
  | "GOST"
  | "ECCPWD"
  | "NULL"
  | "any";

export type CipherMode = "AEAD" | "CBC" | "STREAM" | "NULL";

/** A cipher suite and what its name says (RFC 5246 appendix C, RFC 8446 appendix B.4). */
export interface CipherSuite {
  readonly code: number;
  /** IANA's name; for the few never registered, the name implementations gave them. */
  readonly name: string;
  readonly keyExchange: KeyExchange;
  readonly authentication: Authentication;
  /** `AES_128`, `AES_128_GCM`, `AES_128_CCM_8`, `3DES_EDE`, `RC4`, `CHACHA20_POLY1305`, `NULL`. */
  readonly cipher: string;
  /** Effective key bits: 112 for 3DES, 56 for DES, 40 for most of export, 0 for NULL. */
  readonly bits: number;
  readonly mode: CipherMode;
  /** `MD5`, `SHA`, `SHA256`; `AEAD` where the cipher does it. */
  readonly mac: string;
  readonly isExport: boolean;
  /**
   * Oldest protocol servers speak it with. SSL 3.0 for all that need no TLS 1.2: implementations took
   * AES and elliptic curves back to it, although RFC 3268 and RFC 4492 begin at TLS 1.0.
   */
  readonly minimumProtocol: "SSLv3" | "TLSv1.2" | "TLSv1.3";
  readonly hasForwardSecrecy: boolean;
}

type Agreement = readonly [KeyExchange, Authentication];

/** What stands before `_WITH_`, without the export mark. */
const AGREEMENTS: Readonly<Record<string, Agreement>> = {
  NULL: ["NULL", "NULL"],
  RSA: ["RSA", "RSA"],
  RSA_FIPS: ["RSA", "RSA"],
  DH_DSS: ["DH", "DSS"],
  DH_RSA: ["DH", "RSA"],
  DHE_DSS: ["DHE", "DSS"],
  DHE_RSA: ["DHE", "RSA"],
  DH_anon: ["DHE", "anon"],
  KRB5: ["KRB5", "KRB5"],
  PSK: ["PSK", "PSK"],
  DHE_PSK: ["DHE_PSK", "PSK"],
  PSK_DHE: ["DHE_PSK", "PSK"],
  RSA_PSK: ["RSA_PSK", "RSA"],
  ECDHE_PSK: ["ECDHE_PSK", "PSK"],
  ECDH_ECDSA: ["ECDH", "ECDSA"],
  ECDHE_ECDSA: ["ECDHE", "ECDSA"],
  ECDH_RSA: ["ECDH", "RSA"],
  ECDHE_RSA: ["ECDHE", "RSA"],
  ECDH_anon: ["ECDHE", "anon"],
  SRP_SHA: ["SRP", "SRP"],
  SRP_SHA_RSA: ["SRP", "RSA"],
  SRP_SHA_DSS: ["SRP", "DSS"],
  ECCPWD: ["ECCPWD", "ECCPWD"],
  GOSTR341094: ["GOST", "GOST"],
  GOSTR341001: ["GOST", "GOST"],
  GOSTR341112_256: ["GOST", "GOST"],
};

const FORWARD_SECRET: ReadonlySet<KeyExchange> = new Set<KeyExchange>([
  "DHE",
  "ECDHE",
  "DHE_PSK",
  "ECDHE_PSK",
  "ECCPWD",
  "any",
]);

/** Signalling values that are in the registry and no suites (RFC 5746, RFC 7507). */
const SIGNALS: ReadonlySet<number> = new Set([0x00ff, 0x5600]);

/**
 * Never registered, met in old servers: draft-ietf-tls-56-bit-ciphersuites-01, Netscape's FIPS
 * suites, draft-chudov-cryptopro-cptls-04, draft-agl-tls-chacha20poly1305-00.
 */
const UNREGISTERED: readonly (readonly [number, string])[] = [
  [0x0060, "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5"],
  [0x0061, "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5"],
  [0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA"],
  [0x0063, "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA"],
  [0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA"],
  [0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA"],
  [0x0066, "TLS_DHE_DSS_WITH_RC4_128_SHA"],
  [0x0080, "TLS_GOSTR341094_WITH_28147_CNT_IMIT"],
  [0x0081, "TLS_GOSTR341001_WITH_28147_CNT_IMIT"],
  [0x0082, "TLS_GOSTR341094_WITH_NULL_GOSTR3411"],
  [0x0083, "TLS_GOSTR341001_WITH_NULL_GOSTR3411"],
  [0xcc13, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD"],
  [0xcc14, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256_OLD"],
  [0xcc15, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD"],
  [0xfefe, "SSL_RSA_FIPS_WITH_DES_CBC_SHA"],
  [0xfeff, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA"],
];

/** `TLS_`, or `SSL_` of two that were never registered. */
const PREFIX_LENGTH = 4;

/** By text: few are told from many names, at every start. */
const PROTECTIONS = new Map<string, Protection>();

const NAMES: readonly (readonly [number, string])[] = [
  ...SUITE_NAME_RUNS.flatMap(([first, names]) =>
    names.split(/\s+/).map((name, index): readonly [number, string] => [first + index, name]),
  ),
  ...UNREGISTERED,
].sort(([a], [b]) => a - b);

/** Every suite known by name, by rising code. */
export const CIPHER_SUITES: readonly CipherSuite[] = NAMES.filter(
  ([code]) => !SIGNALS.has(code),
).map(([code, name]) => suiteOf(code, name));

const BY_CODE: ReadonlyMap<number, CipherSuite> = new Map(
  CIPHER_SUITES.map((suite) => [suite.code, suite]),
);
const BY_NAME: ReadonlyMap<string, CipherSuite> = new Map(
  CIPHER_SUITES.map((suite) => [suite.name, suite]),
);

/** The suite of a code; `undefined` for signalling values, GREASE and what nobody defined. */
export function suiteByCode(code: number): CipherSuite | undefined {
  return BY_CODE.get(code);
}

/** The suite of an exact name. */
export function suiteByName(name: string): CipherSuite | undefined {
  return BY_NAME.get(name);
}

/** IANA's name, or `0xC0FE` for a code without one. */
export function suiteName(code: number): string {
  return BY_CODE.get(code)?.name ?? `0x${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Suites that may be met with a protocol: those of TLS 1.3 only there, the others below it. */
export function suitesFor(protocol: Exclude<TlsProtocol, "SSLv2">): readonly CipherSuite[] {
  return CIPHER_SUITES.filter(({ minimumProtocol, keyExchange }) => {
    if (keyExchange === "NULL") return false;
    if (protocol === "TLSv1.3") return minimumProtocol === "TLSv1.3";
    return minimumProtocol === "SSLv3" || minimumProtocol === protocol;
  });
}

function suiteOf(code: number, name: string): CipherSuite {
  const bare = name.slice(PREFIX_LENGTH);
  const [left = "", right] = bare.split("_WITH_");
  const protection = PROTECTIONS.get(right ?? bare) ?? protectionOf(right ?? bare);
  PROTECTIONS.set(right ?? bare, protection);
  const { cipher, bits, mode, mac } = protection;
  const isExport = left.includes("_EXPORT");
  const agreement = AGREEMENTS[isExport ? left.replace(/_EXPORT(?:1024)?$/, "") : left];
  const [keyExchange, authentication] = agreement ?? ["any", "any"];
  return {
    code,
    name,
    keyExchange,
    authentication,
    cipher,
    bits,
    mode,
    mac,
    isExport,
    minimumProtocol: minimumOf(code, keyExchange, protection),
    hasForwardSecrecy: FORWARD_SECRET.has(keyExchange),
  };
}

type Protection = Pick<CipherSuite, "cipher" | "bits" | "mode" | "mac">;

/** What stands after `_WITH_`: cipher, mode and hash. */
function protectionOf(text: string): Protection {
  const cbc = /^(.+?)_CBC(?:_(40|56))?_(MD5|SHA\d*)$/.exec(text);
  if (cbc !== null) {
    const [, cipher = "", shortened, mac = ""] = cbc;
    const bits = shortened === undefined ? bitsOf(cipher) : Number(shortened);
    return { cipher, bits, mode: "CBC", mac };
  }
  // TLS 1.3's SHA256_SHA256 and SHA384_SHA384 protect integrity alone (RFC 9150).
  const open = /^(?:NULL|(SHA\d+))_(.+)$/.exec(text);
  if (open !== null) return { cipher: "NULL", bits: 0, mode: "NULL", mac: open[2] ?? "" };
  const stream = /^(RC4)_(\d+)_(.+)$/.exec(text);
  if (stream !== null) {
    const [, cipher = "", bits, mac = ""] = stream;
    return { cipher, bits: Number(bits), mode: "STREAM", mac };
  }
  const gost = /^(28147|KUZNYECHIK|MAGMA)_(?:CNT|CTR)_(.+)$/.exec(text);
  if (gost !== null)
    return { cipher: gost[1] ?? "", bits: 256, mode: "STREAM", mac: gost[2] ?? "" };
  const cipher = text.replace(/_(?:SHA\d+|SM3)(?:_OLD)?$/, "");
  return { cipher, bits: bitsOf(cipher), mode: "AEAD", mac: "AEAD" };
}

function bitsOf(cipher: string): number {
  const known: Readonly<Record<string, number>> = { "3DES_EDE": 112, DES: 56, DES40: 40 };
  const [, size] = /_(128|256)/.exec(cipher) ?? [];
  if (size !== undefined) return Number(size);
  return known[cipher] ?? (/^(?:CHACHA20|KUZNYECHIK|MAGMA)/.test(cipher) ? 256 : 128);
}

/**
 * TLS 1.3's suites name no key exchange (RFC 8446 appendix B.4) but for GOST's (RFC 9367). AEAD and the
 * hashes of TLS 1.2 need TLS 1.2 (RFC 5246 appendix A.5, RFC 5288 section 4), the CBC suites with a
 * pre-shared key do not (RFC 5487 section 3), GOST 2012 does (RFC 9189).
 */
function minimumOf(
  code: number,
  keyExchange: KeyExchange,
  { cipher, mode, mac }: Protection,
): CipherSuite["minimumProtocol"] {
  if (keyExchange === "any" || cipher.includes("_MGM_")) return "TLSv1.3";
  if (mode === "AEAD" || (keyExchange === "GOST" && code >= 0xc100)) return "TLSv1.2";
  const isNewHash = mac === "SHA256" || mac === "SHA384";
  return isNewHash && !keyExchange.endsWith("PSK") ? "TLSv1.2" : "SSLv3";
}
