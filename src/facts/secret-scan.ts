import type { CollectContext } from "../core/fact.ts";
import { knownValue, type Reading } from "../core/reading.ts";
import { fileFormat, pathClass } from "../parsers/secrets/paths.ts";
import { scanSecrets } from "../parsers/secrets/scan.ts";
import type { AppSettings } from "./app-settings.fact.ts";
import type { Application } from "./application.fact.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import { isBinary } from "./env-file-text.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import type { Repository } from "./repository.fact.ts";
import { ACCOUNT_FILE, createClassifier } from "./secret-class.ts";
import type { SecretLiteral, SecretLiterals } from "./secret-literals.fact.ts";
import { findOverrides, type ScannedFile } from "./secret-overrides.ts";
import { publishedSecrets } from "./secret-published.ts";
import type { SourceSettings } from "./source-settings.fact.ts";
import { byDepth } from "./target-path.ts";
import { treeText } from "./tree-text.ts";

export const SCANNED_FILES_MAX = 20_000;
/** Characters of all files together. */
export const SCANNED_TOTAL_MAX = 160 * 1_048_576;
export const LITERALS_MAX = 2_000;
const READ_AT_ONCE = 16;
const UNREAD_MAX = 50;

interface Wanted {
  readonly environmentValues: Reading<EnvironmentValues>;
  readonly repository: Reading<Repository>;
  readonly application: Reading<Application>;
  readonly appSettings: Reading<AppSettings>;
  readonly sourceSettings: Reading<SourceSettings>;
  readonly composeFiles: Reading<ComposeFiles>;
}

type Unread = SecretLiterals["unread"][number];

/** Looks through every file of the tree that may hold a secret, shallow ones first. */
export async function readSecretLiterals(
  context: CollectContext,
  tree: DeploymentTree,
  readings: Wanted,
): Promise<SecretLiterals> {
  const scan = await scanTree(context, tree);
  const environment = knownValue(readings.environmentValues);
  const measure = measureOptions(environment ?? { assignments: [] }, context.fingerprintKey);
  const classify = createClassifier({
    measure,
    environment,
    repository: knownValue(readings.repository),
    application: knownValue(readings.application),
    compose: knownValue(readings.composeFiles),
    settings: knownValue(readings.appSettings),
    source: knownValue(readings.sourceSettings),
    overrides: findOverrides(scan.files),
  });
  const literals = scan.files.flatMap((file) =>
    file.scanned.hits.map((hit) => classify(file, hit)),
  );
  return {
    literals: weightiest(literals),
    published: environment === undefined ? [] : publishedSecrets(environment, measure),
    // Texts for people alone are no deployment in which nothing was found.
    filesScanned: scan.files.filter(({ path }) => fileFormat(path) !== "prose").length,
    unread: scan.unread,
    isTruncated: tree.isTruncated || scan.isTruncated,
  };
}

/** Those of which findings are made are never the ones left out. */
function weightiest(literals: readonly SecretLiteral[]): readonly SecretLiteral[] {
  if (literals.length <= LITERALS_MAX) return literals;
  const isGrave = ({ slug }: SecretLiteral) =>
    slug === "secret.literal" || slug === "secret.default";
  const kept = [...literals.filter(isGrave), ...literals.filter((one) => !isGrave(one))];
  const chosen = new Set(kept.slice(0, LITERALS_MAX));
  return literals.filter((one) => chosen.has(one));
}

function candidates({ files }: DeploymentTree): readonly string[] {
  const isRead = (path: string): boolean => {
    const kind = pathClass(path);
    if (kind === "asset" || kind === "lock" || kind === "vendored") return false;
    return fileFormat(path) !== undefined;
  };
  return byDepth(files.map(({ path }) => path).filter(isRead));
}

interface TreeScan {
  readonly files: readonly ScannedFile[];
  readonly unread: readonly Unread[];
  readonly isTruncated: boolean;
}

async function scanTree(context: CollectContext, tree: DeploymentTree): Promise<TreeScan> {
  const paths = candidates(tree);
  const files: ScannedFile[] = [];
  const unread: Unread[] = [];
  const wanted = paths.slice(0, SCANNED_FILES_MAX);
  let total = 0;
  let next = 0;
  while (next < wanted.length && total <= SCANNED_TOTAL_MAX) {
    context.signal.throwIfAborted();
    const batch = wanted.slice(next, next + READ_AT_ONCE);
    next += batch.length;
    const read = await Promise.all(batch.map((path) => readText(context, tree, path)));
    const texts = read.flatMap((one) => (one !== undefined && "text" in one ? [one] : []));
    unread.push(...read.flatMap((one) => (one !== undefined && "code" in one ? [one] : [])));
    total += texts.reduce((sum, { text }) => sum + text.length, 0);
    files.push(...texts.map(scannedFile));
  }
  return { files, unread: unread.slice(0, UNREAD_MAX), isTruncated: next < paths.length };
}

interface ReadFile {
  readonly path: string;
  readonly text: string;
}

function scannedFile({ path, text }: ReadFile): ScannedFile {
  return { path, text: needed(path, text), scanned: scanSecrets(path, text) };
}

/** Longer ones are lists of something else. */
const ACCOUNT_FILE_LENGTH_MAX = 65_536;

/** Python's modules are looked at again for what overrides what, short env and compose files for accounts. */
function needed(path: string, text: string): string {
  if (ACCOUNT_FILE.test(path)) return text.length > ACCOUNT_FILE_LENGTH_MAX ? "" : text;
  return path.endsWith(".py") && /^[ \t]*from\s[\w.]+\simport\s\*|SECRET|PASSWORD/m.test(text)
    ? text
    : "";
}

/** `undefined`: there is no text; a problem: it could not be looked through. */
async function readText(
  context: CollectContext,
  tree: DeploymentTree,
  path: string,
): Promise<ReadFile | Unread | undefined> {
  const reading = await treeText(context, tree, path);
  if (reading.state === "known")
    return isBinary(reading.value) ? undefined : { path, text: reading.value };
  // What is larger than any source or configuration is data.
  if (reading.state === "absent" || reading.problem.code === "too-large") return undefined;
  return { file: path, ...reading.problem };
}
