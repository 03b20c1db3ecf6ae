import { constants, createHash, type KeyObject, sign } from "node:crypto";
import { readWhole } from "./der.ts";
import { type Der, der, oid } from "./der-example.ts";

/** A key with the octets that certificates have of it. */
export interface ExampleKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** How the example is signed: the algorithm's identifier and what node:crypto makes of it. */
interface Signing {
  readonly algorithm: Der;
  readonly hash: string | null;
  readonly isPss?: true;
}

const rsa = (hash: string, last: number): Signing => ({
  algorithm: der.sequence(oid(`1.2.840.113549.1.1.${last}`), der.nothing()),
  hash,
});
const ecdsa = (hash: string, arcs: string): Signing => ({
  algorithm: der.sequence(oid(`1.2.840.10045.4.${arcs}`)),
  hash,
});
const pss = (hash: string, arc: string, salt: number): Signing => {
  const id = der.sequence(oid(`2.16.840.1.101.3.4.2.${arc}`), der.nothing());
  const mask = der.sequence(oid("1.2.840.113549.1.1.8"), id);
  const parameters = der.sequence(
    der.tagged(0, id),
    der.tagged(1, mask),
    der.tagged(2, der.integer(BigInt(salt))),
  );
  return { algorithm: der.sequence(oid("1.2.840.113549.1.1.10"), parameters), hash, isPss: true };
};

/** Signatures an example may have, by the report's names. */
export const SIGNINGS = {
  md5WithRSAEncryption: rsa("md5", 4),
  sha1WithRSAEncryption: rsa("sha1", 5),
  sha256WithRSAEncryption: rsa("sha256", 11),
  sha384WithRSAEncryption: rsa("sha384", 12),
  sha512WithRSAEncryption: rsa("sha512", 13),
  "rsassaPss-SHA256": pss("sha256", "1", 32),
  "ecdsa-with-SHA1": ecdsa("sha1", "1"),
  "ecdsa-with-SHA256": ecdsa("sha256", "3.2"),
  "ecdsa-with-SHA384": ecdsa("sha384", "3.3"),
  "dsa-with-SHA256": { algorithm: der.sequence(oid("2.16.840.1.101.3.4.3.2")), hash: "sha256" },
  Ed25519: { algorithm: der.sequence(oid("1.3.101.112")), hash: null },
  Ed448: { algorithm: der.sequence(oid("1.3.101.113")), hash: null },
} as const satisfies Readonly<Record<string, Signing>>;

export type SigningName = keyof typeof SIGNINGS;

const USUAL: Readonly<Record<string, SigningName>> = {
  rsa: "sha256WithRSAEncryption",
  "rsa-pss": "rsassaPss-SHA256",
  ec: "ecdsa-with-SHA256",
  dsa: "dsa-with-SHA256",
  ed25519: "Ed25519",
  ed448: "Ed448",
};

/** What an example certificate says; everything may be wrong, that is what it is for. */
export interface CertificateRecipe {
  /** A common name, or the DER of a Name. */
  readonly subject: string | Der;
  readonly issuer: string | Der;
  readonly key: ExampleKey;
  readonly signer: ExampleKey;
  readonly notBefore: Date | Der;
  readonly notAfter: Date | Der;
  readonly extensions?: readonly Der[];
  readonly serial?: bigint | Der;
  readonly signing?: SigningName;
  /** What the signed part says of the algorithm, where that is another. */
  readonly innerSigning?: SigningName;
  /** 1 to 3; default 3. */
  readonly version?: number;
  /** Instead of the key's own SubjectPublicKeyInfo. */
  readonly spki?: Der;
}

let nextSerial = 0x1000n;

/** The DER of a certificate made by `recipe`, for tests. */
export function exampleCertificateDer(recipe: CertificateRecipe): Der {
  const name =
    recipe.signing ?? USUAL[recipe.signer.privateKey.asymmetricKeyType ?? ""] ?? "Ed25519";
  const signing: Signing = SIGNINGS[name];
  const inner: Signing = SIGNINGS[recipe.innerSigning ?? name];
  const { serial = nextSerial++, version = 3, extensions = [] } = recipe;
  const signed = der.sequence(
    ...(version === 1 ? [] : [der.tagged(0, der.integer(BigInt(version - 1)))]),
    typeof serial === "bigint" ? der.integer(serial) : serial,
    inner.algorithm,
    nameOf(recipe.issuer),
    der.sequence(timeOf(recipe.notBefore), timeOf(recipe.notAfter)),
    nameOf(recipe.subject),
    recipe.spki ?? spkiOf(recipe.key),
    ...(extensions.length === 0 ? [] : [der.tagged(3, der.sequence(...extensions))]),
  );
  return der.sequence(
    signed,
    signing.algorithm,
    der.bits(signedBy(signed, signing, recipe.signer)),
  );
}

/** The signature of `signed` by `signer`. */
function signedBy(signed: Der, { hash, isPss }: Signing, { privateKey }: ExampleKey): Uint8Array {
  const padding = isPss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  return sign(hash, signed, { key: privateKey, ...padding });
}

function nameOf(name: string | Der): Der {
  return typeof name === "string" ? nameDer(["2.5.4.3", name]) : name;
}

/** A Name of attributes, one to a set. */
export function nameDer(...attributes: readonly (readonly [type: string, value: string])[]): Der {
  const sets = attributes.map(([type, value]) =>
    der.set(der.sequence(oid(type), der.text(0x0c, value))),
  );
  return der.sequence(...sets);
}

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 section 4.1.2.5). */
function timeOf(time: Date | Der): Der {
  if (!(time instanceof Date)) return time;
  const digits = time.toISOString().replace(/\.\d+|[-:T]/g, "");
  return time.getUTCFullYear() < 2050 ? der.text(0x17, digits.slice(2)) : der.text(0x18, digits);
}

export function spkiOf({ publicKey }: ExampleKey): Der {
  return Uint8Array.from(publicKey.export({ format: "der", type: "spki" }));
}

/** SHA-1 of the key's BIT STRING (RFC 5280 section 4.2.1.2). */
export function keyIdOf(key: ExampleKey): Uint8Array {
  const [, bits] = readWhole(spkiOf(key)) ?? [];
  return createHash("sha1")
    .update(bits?.body.subarray(1) ?? new Uint8Array(0))
    .digest();
}

function extension(type: string, value: Der, isCritical = false): Der {
  const flag = isCritical ? [der.boolean(true)] : [];
  return der.sequence(oid(type), ...flag, der.octets(value));
}

/** Extensions of the examples, each as DER. */
export const extensionDer = {
  any: extension,
  names: (...names: readonly Der[]) => extension("2.5.29.17", der.sequence(...names)),
  constraints: (isCa: boolean, pathLength?: number) =>
    extension(
      "2.5.29.19",
      der.sequence(
        ...(isCa ? [der.boolean(true)] : []),
        ...(pathLength === undefined ? [] : [der.integer(BigInt(pathLength))]),
      ),
      true,
    ),
  /** `bits` as the first octet of the BIT STRING: 0x80 digitalSignature, 0x04 keyCertSign. */
  keyUsage: (bits: number) => extension("2.5.29.15", Uint8Array.of(3, 2, 0, bits), true),
  purposes: (...purposes: readonly string[]) =>
    extension("2.5.29.37", der.sequence(...purposes.map(oid))),
  keyId: (key: ExampleKey) => extension("2.5.29.14", der.octets(keyIdOf(key))),
  issuerKeyId: (key: ExampleKey) =>
    extension("2.5.29.35", der.sequence(der.primitive(0, keyIdOf(key)))),
  mustStaple: () => extension("1.3.6.1.5.5.7.1.24", der.sequence(der.integer(5n))),
  nameConstraints: (permitted: readonly Der[], excluded: readonly Der[], isCritical = true) => {
    const trees = (tag: number, names: readonly Der[]) =>
      names.length === 0 ? [] : [der.tagged(tag, ...names.map((name) => der.sequence(name)))];
    return extension(
      "2.5.29.30",
      der.sequence(...trees(0, permitted), ...trees(1, excluded)),
      isCritical,
    );
  },
} as const;

/** GeneralNames. */
export const generalName = {
  dns: (name: string) => der.primitive(2, Uint8Array.from(Buffer.from(name, "latin1"))),
  email: (name: string) => der.primitive(1, Uint8Array.from(Buffer.from(name, "latin1"))),
  uri: (name: string) => der.primitive(6, Uint8Array.from(Buffer.from(name, "latin1"))),
  address: (...octets: readonly number[]) => der.primitive(7, Uint8Array.from(octets)),
  directory: (name: Der) => der.tagged(4, name),
} as const;

/** PEM of one certificate. */
export function pemOf(certificate: Der): string {
  const lines =
    Buffer.from(certificate)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
