import type { CollectContext } from "../core/fact.ts";
import { HostError, knownValue } from "../core/reading.ts";
import { isSecretName } from "../core/secret.ts";
import { readDotenv } from "../parsers/dotenv.ts";
import { pathAccess } from "./env-access.ts";
import { isMissing, readEnvText } from "./env-file-text.ts";
import type { EnvFileCopy } from "./env-files.fact.ts";
import { isWithin, nameOf, parentOf, resolvePath, shownPath } from "./env-paths.ts";
import { isSampleName } from "./env-samples.ts";

type Context = Pick<CollectContext, "host" | "target" | "signal">;

const COPIES_MAX = 50;
/** What editors, tools and people add to a name when they copy it. */
const COPY_SUFFIX =
  /^(?:~|[ ._-]?(?:bak|backup|bkp|old|save|saved|orig|original|swp|swo|swn|copy|tmp|temp|dump|prev|previous|rej|dpkg-(?:old|dist|new)|rpm(?:save|new|orig))\d*(?:[._-][\w.-]*)?~?|[._-]\d{4,14}(?:[._T-]\d+)*|\.\d{1,3}|\.[\w-]+[._-](?:bak|backup|old|save|orig|swp|copy)\d*~?|\.[\w-]+~)$/i;
/** `prod.env.dump`, `app.env.bak`, `.monitor.env.swp`. */
const ENV_COPY =
  /^\.?[\w-]*\.?env(?:\.[\w-]+)*(?:~|\.(?:bak|backup|old|save|orig|swp|swo|dump|copy)\d*)$/i;
const WEB_ROOT =
  /(?:^|\/)(static|staticfiles|public|public_html|htdocs|html|www|wwwroot|webroot|dist)\//;
/** Values shorter than this are found by chance. */
const VALUE_LENGTH_MIN = 8;

/** A live secret to look for. */
export interface LiveSecret {
  readonly key: string;
  readonly value: string;
}

/** The copies beside the env files in use, and those elsewhere in the tree. */
export async function envCopies(
  context: Context,
  inUse: readonly string[],
  tree: readonly string[],
  live: readonly LiveSecret[],
  roots: readonly string[],
): Promise<readonly EnvFileCopy[]> {
  if (inUse.length === 0) return [];
  const paths = new Set(treeCopies(context, tree));
  for (const file of inUse) {
    for (const path of await siblingCopies(context, file)) paths.add(path);
  }
  const others = [...paths].filter((path) => !inUse.includes(path)).sort();
  const copies: EnvFileCopy[] = [];
  for (const path of others.slice(0, COPIES_MAX)) {
    const copy = await readCopy(context, path, live, roots);
    if (copy !== undefined) copies.push(copy);
  }
  return copies;
}

async function siblingCopies(context: Context, file: string): Promise<readonly string[]> {
  const directory = parentOf(file);
  if (!context.target.hostFacts && !isWithin(directory, context.target.directory)) return [];
  const names = await namesIn(context, directory);
  return names
    .filter((name) => isCopyName(name, nameOf(file)))
    .map((name) => resolvePath(directory, name));
}

/** Whether `name` is a copy of a file called `original` by its name. */
export function isCopyName(name: string, original: string): boolean {
  if (name === original || isSampleName(name)) return false;
  if (name === `#${original}#` || ENV_COPY.test(name)) return true;
  // vim hides its swap file: `.monitor.env.swp` beside `monitor.env`.
  const plain = name === `.${original}.swp` ? name.slice(1) : name;
  const isNamed = plain.startsWith(original) || plain.startsWith(original.replace(/^\./, ""));
  if (!isNamed) return false;
  const stem = plain.startsWith(original) ? original : original.replace(/^\./, "");
  return COPY_SUFFIX.test(plain.slice(stem.length));
}

/** Copies anywhere in the tree, and whole env files below a directory that is served. */
function treeCopies({ target }: Context, tree: readonly string[]): readonly string[] {
  return tree
    .filter((path) => {
      const name = nameOf(path);
      if (isSampleName(name)) return false;
      return isCopyName(name, ".env") || (/^\.env(?:\.\w+)?$/.test(name) && WEB_ROOT.test(path));
    })
    .map((path) => resolvePath(target.directory, path));
}

async function namesIn({ host }: Context, directory: string): Promise<readonly string[]> {
  try {
    return await host.readDir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    // The directory may be searched but not listed: then nobody else finds copies in it either.
    if (error instanceof HostError && error.code === "denied") return [];
    throw error;
  }
}

async function readCopy(
  context: Context,
  path: string,
  live: readonly LiveSecret[],
  roots: readonly string[],
): Promise<EnvFileCopy | undefined> {
  const reading = await readEnvText(context.host, path);
  if (reading.state === "absent") return undefined;
  const text = knownValue(reading) ?? "";
  const { assignments } = readDotenv(text, "python-dotenv");
  const named = assignments.filter(({ key, value }) => isSecretName(key) && value.trim() !== "");
  const liveKeys = live.filter(
    ({ key, value }) =>
      (value.length >= VALUE_LENGTH_MIN && text.includes(value)) ||
      named.some((assignment) => assignment.key === key && assignment.value === value),
  );
  const servedFrom = servedRoot(context, path, roots);
  return {
    path: shownPath(path, context.target.directory),
    access: await pathAccess(context, path),
    liveSecretKeys: [...new Set(liveKeys.map(({ key }) => key))],
    secretKeys: [...new Set(named.map(({ key }) => key))],
    ...(servedFrom === undefined ? {} : { servedFrom }),
  };
}

function servedRoot(
  { target }: Context,
  path: string,
  roots: readonly string[],
): string | undefined {
  const root = roots.find((candidate) => isWithin(path, resolvePath("/", candidate)));
  if (root !== undefined) return shownPath(resolvePath("/", root), target.directory);
  if (!isWithin(path, target.directory)) return undefined;
  const match = WEB_ROOT.exec(shownPath(path, target.directory));
  if (match === null) return undefined;
  return match.input.slice(0, match.index + match[0].length).replace(/\/$/, "");
}
