import { type ClientHello, clientHelloRecord, encodeClientHello } from "./client-hello.ts";
import { type ClientOffer, clientHelloFor } from "./client-offer.ts";
import { EXTENSION_TYPES, type Extension } from "./extensions.ts";
import { CONTENT_TYPES, encodeRecord } from "./records.ts";

/**
 * What a server must put up with in a hello, and some do not:
 *
 * - `grease`: suites, groups, versions and extensions it has never heard of (RFC 8701);
 * - `newer-version`: a client that could do more than it, which it answers with its own best version
 *   (RFC 5246 appendix E.1, RFC 8446 section 4.2.1);
 * - `medium-hello`: 256 to 511 bytes, on which F5 devices hang (RFC 7685 section 1);
 * - `long-hello`: more than 1,400 bytes, as a hybrid key share makes them.
 */
export const TOLERANCES = ["grease", "newer-version", "medium-hello", "long-hello"] as const;
export type Tolerance = (typeof TOLERANCES)[number];

const MEDIUM_BYTES = 400;
const LONG_BYTES = 1500;
/** No protocol has this number yet. */
const NEWER_VERSION = 0x0305;

/**
 * The record of a hello that differs from one the server is known to answer by nothing but what is to
 * be put up with, one thing or several at once. `offer` must not be for SSL 3.0, which has no extensions.
 */
export function toleranceHello(offer: ClientOffer, tolerances: readonly Tolerance[]): Uint8Array {
  const has = (tolerance: Tolerance): boolean => tolerances.includes(tolerance);
  const isNewer = has("newer-version");
  // TLS 1.3 names its versions in an extension, older ones in the hello's own field.
  const supportedVersions =
    isNewer && offer.version === "TLSv1.3"
      ? { supportedVersions: [NEWER_VERSION, ...(offer.supportedVersions ?? [0x0304])] }
      : {};
  const grease = has("grease") ? { grease: 10 } : {};
  const hello = clientHelloFor({ ...offer, ...supportedVersions, ...grease });
  const legacyVersion =
    isNewer && offer.version !== "TLSv1.3" ? NEWER_VERSION : hello.legacyVersion;
  const changed = { ...hello, legacyVersion };
  if (has("long-hello")) return filledRecord(changed, LONG_BYTES);
  return has("medium-hello") ? filledRecord(changed, MEDIUM_BYTES) : clientHelloRecord(changed);
}

/** The hello filled up to a length, unless it is longer already. */
function filledRecord(hello: ClientHello, bytes: number): Uint8Array {
  const missing = bytes - encodeClientHello(hello).length - 4;
  const padding: Extension = {
    type: EXTENSION_TYPES.padding,
    data: new Uint8Array(Math.max(0, missing)),
  };
  const extensions = [...(hello.extensions ?? []), padding];
  const message = encodeClientHello({ ...hello, extensions });
  return encodeRecord(CONTENT_TYPES.handshake, 0x0301, message);
}
