import { createHash, sign } from "node:crypto";

import { type ExampleKey, spkiOf } from "./certificate-example.ts";
import { readWhole } from "./der.ts";
import { type Der, der, oid } from "./der-example.ts";

/** What an example of an OCSP answer says (RFC 6960 section 4.2.1). */
export interface OcspRecipe {
  readonly serial: bigint;
  /** The issuer that is asked about. */
  readonly issuerName: Der;
  readonly issuerKey: ExampleKey;
  readonly signer: ExampleKey;
  readonly status?: "good" | "revoked" | "unknown";
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly certificates?: readonly Der[];
  readonly hash?: "sha1" | "sha256";
  /** Value of the extension that holds timestamps. */
  readonly scts?: Uint8Array;
}

const HASH_IDS = { sha1: "1.3.14.3.2.26", sha256: "2.16.840.1.101.3.4.2.1" } as const;
const STATUSES = {
  good: () => der.primitive(0, new Uint8Array(0)),
  revoked: (at: Date) => der.tagged(1, timeDer(at)),
  unknown: () => der.primitive(2, new Uint8Array(0)),
} as const;

function timeDer(time: Date): Der {
  return der.text(0x18, time.toISOString().replace(/\.\d+|[-:T]/g, ""));
}

/** An OCSPResponse with nothing but a status: 3 is tryLater. */
export function ocspErrorDer(status: number): Der {
  return der.sequence(der.wrap(0x0a, Uint8Array.of(status)));
}

/** A signed OCSPResponse, for tests; the signer's key is of a curve. */
export function exampleOcspDer(recipe: OcspRecipe): Der {
  const { thisUpdate, nextUpdate, status = "good", certificates = [], scts } = recipe;
  const { hash = "sha1", issuerKey, issuerName, serial, signer } = recipe;
  const digest = (bytes: Uint8Array) => der.octets(createHash(hash).update(bytes).digest());
  const [, keyBits] = readWhole(spkiOf(issuerKey)) ?? [];
  const id = der.sequence(
    der.sequence(oid(HASH_IDS[hash]), der.nothing()),
    digest(issuerName),
    digest(keyBits?.body.subarray(1) ?? new Uint8Array(0)),
    der.integer(serial),
  );
  const list = der.sequence(
    der.sequence(oid("1.3.6.1.4.1.11129.2.4.5"), der.octets(der.octets(scts ?? new Uint8Array(0)))),
  );
  const single = der.sequence(
    id,
    STATUSES[status](thisUpdate),
    timeDer(thisUpdate),
    ...(nextUpdate === undefined ? [] : [der.tagged(0, timeDer(nextUpdate))]),
    ...(scts === undefined ? [] : [der.tagged(1, list)]),
  );
  const data = der.sequence(der.tagged(1, issuerName), timeDer(thisUpdate), der.sequence(single));
  const basic = der.sequence(
    data,
    der.sequence(oid("1.2.840.10045.4.3.2")),
    der.bits(sign("sha256", data, signer.privateKey)),
    ...(certificates.length === 0 ? [] : [der.tagged(0, der.sequence(...certificates))]),
  );
  const answer = der.sequence(oid("1.3.6.1.5.5.7.48.1.1"), der.octets(basic));
  return der.sequence(der.wrap(0x0a, Uint8Array.of(0)), der.tagged(0, answer));
}
