import { byteCursor, soleVector, u16List } from "./byte-cursor.ts";
import { type Decoded, malformed } from "./decoded.ts";
import { EXTENSION_TYPES, type Extension, extensionData, readExtensions } from "./extensions.ts";
import { alpnName } from "./server-hello.ts";
import { VERSION_CODES } from "./versions.ts";

const TYPE = EXTENSION_TYPES;

/** EncryptedExtensions (RFC 8446 section 4.3.1). */
export interface EncryptedExtensions {
  readonly extensions: readonly Extension[];
  readonly alpn?: string;
  /** The server took the early data. */
  readonly acceptsEarlyData: boolean;
  /** Groups the server would have liked, its favourite first (RFC 8446 section 4.2.7). */
  readonly groups?: readonly number[];
}

/** What a server wants of a client's certificate (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4). */
export interface CertificateRequest {
  /** TLS 1.3 only, else empty. */
  readonly requestContext: Uint8Array;
  /** ClientCertificateType numbers; not in TLS 1.3. */
  readonly certificateTypes: readonly number[];
  /** TLS 1.2 and 1.3. */
  readonly signatureSchemes: readonly number[];
  /** DER of the distinguished names of authorities; empty for any. */
  readonly authorities: readonly Uint8Array[];
}

/** NewSessionTicket of TLS 1.2 (RFC 5077 section 3.3) or 1.3 (RFC 8446 section 4.6.1). */
export interface NewSessionTicket {
  readonly lifetimeSeconds: number;
  readonly ticket: Uint8Array;
  /** TLS 1.3 only, else 0 and empty. */
  readonly ageAdd: number;
  readonly nonce: Uint8Array;
  /** Bytes of 0-RTT data the ticket allows; 0 without the extension. */
  readonly maxEarlyDataBytes: number;
}

/** CertificateVerify of TLS 1.2 and 1.3 (RFC 8446 section 4.4.3). */
export interface CertificateVerify {
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** Most authorities read out of one CertificateRequest. */
export const AUTHORITIES_MAX = 4096;

/** Body of EncryptedExtensions. */
export function decodeEncryptedExtensions(body: Uint8Array): Decoded<EncryptedExtensions> {
  const cursor = byteCursor(body);
  const extensions = readExtensions(cursor);
  if (extensions === undefined || cursor.left > 0) {
    return malformed("EncryptedExtensions whose lengths do not add up");
  }
  const alpn = extensionData(extensions, TYPE.applicationLayerProtocolNegotiation);
  const groups = extensionData(extensions, TYPE.supportedGroups);
  const name = alpn === undefined ? undefined : alpnName(alpn);
  const codes = groups === undefined ? undefined : u16List(soleVector(groups, 2));
  if ((alpn !== undefined && name === undefined) || (groups !== undefined && codes === undefined)) {
    return malformed("EncryptedExtensions with a broken extension");
  }
  return {
    ok: true,
    value: {
      extensions,
      ...(name === undefined ? {} : { alpn: name }),
      acceptsEarlyData: extensionData(extensions, TYPE.earlyData) !== undefined,
      ...(codes === undefined ? {} : { groups: codes }),
    },
  };
}

/** Body of a CertificateRequest of any version; TLS 1.2 added the schemes. */
export function decodeCertificateRequest(
  body: Uint8Array,
  version: number,
): Decoded<CertificateRequest> {
  if (version >= VERSION_CODES["TLSv1.3"]) return decodeCertificateRequest13(body);
  const cursor = byteCursor(body);
  const certificateTypes = [...cursor.vector(1)];
  const schemes = version >= VERSION_CODES["TLSv1.2"] ? u16List(cursor.vector(2)) : [];
  const authorities = namesIn(cursor.vector(2));
  if (cursor.isBroken || cursor.left > 0 || schemes === undefined || authorities === undefined) {
    return malformed("a CertificateRequest whose lengths do not add up");
  }
  return {
    ok: true,
    value: {
      requestContext: new Uint8Array(0),
      certificateTypes,
      signatureSchemes: schemes,
      authorities,
    },
  };
}

function decodeCertificateRequest13(body: Uint8Array): Decoded<CertificateRequest> {
  const cursor = byteCursor(body);
  const requestContext = cursor.vector(1);
  const extensions = readExtensions(cursor);
  if (extensions === undefined || cursor.left > 0) {
    return malformed("a CertificateRequest whose lengths do not add up");
  }
  const schemeData = extensionData(extensions, TYPE.signatureAlgorithms);
  const nameData = extensionData(extensions, TYPE.certificateAuthorities);
  const schemes = schemeData === undefined ? [] : u16List(soleVector(schemeData, 2));
  const authorities = nameData === undefined ? [] : namesIn(soleVector(nameData, 2));
  if (schemes === undefined || authorities === undefined) {
    return malformed("a CertificateRequest with a broken extension");
  }
  return {
    ok: true,
    value: { requestContext, certificateTypes: [], signatureSchemes: schemes, authorities },
  };
}

/** Body of a NewSessionTicket up to TLS 1.2. */
export function decodeNewSessionTicket(body: Uint8Array): Decoded<NewSessionTicket> {
  const cursor = byteCursor(body);
  const lifetimeSeconds = cursor.u32();
  const ticket = cursor.vector(2);
  if (cursor.isBroken || cursor.left > 0) {
    return malformed("a NewSessionTicket whose lengths do not add up");
  }
  const nonce = new Uint8Array(0);
  return { ok: true, value: { lifetimeSeconds, ticket, ageAdd: 0, nonce, maxEarlyDataBytes: 0 } };
}

/** Body of a NewSessionTicket of TLS 1.3. */
export function decodeNewSessionTicket13(body: Uint8Array): Decoded<NewSessionTicket> {
  const cursor = byteCursor(body);
  const lifetimeSeconds = cursor.u32();
  const ageAdd = cursor.u32();
  const nonce = cursor.vector(1);
  const ticket = cursor.vector(2);
  const extensions = readExtensions(cursor);
  if (extensions === undefined || cursor.left > 0) {
    return malformed("a NewSessionTicket whose lengths do not add up");
  }
  const earlyData = extensionData(extensions, TYPE.earlyData);
  if (earlyData !== undefined && earlyData.length !== 4) {
    return malformed("a NewSessionTicket with a broken early_data");
  }
  const maxEarlyDataBytes = earlyData === undefined ? 0 : byteCursor(earlyData).u32();
  return { ok: true, value: { lifetimeSeconds, ticket, ageAdd, nonce, maxEarlyDataBytes } };
}

/** Body of a CertificateVerify of TLS 1.2 or 1.3. */
export function decodeCertificateVerify(body: Uint8Array): Decoded<CertificateVerify> {
  const cursor = byteCursor(body);
  const value = { scheme: cursor.u16(), signature: cursor.vector(2) };
  return cursor.isBroken || cursor.left > 0
    ? malformed("a CertificateVerify whose lengths do not add up")
    : { ok: true, value };
}

/** DistinguishedName list; `undefined` when lengths are wrong or it is too long. */
function namesIn(list: Uint8Array | undefined): readonly Uint8Array[] | undefined {
  if (list === undefined) return undefined;
  const cursor = byteCursor(list);
  const names: Uint8Array[] = [];
  while (cursor.left > 0) {
    if (names.length === AUTHORITIES_MAX) return undefined;
    names.push(cursor.vector(2));
  }
  return cursor.isBroken ? undefined : names;
}
