import { type Certificate, parseCertificate, readSubject } from "../../wire/x509/certificate.ts";
import type { DistinguishedName } from "../../wire/x509/distinguished-name.ts";
import { parsePemBundle } from "../../wire/x509/pem.ts";

/** A certificate that is believed because somebody put it in a store. */
export interface Anchor {
  readonly certificate: Certificate;
  readonly from: "system" | "your-ca";
}

export interface TrustStore {
  /** Those of that `DistinguishedName.key` as their subject. The operator's own come after the system's. */
  anchorsNamed(subjectKey: string): readonly Anchor[];
  /** Whether an anchor is of that organization; letter case does not count. */
  hasOrganization(name: string): boolean;
  /** The system's store could be read. */
  readonly hasSystem: boolean;
  /** The operator named certificates of their own. */
  readonly hasYourCa: boolean;
}

/** Whether the text holds a certificate that can be read: what `--cacert` is for. */
export function hasCertificate(pem: string): boolean {
  return listOf(pem, "your-ca").some((entry) => entry.anchor() !== undefined);
}

/** The store of two PEM texts; `undefined` for one that could not be read or was not named. */
export function trustStoreOf(
  systemRootsPem: string | undefined,
  caPem: string | undefined,
): TrustStore {
  const system = listOf(systemRootsPem, "system");
  const own = listOf(caPem, "your-ca");
  const entries = [...system, ...own];
  const isReadable = (entry: Entry) => entry.anchor() !== undefined;
  return {
    anchorsNamed: (subjectKey) =>
      entries.flatMap((entry) => (entry.subject.key === subjectKey ? (entry.anchor() ?? []) : [])),
    hasOrganization: (name) => {
      const wanted = name.toLowerCase();
      return entries.some(
        (entry) => entry.subject.organization?.toLowerCase() === wanted && isReadable(entry),
      );
    },
    hasSystem: system.some(isReadable),
    hasYourCa: own.some(isReadable),
  };
}

/** A certificate of a store of which only the name was read. */
interface Entry {
  readonly subject: DistinguishedName;
  /** Reads the rest once it is asked for; `undefined` for what is no certificate beyond its name. */
  anchor(): Anchor | undefined;
}

/** The last store's text and entries: every scan of a run is made with the same store. */
let lastRead: { readonly pem: string; readonly entries: readonly Entry[] } | undefined;

/** Of some 140 roots a chain needs one: reading all of them whole takes 20 ms, their names a few. */
function listOf(pem: string | undefined, from: Anchor["from"]): readonly Entry[] {
  if (pem === undefined) return [];
  if (from === "system" && lastRead?.pem === pem) return lastRead.entries;
  const entries = parsePemBundle(pem).flatMap((der) => entryOf(der, from));
  if (from === "system") lastRead = { pem, entries };
  return entries;
}

function entryOf(der: Uint8Array, from: Anchor["from"]): readonly Entry[] {
  const subject = readSubject(der);
  if (subject === undefined) return [];
  let anchor: Anchor | undefined;
  let isRead = false;
  const readAnchor = () => {
    if (isRead) return anchor;
    isRead = true;
    const reading = parseCertificate(der);
    if (reading.ok) anchor = { certificate: reading.certificate, from };
    return anchor;
  };
  return [{ subject, anchor: readAnchor }];
}
