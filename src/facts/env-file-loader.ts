import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";
import { readEnvText } from "./env-file-text.ts";
import { nameOf, resolvePath } from "./env-paths.ts";

/** Which library of the application would read its `.env`. */
export interface ApplicationLoader {
  readonly loader: DotenvLoader;
  /** A library's name was seen; without it the loader is only the usual one of the language. */
  readonly isSeen: boolean;
  readonly isNode: boolean;
}

/** Largest source or manifest that is looked at for signs, and how many. */
const SIGN_BYTES_MAX = 262_144;
const SIGN_FILES_MAX = 24;

const MANIFESTS: ReadonlySet<string> = new Set([
  "package.json",
  "pyproject.toml",
  "Pipfile",
  "setup.py",
  "setup.cfg",
]);
const ENTRIES: ReadonlySet<string> = new Set([
  "manage.py",
  "settings.py",
  "wsgi.py",
  "asgi.py",
  "app.py",
  "main.py",
  "config.py",
  "__init__.py",
  "base.py",
  "production.py",
  "server.js",
  "app.js",
  "index.js",
  "server.mjs",
  "server.ts",
]);
const ASIDE = /(?:^|\/)(?:tests?|docs?|examples?|fixtures|node_modules|venv|\.venv)\//;

/** Chooses the loader from cheap signs: names of manifests, requirements and imports, line by line. */
export async function applicationLoader(
  { host, target }: Pick<CollectContext, "host" | "target">,
  files: readonly string[],
  commands: readonly string[],
): Promise<ApplicationLoader> {
  const texts: { path: string; text: string }[] = [];
  // Manifests name the library for sure: a tree of many packages must not crowd them out.
  const signs = files.filter(isSign);
  const manifests = signs.filter((path) => !path.endsWith(".py"));
  const sorted = [...manifests, ...signs.filter((path) => path.endsWith(".py"))];
  for (const path of sorted.slice(0, SIGN_FILES_MAX)) {
    const reading = await readEnvText(host, resolvePath(target.directory, path), SIGN_BYTES_MAX);
    const text = knownValue(reading);
    if (text !== undefined) texts.push({ path, text });
  }
  return chooseLoader(files, texts, commands);
}

function isSign(path: string): boolean {
  if (ASIDE.test(path)) return false;
  const name = nameOf(path);
  if (MANIFESTS.has(name) || /^requirements[\w.-]*\.(?:txt|in)$/.test(name)) return true;
  if (/(?:^|\/)requirements\/[\w.-]+\.txt$/.test(path)) return true;
  return ENTRIES.has(name) || /(?:^|\/)settings[\w./-]*\.py$/.test(path);
}

/** Pure: the choice from the names of all files, the texts of some, and the services' command lines. */
function chooseLoader(
  files: readonly string[],
  texts: readonly { readonly path: string; readonly text: string }[],
  commands: readonly string[],
): ApplicationLoader {
  if (isNodeApplication(files)) {
    const scripts = texts.filter(({ path }) => nameOf(path) === "package.json");
    const starts = [...commands, ...scripts.map(({ text }) => text)];
    if (starts.some((start) => start.includes("--env-file"))) {
      return { loader: "node-parse-env", isSeen: true, isNode: true };
    }
    const isSeen = texts.some(({ text }) => /["'`]dotenv(?:\/config)?["'`]/.test(text));
    return { loader: "node-dotenv", isSeen, isNode: true };
  }
  const python = texts.filter(({ path }) => nameOf(path) !== "package.json");
  if (python.some(({ text }) => hasLine(text, DJANGO_ENVIRON))) {
    return { loader: "django-environ", isSeen: true, isNode: false };
  }
  const isSeen = python.some(({ text }) => hasLine(text, PYTHON_DOTENV));
  return { loader: "python-dotenv", isSeen, isNode: false };
}

const DJANGO_ENVIRON = /^\s*(?:import environ\b|from environ import\b|["']?django-environ\b)/;
const PYTHON_DOTENV =
  /^\s*(?:import dotenv\b|from dotenv import\b|["']?(?:python-dotenv|python-decouple|pydantic-settings|environs)\b|from (?:decouple|environs|pydantic_settings) import\b)/;
const LINE_LENGTH_MAX = 400;

function hasLine(text: string, sign: RegExp): boolean {
  return text.split("\n").some((line) => sign.test(line.slice(0, LINE_LENGTH_MAX)));
}

const SCRIPT = /\.(?:[cm]?[jt]s)$/;

function isNodeApplication(files: readonly string[]): boolean {
  const own = files.filter((path) => !ASIDE.test(path));
  if (own.some((path) => path.endsWith(".py"))) return false;
  if (
    own.some((path) => /(?:^|\/)(?:requirements[\w.-]*\.txt|pyproject\.toml|Pipfile)$/.test(path))
  )
    return false;
  if (own.some((path) => nameOf(path) === "package.json")) return true;
  return own.some((path) => SCRIPT.test(path) && path.split("/").length <= 2);
}
