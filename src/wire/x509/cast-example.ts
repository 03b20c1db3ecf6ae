import { generateKeyPairSync } from "node:crypto";

import {
  type CertificateRecipe,
  type ExampleKey,
  exampleCertificateDer,
  extensionDer,
  generalName,
  nameDer,
} from "./certificate-example.ts";
import type { Der } from "./der-example.ts";

export const HOST = "shop.example.test";
export const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
export const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
export const ANY_PURPOSE = "2.5.29.37.0";
const DAY_MS = 86_400_000;

export const daysFromNow = (days: number) =>
  new Date(Math.floor((Date.now() + days * DAY_MS) / 1000) * 1000);

export const keys = {
  ec: (namedCurve = "P-256"): ExampleKey => generateKeyPairSync("ec", { namedCurve }),
  rsa: (modulusLength = 2048, publicExponent = 65_537): ExampleKey =>
    generateKeyPairSync("rsa", { modulusLength, publicExponent }),
};

/** A certificate with its key and what its children need to name it. */
export interface Member {
  readonly der: Der;
  readonly name: Der;
  readonly key: ExampleKey;
  readonly issuer?: Member;
}

type Change = Partial<Omit<CertificateRecipe, "subject" | "issuer" | "signer">>;

/** Makes a certificate `name` by `issuer`, or by itself where that is undefined. */
function member(
  name: Der,
  issuer: Member | undefined,
  extensions: (key: ExampleKey) => readonly Der[],
  change: Change,
): Member {
  const { key = keys.ec(), ...rest } = change;
  const signer = issuer?.key ?? key;
  const der = exampleCertificateDer({
    subject: name,
    issuer: issuer?.name ?? name,
    key,
    signer,
    notBefore: daysFromNow(-10),
    notAfter: daysFromNow(80),
    extensions: [...extensions(key), extensionDer.issuerKeyId(signer)],
    ...rest,
  });
  return { der, name, key, ...(issuer !== undefined && { issuer }) };
}

const named = (name: string) => nameDer(["2.5.4.10", "Test Org"], ["2.5.4.3", name]);

interface CaChange extends Change {
  readonly pathLength?: number;
  /** Instead of basicConstraints and key usage. */
  readonly says?: readonly Der[];
  /** Beside them. */
  readonly more?: readonly Der[];
}

/** A CA, with key usage and identifiers as RFC 5280 wants them. */
export function ca(name: string, issuer?: Member, change: CaChange = {}): Member {
  const { pathLength, says, more = [], ...rest } = change;
  const usual = [extensionDer.constraints(true, pathLength), extensionDer.keyUsage(0x06)];
  const extensions = (key: ExampleKey) => [...(says ?? usual), ...more, extensionDer.keyId(key)];
  const notAfter = daysFromNow(2_000);
  return member(named(name), issuer, extensions, { notAfter, ...rest });
}

interface LeafChange extends Change {
  readonly names?: readonly Der[];
  /** Instead of the extended key usage for servers. */
  readonly says?: readonly Der[];
  readonly subject?: Der;
}

/** A server's certificate for `HOST`. */
export function leaf(issuer: Member | undefined, change: LeafChange = {}): Member {
  const { names = [generalName.dns(HOST)], says, subject, ...rest } = change;
  const usual = [extensionDer.purposes(SERVER_AUTH)];
  const extensions = (key: ExampleKey) => [
    ...(names.length === 0 ? [] : [extensionDer.names(...names)]),
    extensionDer.constraints(false),
    ...(says ?? usual),
    extensionDer.keyId(key),
  ];
  return member(subject ?? nameDer(["2.5.4.3", "leaf"]), issuer, extensions, rest);
}

/** The same CA (name and key) with a certificate by another issuer: cross-signed. */
export function crossSigned(whose: Member, issuer: Member, change: CaChange = {}): Member {
  const { pathLength, says, more = [], ...rest } = change;
  const usual = [extensionDer.constraints(true, pathLength), extensionDer.keyUsage(0x06)];
  const extensions = () => [...(says ?? usual), ...more, extensionDer.keyId(whose.key)];
  return member(whose.name, issuer, extensions, {
    notAfter: daysFromNow(2_000),
    ...rest,
    key: whose.key,
  });
}
