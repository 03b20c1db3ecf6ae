import type { CollectContext } from "../core/fact.ts";
import { known, type Reading, unknown } from "../core/reading.ts";
import { type OsvIndex, openOsvIndex } from "../parsers/dependencies/osv-index.ts";
import { matchOsv } from "../parsers/dependencies/osv-match.ts";
import type { OsvEcosystem } from "../parsers/dependencies/osv-record.ts";
import { normalisedName } from "../parsers/dependencies/pep440.ts";
import { attempt } from "./attempt.ts";
import type { AuditResult, AuditRun } from "./dependency-audit.fact.ts";
import type { Manifests } from "./dependency-manifests.ts";
import type { Pin, Pins } from "./dependency-pin.ts";
import { pinsOf } from "./dependency-pins.ts";
import { resolveFrom, shownPath } from "./target-path.ts";

/** All of npm's advisories, reports of malware included, make some 60 MB. */
export const INDEX_BYTES_MAX = 256 * 1_048_576;
/** Where an index is looked for when the operator names none. */
const INDEX_PATH = ".plimsoll/osv.idx";
/** Vulnerabilities of one ecosystem that are kept. */
const VULNERABILITIES_MAX = 2_000;
const DAY_MS = 86_400_000;

/** The deployment's own versions held against an index of advisories; nothing is run, nothing asked. */
export async function indexRuns(
  context: CollectContext,
  manifests: Manifests,
): Promise<readonly AuditRun[]> {
  const asked = ecosystemsOf(manifests);
  if (asked.length === 0) return [];
  const index = await readIndex(context);
  if (index.state === "absent") return [];
  const runs: AuditRun[] = [];
  for (const [ecosystem, word] of asked) {
    const tool = `OSV index (${word})`;
    if (index.state === "unknown") runs.push({ tool, result: index });
    else runs.push({ tool, result: await audit(context, ecosystem, manifests, index.value) });
  }
  return runs;
}

function ecosystemsOf(manifests: Manifests): readonly (readonly [OsvEcosystem, string])[] {
  const { requirements, pythonLocks, pythonProjects, sitePackages } = manifests;
  const python = [...requirements, ...pythonLocks, ...pythonProjects, ...sitePackages];
  const node = [...manifests.npmLocks, ...manifests.otherLocks];
  return [
    ...(python.length > 0 ? [["PyPI", "python"] as const] : []),
    ...(node.length > 0 ? [["npm", "node"] as const] : []),
  ];
}

/** Absent only where none was named and none lies there. */
async function readIndex({ host, target }: CollectContext): Promise<Reading<OsvIndex>> {
  const path = target.osvIndex ?? resolveFrom(target.directory, INDEX_PATH);
  const shown = shownPath(target.directory, path);
  const text = await attempt(() => host.readFile(path, INDEX_BYTES_MAX));
  if (text.state === "absent" && target.osvIndex !== undefined) {
    return unknown("unreachable", `${shown} is not there`);
  }
  if (text.state !== "known") return text;
  const opened = openOsvIndex(text.value);
  return opened.ok ? known(opened.index) : unknown("malformed", `${shown}: ${opened.message}`);
}

async function audit(
  context: CollectContext,
  ecosystem: OsvEcosystem,
  manifests: Manifests,
  index: OsvIndex,
): Promise<Reading<AuditResult>> {
  const data = index.ecosystems[ecosystem];
  if (data === undefined) {
    return unknown("unsupported", `the index holds no advisories of ${ecosystem}`);
  }
  const found = await pinsOf(context, ecosystem, manifests);
  const result = resultOf(found, ecosystem, index);
  if (result.examined === 0) {
    return unknown("unsupported", result.gap ?? "no version was found that could be looked up");
  }
  const dataAgeDays = Math.max(0, (context.nowMs - data.newestMs) / DAY_MS);
  return known({ ...result, dataAgeDays: Math.floor(dataAgeDays) });
}

function resultOf({ pins, skipped, gaps }: Pins, ecosystem: OsvEcosystem, index: OsvIndex) {
  const distinct = distinctPins(pins, ecosystem);
  const vulnerabilities: AuditResult["vulnerabilities"][number][] = [];
  const unclear: string[] = [];
  for (const pin of distinct) {
    const verdict = matchOsv(index, ecosystem, pin.name, pin.version);
    vulnerabilities.push(...verdict.matches.map((match) => ({ ...placeOf(pin), ...match })));
    const isDeployed = pin.group !== "development";
    if (isDeployed && verdict.unclear.length > 0) {
      unclear.push(`whether ${verdict.unclear[0]} concerns ${pin.name} ${pin.version} is not told`);
    }
  }
  const open = [...gaps, ...unclear];
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  return {
    examined: distinct.length,
    skipped: skipped.map(({ name, reason }) => ({ name, reason })),
    vulnerabilities: vulnerabilities.slice(0, VULNERABILITIES_MAX),
    ageDays: 0,
    ...(open[0] !== undefined && { gap: `${open[0]}${more}` }),
  } satisfies AuditResult;
}

/** Each version once; what anything deployed needs is no dependency of development. */
function distinctPins(pins: readonly Pin[], ecosystem: OsvEcosystem): readonly Pin[] {
  const byKey = new Map<string, Pin>();
  for (const pin of pins) {
    const name = ecosystem === "PyPI" ? normalisedName(pin.name) : pin.name;
    const key = `${name} ${pin.version}`;
    const before = byKey.get(key);
    if (before === undefined || rank(pin) < rank(before)) byKey.set(key, pin);
  }
  return [...byKey.values()];
}

function rank({ group, condition }: Pin): number {
  if (group === "development") return 3;
  if (group === "optional") return 2;
  return condition === undefined ? 0 : 1;
}

function placeOf({ name, version, file, line, group, condition }: Pin) {
  return {
    package: name,
    version,
    at: { file, ...(line !== undefined && { line }) },
    ...(group !== undefined && { group }),
    ...(condition !== undefined && { condition }),
  };
}
