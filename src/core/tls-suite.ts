/**
 * What a cipher suite is made of, read off its IANA name. Every name of the registry follows
 * `TLS_<key exchange>_WITH_<cipher>_<hash>`, TLS 1.3 leaves the key exchange out, SSLv2 begins with
 * `SSL_CK_`.
 */
export interface TlsSuite {
  readonly name: string;
  readonly keyExchange: "RSA" | "DH" | "DHE" | "ECDH" | "ECDHE" | "PSK" | "other" | "TLSv1.3";
  readonly authentication: "RSA" | "ECDSA" | "DSS" | "PSK" | "anon" | "other" | "TLSv1.3";
  /** Bits of the cipher's key; 112 for 3DES, whose 168 hold no more; 0 for NULL. */
  readonly bits: number;
  readonly isForwardSecret: boolean;
  readonly isAead: boolean;
  readonly isCbc: boolean;
  readonly isExport: boolean;
  readonly isNull: boolean;
  readonly isRc4: boolean;
  /** Block of 64 bits: 3DES, DES, IDEA, RC2, GOST 28147 and Magma. */
  readonly isSmallBlock: boolean;
  /** MD5 as the record's MAC. */
  readonly isMd5: boolean;
}

/** Reads a suite's name; a name of no known form has `other` and 128 bits. */
export function describeSuite(name: string): TlsSuite {
  const { front, body } = splitName(name);
  const isExport = name.includes("EXPORT");
  const keyExchange = front === undefined ? "TLSv1.3" : keyExchangeOf(front);
  return {
    name,
    keyExchange,
    authentication: front === undefined ? "TLSv1.3" : authenticationOf(front),
    bits: isExport ? exportBits(name) : bitsOf(body),
    isForwardSecret: ["DHE", "ECDHE", "TLSv1.3"].includes(keyExchange),
    isAead: /GCM|CCM|CHACHA20|OCB|MGM/.test(body),
    isCbc: body.includes("_CBC"),
    isExport,
    isNull: NULL_CIPHER.test(body),
    isRc4: body.includes("RC4"),
    isSmallBlock: /DES|IDEA|RC2|28147|MAGMA/.test(body),
    isMd5: name.endsWith("_MD5"),
  };
}

/** NULL, and the integrity-only suites of RFC 9150 (`TLS_SHA256_SHA256`). */
const NULL_CIPHER = /^(?:NULL|SHA\d{3})(?:_|$)/;

/** `ECDHE_RSA` and `AES_128_GCM_SHA256`; no front for TLS 1.3. SSLv2 has the cipher first and RSA always. */
function splitName(name: string): { readonly front: string | undefined; readonly body: string } {
  const bare = name.replace(/^TLS_|^SSL_CK_|^SSL_/, "");
  const at = bare.indexOf("_WITH_");
  if (at < 0) return { front: undefined, body: bare };
  if (name.startsWith("SSL_CK_")) return { front: "RSA", body: bare.slice(0, at) };
  return { front: bare.slice(0, at), body: bare.slice(at + "_WITH_".length) };
}

function keyExchangeOf(front: string): TlsSuite["keyExchange"] {
  // RFC 6655 writes PSK_DHE for what RFC 4279 calls DHE_PSK.
  const [first = ""] = front.replace(/^PSK_DHE/, "DHE_PSK").split("_", 1);
  const isAnonymous = front.includes("anon");
  if (first === "DHE" || (first === "DH" && isAnonymous)) return isAnonymous ? "DH" : "DHE";
  switch (first) {
    case "ECDHE":
    case "ECCPWD":
      return "ECDHE";
    case "ECDH":
      return "ECDH";
    case "DH":
      return "DH";
    case "RSA":
      return "RSA";
    case "PSK":
      return "PSK";
    default:
      return "other";
  }
}

function authenticationOf(front: string): TlsSuite["authentication"] {
  if (/_anon/i.test(front)) return "anon";
  if (front.includes("ECDSA")) return "ECDSA";
  if (front.includes("DSS")) return "DSS";
  if (front.includes("PSK")) return "PSK";
  return front.includes("RSA") ? "RSA" : "other";
}

/** 40 bits by the export rules of 1992, 56 by those of 1998. */
function exportBits(name: string): number {
  return name.includes("EXPORT1024") ? 56 : 40;
}

/** In this order: the first that is found in the cipher's name. */
const STRENGTHS: readonly (readonly [part: RegExp, bits: number])[] = [
  [NULL_CIPHER, 0],
  [/_40(?:_|$)|DES40/, 40],
  [/3DES|DES_192_EDE3/, 112],
  [/^(?:RC4|RC2)_56|(?:^|_)DES_(?:64_)?CBC/, 56],
  [/256_(?!$)|_256$|CHACHA20|KUZNYECHIK|MAGMA|28147/, 256],
];

function bitsOf(cipher: string): number {
  const bare = cipher.replace(/_SHA(?:256|384|512)?$|_MD5$|_SM3$/, "");
  return STRENGTHS.find(([part]) => part.test(bare))?.[1] ?? 128;
}
