import { defineFact } from "../core/fact.ts";
import { known, knownValue, type Problem, type Reading } from "../core/reading.ts";
import { isSecretName } from "../core/secret.ts";
import { hmacSha256Hex } from "../wire/digest.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { findLeaks, type Needle } from "./env-leaks.ts";
import { shownPath } from "./env-paths.ts";
import { sharedSecrets } from "./env-sharing.ts";
import { readerOf } from "./environment-layers.ts";
import {
  type Assignment,
  type EnvironmentValues,
  environmentValues,
} from "./environment-values.fact.ts";
import { dockerIgnoredEnvFiles, repository } from "./repository.fact.ts";
import { isUnexpanded } from "./secret-measure.ts";
import { type UnitFile, unitFiles } from "./unit-files.fact.ts";

/** Where the live secrets stand besides their own place, and which of them coincide. Key names only. */
export interface SecretOccurrences {
  /** Secret-named keys with a non-empty effective value. */
  readonly keys: readonly string[];
  /** Pairs of keys that share a value, or where one value is a prefix of the other. */
  readonly shared: readonly {
    readonly keys: readonly [string, string];
    readonly how: "equal" | "prefix";
    readonly fingerprint: string;
  }[];
  /** A live secret value found in a place it must not be in. */
  readonly leaked: readonly {
    readonly key: string;
    readonly fingerprint: string;
    readonly place:
      | "tracked-file"
      | "sample"
      | "dockerfile"
      | "compose-literal"
      | "unit-literal"
      | "settings-literal";
    readonly file: string;
    readonly line: number;
  }[];
  /** Places that were to be searched and could not be read. */
  readonly unread?: readonly { readonly file: string; readonly problem: Problem }[];
  /** Keys whose value holds `$(`, a backtick pair or an unset `${NAME}`, with who reads the file. */
  readonly unexpanded: readonly {
    readonly key: string;
    readonly file: string;
    readonly line?: number;
    readonly reader: string;
    /** The file is only ever sourced by a shell: the expression runs at each start. */
    readonly isShellOnly: boolean;
    /** It is not the shell's: the value names these variables, which are set nowhere. */
    readonly unset?: readonly string[];
  }[];
  /** Without a work tree of git: env files that an image takes along, because a Dockerfile copies all. */
  readonly copiedToImage?: readonly string[];
}

/** Secrets looked for: real deployments have tens. */
const SECRETS_MAX = 100;
const FINGERPRINT_DIGITS = 8;
const LEAK_LENGTH_MIN = 8;
const DISTINCT_MIN = 4;
const WORD_LENGTH_MAX = 16;
const NUMBER_LENGTH_MAX = 12;

export const secretOccurrences = defineFact({
  id: "secret-occurrences",
  title: "Places where live secrets stand",
  access: "read",
  timeoutMs: 10_000,
  needs: { environmentValues },
  wants: { repository, composeFiles, unitFiles, deploymentTree },
  async collect(context, facts, readings): Promise<Reading<SecretOccurrences>> {
    const values = facts.environmentValues;
    const secrets = liveSecrets(values, context.fingerprintKey);
    const needles = distinctNeedles(secrets);
    const compose = knownValue(readings.composeFiles)?.files ?? [];
    const tree = (knownValue(readings.deploymentTree)?.files ?? []).map(({ path }) => path);
    const tracked = knownValue(readings.repository)?.tracked ?? [];
    const excluded = new Set((values.files ?? []).map(({ absolute }) => absolute));
    const inFiles = await findLeaks(context, needles, tracked, [...compose, ...tree], excluded);
    const inUnits = unitLeaks(knownValue(readings.unitFiles) ?? [], needles, (file) =>
      shownPath(file, context.target.directory),
    );
    const inside = (values.files ?? []).map(({ path }) => path).filter(isRelative);
    const ignored =
      readings.repository.state === "known"
        ? undefined
        : await dockerIgnoredEnvFiles(
            context,
            { tree: readings.deploymentTree, compose: readings.composeFiles },
            inside,
          );
    const unread = [
      ...inFiles.unread,
      ...(knownValue(readings.unitFiles) ?? []).flatMap(({ problem }) => problem ?? []),
    ];
    const seen = new Set(inFiles.leaks.map(({ key, file }) => `${key} ${file}`));
    return known({
      keys: secrets.map(({ key }) => key).toSorted(),
      shared: sharedSecrets(secrets),
      leaked: [...inFiles.leaks, ...inUnits.filter(({ key, file }) => !seen.has(`${key} ${file}`))],
      unexpanded: unexpandedKeys(values),
      ...(unread.length === 0 ? {} : { unread }),
      ...(ignored === undefined
        ? {}
        : { copiedToImage: inside.filter((path) => !ignored.includes(path)) }),
    });
  },
});

/** Files outside the audited directory are shown by their absolute path. */
function isRelative(path: string): boolean {
  return !path.startsWith("/");
}

function effectiveOf({ assignments }: EnvironmentValues): readonly Assignment[] {
  const effective = new Map<string, Assignment>();
  for (const assignment of assignments) {
    if (!effective.has(assignment.key)) effective.set(assignment.key, assignment);
  }
  return [...effective.values()].filter(({ key }) => isSecretName(key));
}

function liveSecrets(values: EnvironmentValues, fingerprintKey: string): readonly Needle[] {
  return effectiveOf(values)
    .filter(({ value }) => value.trim() !== "")
    .slice(0, SECRETS_MAX)
    .map(({ key, value }) => ({
      key,
      value,
      fingerprint: hmacSha256Hex(fingerprintKey, value).slice(0, FINGERPRINT_DIGITS),
    }));
}

/** The live secrets that can be looked for, one for each value. */
export function liveNeedles(values: EnvironmentValues, fingerprintKey: string): readonly Needle[] {
  return distinctNeedles(liveSecrets(values, fingerprintKey));
}

/** One needle for each value that would not be found by chance. */
function distinctNeedles(secrets: readonly Needle[]): readonly Needle[] {
  const byValue = new Map<string, Needle>();
  for (const secret of secrets) {
    if (!isTrivial(secret.value) && !byValue.has(secret.value)) byValue.set(secret.value, secret);
  }
  return [...byValue.values()];
}

/** `postgresql://user@host/name`: no password stands between the user and the host. */
const DATABASE_USER =
  /^(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|amqp)[\w+.]*:\/\/[^\s:@/?#]*:?@[^\s?@]*$/i;

/** Short text, a word, a number, a path, or a URL without credentials says nothing where it is found. */
function isTrivial(value: string): boolean {
  if (value.trim().length < LEAK_LENGTH_MIN || new Set(value).size < DISTINCT_MIN) return true;
  if (/^[A-Za-z]+$/.test(value) && value.length < WORD_LENGTH_MAX) return true;
  if (/^[0-9]+$/.test(value) && value.length < NUMBER_LENGTH_MAX) return true;
  if (/^[./~]/.test(value)) return true;
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value)) return false;
  // A user alone opens nothing; Sentry's DSN has its key there.
  const isUserAlone = DATABASE_USER.test(value);
  return isUserAlone || !/[@?]/.test(value);
}

/** `Environment=` entries that hold a live value, wherever the unit lies. */
function unitLeaks(
  units: readonly UnitFile[],
  needles: readonly Needle[],
  shown: (file: string) => string,
): SecretOccurrences["leaked"] {
  return units.flatMap(({ unit }) =>
    unit.entries
      .filter(({ key }) => key === "Environment" || key.startsWith("Exec"))
      .flatMap((entry) =>
        needles
          .filter(({ value }) => entry.value.includes(value))
          .map(({ key, fingerprint }) => ({
            key,
            fingerprint,
            place: "unit-literal" as const,
            file: shown(entry.file),
            line: entry.line,
          })),
      ),
  );
}

/** In capitals it is a name; else it may as well be a piece of a password that holds `${`. */
function shownName(name: string): string {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? name : "…";
}

/** Secret-named keys whose value only a shell would expand, or that expands to a variable nobody sets. */
function unexpandedKeys(values: EnvironmentValues): SecretOccurrences["unexpanded"] {
  const names = new Set(values.assignments.map(({ key }) => key));
  return effectiveOf(values).flatMap((assignment) => {
    const { key, value, file, line, reader, refers = [] } = assignment;
    const source = values.files?.find(({ path }) => path === file);
    const isSet = (name: string) => names.has(name);
    const unset = refers.filter((name) => !isSet(name)).map(shownName);
    if (!isUnexpanded(value, isSet) && unset.length === 0) return [];
    const isCommand = isUnexpanded(value, () => true);
    const readers = source?.loaders.map(readerOf) ?? [];
    return [
      {
        key,
        file,
        ...(line === undefined ? {} : { line }),
        reader: readers.length > 0 ? readers.join(", ") : reader,
        isShellOnly: source?.loaders.every((loader) => loader === "bash") ?? false,
        ...(isCommand || unset.length === 0 ? {} : { unset }),
      },
    ];
  });
}
