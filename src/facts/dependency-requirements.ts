import type { CollectContext } from "../core/fact.ts";
import { normalisedName } from "../parsers/dependencies/pep440.ts";
import {
  isForOtherSystem,
  parseRequirements,
  type Requirement,
  type RequirementsFile,
} from "../parsers/dependencies/requirements.ts";
import { attempt } from "./attempt.ts";
import type { Manifests } from "./dependency-manifests.ts";
import { type Pin, type Pins, readText } from "./dependency-pin.ts";
import { baseName, directoryOf, isWithin, resolveFrom, shownPath } from "./target-path.ts";

/** Files read for `-r` and `-c`, the ones they are named in included. */
export const REQUIREMENT_FILES_MAX = 64;
/** Names of files that may be read because another names them: whatever else it is, it is no list of packages. */
const LIST_NAME = /(?:\.(?:txt|in|pip)|requirements|constraints)$/i;

interface Placed extends Requirement {
  readonly file: string;
  readonly isConstraint: boolean;
  readonly group?: "development";
}

interface Walk {
  readonly context: CollectContext;
  /** Ways and files already taken. */
  readonly read: Set<string>;
  readonly requirements: Placed[];
  readonly skipped: { readonly name: string; readonly reason: string }[];
  readonly gaps: string[];
}

/** How a file is come by. */
interface Way {
  readonly isConstraint: boolean;
  readonly group?: "development";
}

/** The requirement files with what they include. What has no exact version must be among `locked`. */
export async function readRequirements(
  context: CollectContext,
  { requirements, development }: Manifests,
  locked: readonly Pin[],
): Promise<Pins> {
  const walk: Walk = { context, read: new Set(), requirements: [], skipped: [], gaps: [] };
  for (const file of requirements) await enter(walk, file, { isConstraint: false });
  for (const file of development) {
    await enter(walk, file, { isConstraint: false, group: "development" });
  }
  const { pins, open } = resolved(walk.requirements);
  const fixed = new Set([...locked, ...pins].map(({ name }) => normalisedName(name)));
  const loose = open.filter(
    ({ name, group }) => group === undefined && !fixed.has(normalisedName(name)),
  );
  return { pins, skipped: walk.skipped, gaps: [...walk.gaps, ...looseGap(loose)] };
}

function looseGap([first, ...others]: readonly Placed[]): readonly string[] {
  if (first === undefined) return [];
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return [`${first.file}:${first.line}: ${first.name} has no exact version${more}`];
}

/** What is asked for, with its own version or that of a constraint; `open` has neither. */
function resolved(all: readonly Placed[]) {
  const constraints = new Map<string, Placed>();
  for (const each of all) {
    const isPin = each.isConstraint && each.version !== undefined;
    if (isPin) constraints.set(normalisedName(each.name), each);
  }
  const pins: Pin[] = [];
  const open: Placed[] = [];
  for (const each of all.filter(isAsked)) {
    const source = each.version === undefined ? constraints.get(normalisedName(each.name)) : each;
    if (source?.version === undefined) open.push(each);
    else pins.push(pinOf(each, source.version, source));
  }
  return { pins, open };
}

function isAsked({ isConstraint, condition }: Placed): boolean {
  return !isConstraint && (condition === undefined || !isForOtherSystem(condition));
}

function pinOf({ name, group, condition }: Placed, version: string, { file, line }: Placed): Pin {
  return {
    name,
    version,
    file,
    line,
    ...(group !== undefined && { group }),
    ...(condition !== undefined && { condition }),
  };
}

async function enter(walk: Walk, file: string, way: Way): Promise<void> {
  const key = `${way.isConstraint} ${way.group ?? ""} ${file}`;
  if (walk.read.has(key)) return;
  if (walk.read.size >= REQUIREMENT_FILES_MAX) {
    const gap = `more than ${REQUIREMENT_FILES_MAX} requirement files include each other`;
    if (!walk.gaps.includes(gap)) walk.gaps.push(gap);
    return;
  }
  walk.read.add(key);
  const path = resolveFrom(walk.context.target.directory, file);
  const text = await readText(walk.context, path);
  if (text.state !== "known") {
    const why = text.state === "unknown" ? text.problem.detail : "it is not there";
    walk.gaps.push(`${file} was not read: ${why}`);
    return;
  }
  await takeFile(walk, file, way, parseRequirements(text.value));
}

async function takeFile(walk: Walk, file: string, way: Way, parsed: RequirementsFile) {
  walk.requirements.push(...parsed.requirements.map((each) => ({ ...each, file, ...way })));
  const gaps: string[] = parsed.problems
    .slice(0, 1)
    .map(({ line, message }) => `${file}:${line}: ${message}`);
  for (const { path, line, isConstraint } of parsed.includes) {
    const next = await included(walk.context, file, path);
    if (next === undefined) {
      gaps.push(`${file}:${line}: what it includes is no list in this directory`);
    } else {
      await enter(walk, next, { ...way, isConstraint: way.isConstraint || isConstraint });
    }
  }
  // What development alone needs does not make the deployment unknown.
  if (way.group !== undefined) return;
  walk.skipped.push(...parsed.skipped);
  walk.gaps.push(...gaps);
}

/** A file inside the audited directory, links resolved, that is named like a list of packages. */
async function included(
  { host, target }: CollectContext,
  file: string,
  path: string,
): Promise<string | undefined> {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(path) || !LIST_NAME.test(baseName(path))) {
    return undefined;
  }
  const from = directoryOf(resolveFrom(target.directory, file));
  const found = resolveFrom(from, path);
  const real = await attempt(() => host.realPath(found));
  if (real.state === "known" && !isWithin(target.directory, real.value)) return undefined;
  return isWithin(target.directory, found) ? shownPath(target.directory, found) : undefined;
}
