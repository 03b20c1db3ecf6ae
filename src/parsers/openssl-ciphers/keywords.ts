import type { Encryption, OpensslSuite } from "./suites.ts";

/** What a word of a cipher list selects; a member left out selects any. */
export interface Selection {
  readonly keyExchange?: readonly OpensslSuite["keyExchange"][];
  readonly authentication?: readonly OpensslSuite["authentication"][];
  readonly encryption?: readonly Encryption[];
  readonly mac?: readonly OpensslSuite["mac"][];
  readonly minimum?: readonly OpensslSuite["minimum"][];
  readonly strength?: readonly OpensslSuite["strength"][];
  readonly isOutsideDefault?: true;
  readonly isExport?: true;
  /** One suite by its name; then nothing else counts. */
  readonly name?: string;
}

const AES128: readonly Encryption[] = ["AES128", "AESGCM128", "AESCCM128", "AESCCM8128"];
const AES256: readonly Encryption[] = ["AES256", "AESGCM256", "AESCCM256", "AESCCM8256"];
const CCM8: readonly Encryption[] = ["AESCCM8128", "AESCCM8256"];
const ARIA: readonly Encryption[] = ["ARIAGCM128", "ARIAGCM256"];
export const ENCRYPTED: readonly Encryption[] = [
  ...AES128,
  ...AES256,
  ...ARIA,
  ...(["CAMELLIA128", "CAMELLIA256", "CHACHA20"] as const),
  ...(["3DES", "DES", "RC4", "RC2", "IDEA", "SEED"] as const),
];
const NAMED: readonly OpensslSuite["authentication"][] = ["RSA", "DSS", "ECDSA", "PSK", "SRP"];

/** The aliases of OpenSSL (`cipher_aliases`, ciphers(1)) and those of 1.0.2 that later versions dropped. */
export const KEYWORDS: Readonly<Record<string, Selection>> = {
  ALL: { encryption: ENCRYPTED },
  COMPLEMENTOFALL: { encryption: ["NULL"] },
  COMPLEMENTOFDEFAULT: { isOutsideDefault: true },
  kRSA: { keyExchange: ["RSA"] },
  kEDH: { keyExchange: ["DHE"] },
  kDHE: { keyExchange: ["DHE"] },
  DH: { keyExchange: ["DHE"] },
  kEECDH: { keyExchange: ["ECDHE"] },
  kECDHE: { keyExchange: ["ECDHE"] },
  ECDH: { keyExchange: ["ECDHE"] },
  kPSK: { keyExchange: ["PSK"] },
  kRSAPSK: { keyExchange: ["RSAPSK"] },
  kDHEPSK: { keyExchange: ["DHEPSK"] },
  kECDHEPSK: { keyExchange: ["ECDHEPSK"] },
  kSRP: { keyExchange: ["SRP"] },
  SRP: { keyExchange: ["SRP"] },
  aRSA: { authentication: ["RSA"] },
  aDSS: { authentication: ["DSS"] },
  DSS: { authentication: ["DSS"] },
  aECDSA: { authentication: ["ECDSA"] },
  ECDSA: { authentication: ["ECDSA"] },
  aPSK: { authentication: ["PSK"] },
  aSRP: { authentication: ["SRP"] },
  aNULL: { authentication: ["NULL"] },
  EDH: { keyExchange: ["DHE"], authentication: NAMED },
  DHE: { keyExchange: ["DHE"], authentication: NAMED },
  EECDH: { keyExchange: ["ECDHE"], authentication: NAMED },
  ECDHE: { keyExchange: ["ECDHE"], authentication: NAMED },
  ADH: { keyExchange: ["DHE"], authentication: ["NULL"] },
  AECDH: { keyExchange: ["ECDHE"], authentication: ["NULL"] },
  RSA: { keyExchange: ["RSA"], authentication: ["RSA"] },
  PSK: { keyExchange: ["PSK", "RSAPSK", "DHEPSK", "ECDHEPSK"] },
  NULL: { encryption: ["NULL"] },
  eNULL: { encryption: ["NULL"] },
  "3DES": { encryption: ["3DES"] },
  DES: { encryption: ["DES"] },
  RC4: { encryption: ["RC4"] },
  RC2: { encryption: ["RC2"] },
  IDEA: { encryption: ["IDEA"] },
  SEED: { encryption: ["SEED"] },
  AES: { encryption: [...AES128, ...AES256] },
  AES128: { encryption: AES128 },
  AES256: { encryption: AES256 },
  AESGCM: { encryption: ["AESGCM128", "AESGCM256"] },
  AESCCM: { encryption: ["AESCCM128", "AESCCM256", ...CCM8] },
  AESCCM8: { encryption: CCM8 },
  CAMELLIA: { encryption: ["CAMELLIA128", "CAMELLIA256"] },
  CAMELLIA128: { encryption: ["CAMELLIA128"] },
  CAMELLIA256: { encryption: ["CAMELLIA256"] },
  CHACHA20: { encryption: ["CHACHA20"] },
  ARIA: { encryption: ARIA },
  ARIAGCM: { encryption: ARIA },
  ARIA128: { encryption: ["ARIAGCM128"] },
  ARIA256: { encryption: ["ARIAGCM256"] },
  MD5: { mac: ["MD5"] },
  SHA: { mac: ["SHA1"] },
  SHA1: { mac: ["SHA1"] },
  SHA256: { mac: ["SHA256"] },
  SHA384: { mac: ["SHA384"] },
  SSLv3: { minimum: ["SSLv3"] },
  TLSv1: { minimum: ["TLSv1"] },
  "TLSv1.0": { minimum: ["TLSv1"] },
  "TLSv1.2": { minimum: ["TLSv1.2"] },
  HIGH: { strength: ["HIGH"] },
  MEDIUM: { strength: ["MEDIUM"] },
  LOW: { strength: ["LOW"] },
  EXP: { isExport: true },
  EXPORT: { isExport: true },
  EXPORT40: { isExport: true },
};

/** Names OpenSSL takes for others of its own: the 3DES suites with ephemeral Diffie-Hellman. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  "EDH-DSS-DES-CBC3-SHA": "DHE-DSS-DES-CBC3-SHA",
  "EDH-RSA-DES-CBC3-SHA": "DHE-RSA-DES-CBC3-SHA",
};

/** Lists that stand for a whole string (RFC 6460); only as the first word. */
export const SUITE_B: Readonly<Record<string, string>> = {
  SUITEB128: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
  SUITEB128C2: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
  SUITEB128ONLY: "ECDHE-ECDSA-AES128-GCM-SHA256",
  SUITEB192: "ECDHE-ECDSA-AES256-GCM-SHA384",
};
