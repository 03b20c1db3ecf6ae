import { createPublicKey } from "node:crypto";

/** Labels under which private keys stand in PEM files (RFC 7468, and OpenSSL's older forms). */
const LABEL = /-----BEGIN ((?:[A-Z0-9]{1,10} ){0,2}PRIVATE KEY)-----/;

/** The label of the first private key in a PEM text, `EC PRIVATE KEY`; `undefined` where there is none. */
export function privateKeyLabel(pem: string): string | undefined {
  return LABEL.exec(pem)?.[1];
}

/**
 * Whether the first private key in `pem` belongs to the public key `spki` (a whole SubjectPublicKeyInfo).
 * `undefined` where it cannot be told: no key, an encrypted one, a kind OpenSSL does not know.
 */
export function isPrivateKeyOf(pem: string, spki: Uint8Array): boolean | undefined {
  const begin = LABEL.exec(pem);
  if (begin === null) return undefined;
  const end = `-----END ${begin[1]}-----`;
  const to = pem.indexOf(end, begin.index);
  if (to < 0) return undefined;
  const block = pem.slice(begin.index, to + end.length);
  if (block.includes("ENCRYPTED")) return undefined;
  try {
    const own = createPublicKey(block).export({ format: "der", type: "spki" });
    return Buffer.compare(own, spki) === 0;
  } catch {
    // node:crypto throws for what it cannot read as a key.
    return undefined;
  }
}
