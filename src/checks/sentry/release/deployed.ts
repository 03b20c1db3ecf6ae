import { knownValue, type Reading } from "../../../core/reading.ts";
import type { Release } from "../../../facts/release.fact.ts";
import type { VersionFile } from "../../../facts/version-file.fact.ts";

export interface Deployed {
  readonly release: Reading<Release>;
  readonly version: Reading<VersionFile>;
}

/** What a release names: what is deployed, something else, or what cannot be compared. */
export type Named =
  | { readonly is: "deployed"; readonly what: string }
  | { readonly is: "other"; readonly what: string; readonly file: string }
  | { readonly is: "open" };

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** git shortens a commit to seven digits at least; digits alone may be a date. */
const SHORT = /(?<![0-9a-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}(?![0-9a-z])/g;
/** `git describe` puts a `g` before the commit. */
const DESCRIBED = /-g([0-9a-f]{7,64})(?![0-9a-z])/g;
/** Characters of an identifier that are said. */
const SHOWN = 12;
const VERSION = /^v?(\d+(?:\.\d+)+[\w.-]*)/;

/** Compares the text of a release with the commit that is checked out, its tags, `--release` and the file `VERSION`. */
export function namedBy(text: string, { release, version }: Deployed): Named {
  const id = knownValue(release);
  const file = knownValue(version);
  const commits = commitsIn(text);
  const name = text.slice(text.lastIndexOf("@") + 1);
  const number = VERSION.exec(name)?.[1];
  const what = deployedBy({ id, file, commits, name, number });
  if (what !== undefined) return { is: "deployed", what };
  const isOwn = id !== undefined && id.isFromAbove !== true;
  if (isOwn && (commits.length > 0 || !COMMIT.test(id.id))) {
    return { is: "other", what: id.id.slice(0, SHOWN), file: id.from };
  }
  if (number === undefined) return { is: "open" };
  const tagged = isOwn ? otherByTag(id, number) : undefined;
  if (isOwn && tagged !== undefined) return { is: "other", what: tagged, file: id.from };
  if (file === undefined) return { is: "open" };
  return { is: "other", what: `version ${file.version}`, file: file.file };
}

interface Compared {
  readonly id: Release | undefined;
  readonly file: VersionFile | undefined;
  readonly commits: readonly string[];
  readonly name: string;
  readonly number: string | undefined;
}

/** What of the deployment a release names. */
function deployedBy({ id, file, commits, name, number }: Compared): string | undefined {
  if (id !== undefined && isNamed(id.id, name, commits))
    return `the ${COMMIT.test(id.id) ? "commit" : "release"} of ${id.from}`;
  if (number === undefined) return undefined;
  const tag = id?.tags?.here.find((each) => versionOf(each) === number);
  if (id !== undefined && tag !== undefined) return `the tag ${tag} of ${id.from}`;
  return number === file?.version ? `the version of ${file.file}` : undefined;
}

/** What is deployed instead, where tags tell that the version is another. */
function otherByTag({ id, tags }: Release, number: string): string | undefined {
  const tag = tags?.here.find((each) => versionOf(each) !== undefined);
  if (tag !== undefined) return `the tag ${tag}`;
  const isElsewhere = tags?.elsewhere.some((each) => versionOf(each) === number) ?? false;
  return isElsewhere ? `commit ${id.slice(0, SHOWN)}` : undefined;
}

/** `1.4.2` of the tags `v1.4.2`, `release-1.4.2` and `shop@1.4.2`. */
function versionOf(tag: string): string | undefined {
  return /(?:^|[-_/@])v?(\d+(?:\.\d+)+[\w.-]*)$/.exec(tag)?.[1];
}

function isNamed(id: string, name: string, commits: readonly string[]): boolean {
  if (name === id || name === `v${id}`) return true;
  return commits.some((commit) => id.startsWith(commit) || (isHex(id) && commit.startsWith(id)));
}

function isHex(id: string): boolean {
  return /^[0-9a-f]{7,}$/.test(id);
}

function commitsIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const described = [...lower.matchAll(DESCRIBED)].map(([, commit = ""]) => commit);
  return [...described, ...[...lower.matchAll(SHORT)].map(([commit]) => commit)];
}
