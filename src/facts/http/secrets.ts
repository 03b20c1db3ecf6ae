import type { HttpField } from "../../core/http-site.ts";

/** Shorter pieces are words, and taking them out would garble pages. */
const PIECE_CHARACTERS_MIN = 8;

/**
 * What must not come back out: the values of own fields, whole and in their pieces (a server may echo the token without
 * its scheme, or one cookie of several), and the values of the query asked for (catalog G6).
 */
export function secretsOf(given: URL, fields: readonly HttpField[]): readonly string[] {
  const pieces = fields.flatMap(([, value]) => [
    value,
    ...[...value.split(/[\s;,=]+/), ...credentialsOf(value)].filter(isLong),
  ]);
  const query = [...given.searchParams.values()].filter(isLong);
  const all = [...pieces, ...query, ...query.map(encodeURIComponent)];
  // The longest first, so that no piece of one is left behind.
  return [...new Set(all)].filter((each) => each !== "").sort((a, b) => b.length - a.length);
}

function isLong({ length }: string): boolean {
  return length >= PIECE_CHARACTERS_MIN;
}

/** User and password of `Basic` credentials (RFC 7617). */
function credentialsOf(value: string): readonly string[] {
  const [, encoded] = /^basic\s+([A-Za-z0-9+/]+={0,2})$/i.exec(value.trim()) ?? [];
  if (encoded === undefined || encoded.length % 4 !== 0) return [];
  const plain = atob(encoded);
  return [plain, plain.slice(plain.indexOf(":") + 1)];
}
