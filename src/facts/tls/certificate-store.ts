import { type Certificate, parseCertificate } from "../../wire/x509/certificate.ts";
import { parsePemBundle } from "../../wire/x509/pem.ts";

/** A certificate that is believed because somebody put it in a store. */
export interface Anchor {
  readonly certificate: Certificate;
  readonly from: "system" | "your-ca";
}

export interface TrustStore {
  /** By `DistinguishedName.key` of the subject. The operator's own come after the system's. */
  readonly bySubject: ReadonlyMap<string, readonly Anchor[]>;
  /** Organizations of the anchors, lower case. */
  readonly organizations: ReadonlySet<string>;
  /** The system's store could be read. */
  readonly hasSystem: boolean;
  /** The operator named certificates of their own. */
  readonly hasYourCa: boolean;
}

/** Whether the text holds a certificate that can be read: what `--cacert` is for. */
export function hasCertificate(pem: string): boolean {
  return anchorsOf(pem, "your-ca").length > 0;
}

/** The store of two PEM texts; `undefined` for one that could not be read or was not named. */
export function trustStoreOf(
  systemRootsPem: string | undefined,
  caPem: string | undefined,
): TrustStore {
  const system = anchorsOf(systemRootsPem, "system");
  const own = anchorsOf(caPem, "your-ca");
  const anchors = [...system, ...own];
  return {
    bySubject: Map.groupBy(anchors, ({ certificate }) => certificate.subject.key),
    organizations: new Set(
      anchors.flatMap(({ certificate: { subject } }) => subject.organization?.toLowerCase() ?? []),
    ),
    hasSystem: system.length > 0,
    hasYourCa: own.length > 0,
  };
}

/** The last store's text and anchors: every scan of a run is made with the same store, and it takes 20 ms to read. */
let lastRead: { readonly pem: string; readonly anchors: readonly Anchor[] } | undefined;

function anchorsOf(pem: string | undefined, from: Anchor["from"]): readonly Anchor[] {
  if (pem === undefined) return [];
  if (from === "system" && lastRead?.pem === pem) return lastRead.anchors;
  const anchors = parsePemBundle(pem).flatMap((der): readonly Anchor[] => {
    const reading = parseCertificate(der);
    return reading.ok ? [{ certificate: reading.certificate, from }] : [];
  });
  if (from === "system") lastRead = { pem, anchors };
  return anchors;
}
