import type { Day } from "./expiry.ts";

export const ATTESTATION_SCHEMA = "plimsoll.attestation/1";

/** What a person states of a deployment, and signs. */
export interface AttestationStatement {
  /** What is attested: `pentest`, `respond.contacts`. */
  readonly item: string;
  /** The deployment it is about, by the name the operator gives it. */
  readonly deployment: string;
  /** The release or commit it is about; absent where it holds for every one. */
  readonly release?: string;
  /** Of `csp.staging-tested`: SHA-256 of the policy that was tested, hex. */
  readonly policy?: string;
  /** Version of the catalog that was gone through. */
  readonly catalog: string;
  /** What of it was covered; of a penetration test its areas. */
  readonly scope: readonly string[];
  /** Who says so, in their own words; who it was is told by the key. */
  readonly who: string;
  /** The day what is stated was done. */
  readonly performed: Day;
  /** When it was signed, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly madeAt: string;
  /** The last day it holds, to its end in UTC. */
  readonly expires: Day;
  /** Further particulars the item asks for: `tester`, `artefact`. */
  readonly details: Readonly<Record<string, string>>;
  readonly evidence: readonly AttestedEvidence[];
  /** The signer's public key: 32 bytes, base64. */
  readonly key: string;
}

/** A document that was looked at: a file by its hash, or an address. */
export type AttestedEvidence =
  | {
      readonly name: string;
      /** Hex. */
      readonly sha256: string;
      readonly sizeBytes: number;
      /** Where it lies inside the deployment, relative to it; absent for one that lies elsewhere. */
      readonly path?: string;
    }
  | { readonly url: string };

export interface Attestation {
  readonly statement: AttestationStatement;
  /** Ed25519 (RFC 8032) over `signedText(statement)` as UTF-8: 64 bytes, base64. */
  readonly signature: string;
}

/** A public key whose attestations count, with the name the operator gives it. */
export interface TrustedKey {
  /** 32 bytes, base64. */
  readonly key: string;
  readonly name: string;
}

/** What is signed: the schema, so that the signature serves for nothing else, then the statement in one written form. */
export function signedText(statement: AttestationStatement): string {
  return `${ATTESTATION_SCHEMA}\n${JSON.stringify(ordered(statement))}`;
}

/** The file of an attestation: the only text that is read as this one. */
export function attestationText({ statement, signature }: Attestation): string {
  const whole = { schema: ATTESTATION_SCHEMA, statement: ordered(statement), signature };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** The statement with its fields in the order in which they are written and signed. */
function ordered(statement: AttestationStatement): AttestationStatement {
  const { item, deployment, release, policy, catalog, scope, who } = statement;
  const { performed, madeAt, expires, details, evidence, key } = statement;
  return {
    ...{ item, deployment },
    ...(release !== undefined && { release }),
    ...(policy !== undefined && { policy }),
    ...{ catalog, scope, who, performed, madeAt, expires },
    details: Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1))),
    evidence: evidence.map(orderedEvidence),
    key,
  };
}

function orderedEvidence(evidence: AttestedEvidence): AttestedEvidence {
  if ("url" in evidence) return { url: evidence.url };
  const { name, sha256, sizeBytes, path } = evidence;
  return { name, sha256, sizeBytes, ...(path !== undefined && { path }) };
}
