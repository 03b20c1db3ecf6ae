import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 90;

/**
 * A self-signed certificate for loopback names (RFC 5280; ECDSA P-256 with SHA-256, RFC 5758), made
 * at run time so that the demo ships no key and never expires. Node can read certificates, not make them.
 */
export function selfSignedCertificate(name: string, nowMs: number): KeyAndCertificate {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const subject = sequence(
    tlv(0x31, sequence(Buffer.concat([oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(name))]))),
  );
  const body = sequence(
    Buffer.concat([
      tlv(0xa0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
      ecdsaWithSha256,
      subject,
      sequence(Buffer.concat([time(nowMs - DAY_MS), time(nowMs + VALID_DAYS * DAY_MS)])),
      subject,
      publicKeyInfo(privateKey),
      tlv(0xa3, sequence(subjectAlternativeName(name))),
    ]),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const der = sequence(Buffer.concat([body, ecdsaWithSha256, signature]));
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert: pem(der) };
}

function publicKeyInfo(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: "spki", format: "der" });
}

function subjectAlternativeName(name: string): Buffer {
  const names = sequence(tlv(0x82, Buffer.from(name)));
  return sequence(Buffer.concat([oid(0x55, 0x1d, 0x11), tlv(0x04, names)]));
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(content: Buffer): Buffer {
  return tlv(0x30, content);
}

function oid(...bytes: readonly number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes));
}

function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes);
}

/** GeneralizedTime, seconds precision. */
function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  return tlv(0x18, Buffer.from(`${text}Z`));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
