import { readTlv } from "./der.ts";

/** Blocks read of one file: the system's store has about 150. */
const PEM_BLOCKS_MAX = 2_000;

/** What OpenSSL writes for certificates as well; a trusted one has its trust behind its DER. */
const OTHER_LABELS = /-----(BEGIN|END) (?:X509|TRUSTED) CERTIFICATE-----/g;

/** The DER of every PEM block of `label` in `text` (RFC 7468), in order; what is no base64 of DER is left out. */
export function parsePemBundle(bundle: string, label = "CERTIFICATE"): readonly Uint8Array[] {
  const text = bundle.replace(OTHER_LABELS, "-----$1 CERTIFICATE-----");
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: Uint8Array[] = [];
  let at = text.indexOf(begin);
  while (at >= 0 && blocks.length < PEM_BLOCKS_MAX) {
    const from = at + begin.length;
    const to = text.indexOf(end, from);
    if (to < 0) break;
    const der = decodeBase64(text.slice(from, to));
    if (der !== undefined) blocks.push(der);
    at = text.indexOf(begin, to);
  }
  return blocks;
}

function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/\s+/g, "");
  if (compact === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const der = new Uint8Array(Buffer.from(padded(compact), "base64"));
  return readTlv(der)?.whole;
}

function padded(text: string): string {
  const bare = text.replace(/=+$/, "");
  return bare.length % 4 === 1 ? "" : bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}
