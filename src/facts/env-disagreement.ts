import { isSecretName } from "../core/secret.ts";
import { type DotenvLoader, readDotenv } from "../parsers/dotenv.ts";
import type { EnvFileAnomaly } from "./env-files.fact.ts";
import { isPublicKey } from "./environment-public.ts";

/** The readers that catalog `env.parse` compares, whoever reads the file here. */
const COMMON_READERS: readonly DotenvLoader[] = [
  "python-dotenv",
  "node-dotenv",
  "systemd",
  "compose",
  "bash",
];

const NAMES: Readonly<Record<DotenvLoader, string>> = {
  "python-dotenv": "python-dotenv",
  "django-environ": "django-environ",
  "node-dotenv": "dotenv for Node",
  "node-parse-env": "node --env-file",
  bash: "a shell",
  systemd: "systemd",
  compose: "docker compose",
};

type Lookup = (name: string) => string | undefined;

/**
 * How readers of one assignment differ, `undefined` when they agree. A difference between readers
 * that do not read this file counts only for a key that security hangs on.
 */
export function disagreement(
  chunk: string,
  key: string,
  loaders: readonly [DotenvLoader, ...DotenvLoader[]],
  lookup: Lookup,
): Omit<EnvFileAnomaly, "line"> | undefined {
  const isRelevant = isSecretName(key) || isPublicKey(key);
  const isExported = /^[ \t]*export[ \t]/.test(chunk);
  const others = COMMON_READERS.filter((loader) => !loaders.includes(loader));
  const compared = [...loaders, ...(isRelevant ? others : [])]
    // What systemd does to `export` is an anomaly of its own, and none where systemd is not used.
    .filter((loader) => loader !== "systemd" || !isExported);
  const readings = compared.map((loader) => ({
    loader,
    value: readValue(chunk, key, loader, lookup),
  }));
  const first = readings[0]?.value;
  const different = readings.filter(({ value }) => value !== first);
  if (different.length === 0) return undefined;
  return { ...kindOf(chunk, key), key, detail: detailOf(readings, first) };
}

function readValue(
  chunk: string,
  key: string,
  loader: DotenvLoader,
  lookup: Lookup,
): string | undefined {
  return readDotenv(chunk, loader, lookup).assignments.findLast((a) => a.key === key)?.value;
}

function kindOf(chunk: string, key: string): Pick<EnvFileAnomaly, "kind"> {
  const value = chunk.slice(chunk.indexOf("=") + 1).trim();
  if (/^[^"'`#][^"'`]*[ \t]#/.test(value) || /^(["'])[^"']*\1[ \t]*#/.test(value)) {
    return { kind: "inline-comment-kept" };
  }
  if (BLANKS.test(chunk)) return { kind: "blanks-around-equals" };
  const isExpanded = !value.startsWith("'") && /\$[A-Za-z_{(]|`/.test(value);
  return { kind: isExpanded && isSecretName(key) ? "dollar-expanded" : "readers-disagree" };
}

/** `KEY = value`: a shell takes the key for a command. */
const BLANKS = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*(?:[ \t]+=|=[ \t]+\S)/;

/** Names the readers by what they make of the line; holds no value. */
function detailOf(
  readings: readonly { readonly loader: DotenvLoader; readonly value: string | undefined }[],
  first: string | undefined,
): string {
  const named = (is: (value: string | undefined) => boolean) =>
    readings.filter(({ value }) => is(value)).map(({ loader }) => NAMES[loader]);
  const agree = named((value) => value === first);
  const other = named((value) => value !== undefined && value !== first);
  const unset = named((value) => value === undefined && first !== undefined);
  const parts = [
    `${listed(agree)} ${first === undefined ? "set nothing" : "read one value"}`,
    ...(other.length > 0 ? [`${listed(other)} another`] : []),
    ...(unset.length > 0 ? [`${listed(unset)} none`] : []),
  ];
  return parts.join(", ");
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? "")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
