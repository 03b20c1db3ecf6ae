import type { OsvEntry, OsvIndex } from "./osv-index.ts";
import { isInSpans, ORDER, type OsvEcosystem } from "./osv-record.ts";
import { normalisedName, publicVersion } from "./pep440.ts";

/** A vulnerability of one version of one package. */
export interface OsvMatch {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Versions above this one that mend it, the lowest first. */
  readonly fixedIn: readonly string[];
  readonly severity?: string;
}

export interface OsvVerdict {
  readonly matches: readonly OsvMatch[];
  /** Ids of which it could not be told: the record, or the version, cannot be compared. */
  readonly unclear: readonly string[];
}

/** Everything the index holds against one version of a package, its name as written. */
export function matchOsv(
  index: OsvIndex,
  ecosystem: OsvEcosystem,
  name: string,
  written: string,
): OsvVerdict {
  const isPython = ecosystem === "PyPI";
  const entries = index.lookUp(ecosystem, isPython ? normalisedName(name) : name);
  const version = isPython ? publicVersion(written) : written;
  const matches: OsvMatch[] = [];
  const unclear: string[] = [];
  for (const entry of entries) {
    const says = judge(entry, ecosystem, version);
    if (says === "affected") matches.push(matchOf(entry, ecosystem, version));
    else if (says === "unclear") unclear.push(entry.id);
  }
  return { matches, unclear };
}

function judge(
  { affected }: OsvEntry,
  ecosystem: OsvEcosystem,
  version: string,
): "affected" | "unclear" | "free" {
  const order = ORDER[ecosystem];
  const isSame = (listed: string) => listed === version || order.compare(listed, version) === 0;
  const isAffected = affected.some(
    ({ spans, versions }) => isInSpans(order, spans, version) || versions.some(isSame),
  );
  if (isAffected) return "affected";
  // Where one database is clear about it, another's that is not takes nothing away.
  const isOpen =
    affected.every(({ isUnclear }) => isUnclear === true) ||
    (affected.some(({ spans }) => spans.length > 0) && !order.isVersion(version));
  return isOpen ? "unclear" : "free";
}

function matchOf(
  { id, aliases, severity, affected }: OsvEntry,
  ecosystem: OsvEcosystem,
  version: string,
): OsvMatch {
  const { compare } = ORDER[ecosystem];
  const fixedIn = [...new Set(affected.flatMap(({ fixed }) => fixed))]
    .filter((fixed) => (compare(fixed, version) ?? 1) > 0)
    .sort((a, b) => compare(a, b) ?? 0);
  return { id, aliases, fixedIn, ...(severity !== undefined && { severity }) };
}
