import type { Needle } from "./env-leaks.ts";
import type { SecretOccurrences } from "./secret-occurrences.fact.ts";

/** Shorter values coincide by chance. */
const SHARED_LENGTH_MIN = 8;
const SHARED_MAX = 200;

const URL_SHAPE = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
/** One credential of one database, written once for the server and once for the client. */
const DATABASE_PASSWORD = /(?:POSTGRES|PG|MYSQL|MARIADB|DB|DATABASE|SQL)\w*(?:PASS|PWD)/;

/** Pairs of keys that have one value, or of whose values one begins the other. */
export function sharedSecrets(secrets: readonly Needle[]): SecretOccurrences["shared"] {
  const pairs = comparable(secrets).flatMap(pairsOf);
  return pairs.slice(0, SHARED_MAX);
}

function comparable(secrets: readonly Needle[]): readonly Needle[] {
  return (
    secrets
      .filter(({ value }) => value.trim().length >= SHARED_LENGTH_MIN)
      // A connection URL names a resource; two clients of one resource share it by design.
      .filter(({ value }) => !URL_SHAPE.test(value) && !value.startsWith("/"))
      .toSorted(byValue)
  );
}

function byValue(a: Needle, b: Needle): number {
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}

function pairsOf(
  first: Needle,
  index: number,
  sorted: readonly Needle[],
): readonly SecretOccurrences["shared"][number][] {
  const following = sorted.slice(index + 1);
  // In sorted order every value that begins with this one follows it directly.
  const end = following.findIndex(({ value }) => !value.startsWith(first.value));
  return following
    .slice(0, end === -1 ? following.length : end)
    .filter(({ key }) => !DATABASE_PASSWORD.test(first.key) || !DATABASE_PASSWORD.test(key))
    .map(({ key, value }) => ({
      keys: [first.key, key],
      how: value === first.value ? "equal" : "prefix",
      fingerprint: first.fingerprint,
    }));
}
