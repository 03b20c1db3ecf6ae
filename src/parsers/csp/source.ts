import { parseIp } from "../address.ts";
import { didYouMean } from "../did-you-mean.ts";

/** Digest algorithms of hash sources, CSP3 section 2.3.1. */
export type CspHashAlgorithm = "sha256" | "sha384" | "sha512";

/** A source expression by its kind, CSP3 section 2.3.1 (W3C working draft, text of April 2026). */
export type CspExpression =
  | { readonly kind: "none" }
  /** In lower case with its quotes: `'self'`. */
  | { readonly kind: "keyword"; readonly keyword: string }
  | { readonly kind: "nonce"; readonly nonce: string }
  /** `digest` in standard base64, as browsers compare it. */
  | { readonly kind: "hash"; readonly algorithm: CspHashAlgorithm; readonly digest: string }
  | { readonly kind: "scheme"; readonly scheme: string }
  | { readonly kind: "any" }
  | CspHostExpression
  | { readonly kind: "invalid"; readonly reason: InvalidReason; readonly suggestion?: string };

export interface CspHostExpression {
  readonly kind: "host";
  /** In lower case, without the colon. */
  readonly scheme?: string;
  /** In lower case; `*` alone or `*.` in front of a name stands for any. */
  readonly host: string;
  /** Digits or `*`. */
  readonly port?: string;
  /** From the first slash; browsers ignore it after a redirect. */
  readonly path?: string;
  /** The host is an IP address. */
  readonly isIp?: true;
}

/** Why a browser ignores an expression. */
export type InvalidReason =
  | "unquoted-keyword"
  | "unknown-keyword"
  | "quoted-host"
  | "bad-nonce"
  | "bad-hash"
  | "query-or-fragment"
  | "ipv6"
  | "missing-scheme"
  | "syntax";

/** Keywords of CSP3 section 2.3.1 and of the Speculation Rules specification. */
export const CSP_KEYWORDS: readonly string[] = [
  "'self'",
  "'unsafe-inline'",
  "'unsafe-eval'",
  "'strict-dynamic'",
  "'unsafe-hashes'",
  "'report-sample'",
  "'unsafe-allow-redirects'",
  "'wasm-unsafe-eval'",
  "'trusted-types-eval'",
  "'report-sha256'",
  "'report-sha384'",
  "'report-sha512'",
  "'unsafe-webtransport-hashes'",
  "'inline-speculation-rules'",
];
const SCHEME = /^([a-z][a-z0-9+.-]*):$/i;
/** Browsers take an underscore in a host as well, which the grammar's host-char leaves out. */
const HOST =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::(\d+|\*))?(\/[^?#]*)?$/i;
const NONCE = /^'nonce-([a-z0-9+/_-]+={0,2})'$/i;
const HASH = /^'(sha256|sha384|sha512)-([a-z0-9+/_-]+={0,2})'$/i;
const UNQUOTED = new Set(["none", ...CSP_KEYWORDS.map((keyword) => keyword.slice(1, -1))]);

/** Classifies one expression; never throws. */
export function parseCspSource(text: string): CspExpression {
  if (text === "*") return { kind: "any" };
  const lower = text.toLowerCase();
  if (lower === "'none'") return { kind: "none" };
  if (CSP_KEYWORDS.includes(lower)) return { kind: "keyword", keyword: lower };
  if (text.startsWith("'") || text.endsWith("'")) return parseQuoted(text);
  if (UNQUOTED.has(lower)) return invalid("unquoted-keyword", `'${lower}'`);
  if (/^(?:nonce-[a-z0-9+/_=-]{8,}|sha(?:256|384|512)-[a-z0-9+/_=-]{40,})$/i.test(text))
    return invalid("unquoted-keyword", `'${text}'`);
  const scheme = SCHEME.exec(text)?.[1];
  if (scheme !== undefined) return { kind: "scheme", scheme: scheme.toLowerCase() };
  return parseHost(text);
}

function parseQuoted(text: string): CspExpression {
  const nonce = NONCE.exec(text)?.[1];
  if (nonce !== undefined) return { kind: "nonce", nonce };
  const hash = HASH.exec(text);
  if (hash !== null) {
    const algorithm = hash[1]?.toLowerCase() as CspHashAlgorithm; // The pattern lists exactly these.
    const digest = (hash[2] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return { kind: "hash", algorithm, digest };
  }
  const bare = text.replace(/^'|'$/g, "");
  if (/^nonce-/i.test(bare)) return invalid("bad-nonce");
  if (/^(?:sha\d+|md5)-/i.test(bare)) return invalid("bad-hash");
  const near = didYouMean(`'${bare.toLowerCase()}'`, [...CSP_KEYWORDS, "'none'"]);
  if (near !== undefined) return invalid("unknown-keyword", near);
  return bare.includes(".") || bare.includes(":")
    ? invalid("quoted-host", bare)
    : invalid("unknown-keyword");
}

function parseHost(text: string): CspExpression {
  const match = HOST.exec(text);
  if (match === null) return invalidHost(text);
  const [, scheme, host = "", port, path] = match;
  return {
    kind: "host",
    ...(scheme === undefined ? {} : { scheme: scheme.toLowerCase() }),
    host: host.toLowerCase(),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path }),
    ...(parseIp(host) === undefined ? {} : { isIp: true }),
  };
}

function invalidHost(text: string): CspExpression {
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/)?\[[0-9a-f:.]+\]/i.test(text)) return invalid("ipv6");
  if (text.startsWith("//")) return invalid("missing-scheme", text.slice(2));
  const cut = text.search(/[?#]/);
  if (cut > 0 && HOST.test(text.slice(0, cut)))
    return invalid("query-or-fragment", text.slice(0, cut));
  return invalid("syntax");
}

function invalid(reason: InvalidReason, suggestion?: string): CspExpression {
  return { kind: "invalid", reason, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Bytes of a digest. */
const DIGEST_BYTES: Readonly<Record<CspHashAlgorithm, number>> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** Whether a digest has the length of its algorithm; one of another length still switches 'unsafe-inline' off. */
export function isWholeDigest(algorithm: CspHashAlgorithm, digest: string): boolean {
  return Math.floor((digest.replace(/=+$/, "").length * 3) / 4) === DIGEST_BYTES[algorithm];
}
