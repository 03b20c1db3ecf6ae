import { type FieldPiece, type FieldProblem, problemList, quoted } from "./field.ts";

/** One digest of an integrity attribute. */
export interface IntegrityDigest extends FieldPiece {
  readonly algorithm: "sha256" | "sha384" | "sha512";
  /** Standard base64, padded. */
  readonly digest: string;
}

export interface IntegrityAttribute {
  /** The digests browsers compare: those of the strongest algorithm; any one of them suffices. */
  readonly strongest: readonly IntegrityDigest[];
  readonly digests: readonly IntegrityDigest[];
  /** A known algorithm is named, yet its strongest digests are all malformed: browsers load nothing. */
  readonly matchesNothing: boolean;
  /** `field` is always 0; offsets count in the attribute's value. */
  readonly problems: readonly FieldProblem[];
}

const BYTES = { sha256: 32, sha384: 48, sha512: 64 } as const;
const STRENGTH = ["sha256", "sha384", "sha512"] as const;
/** Tokens read from one attribute. */
export const INTEGRITY_TOKEN_COUNT_MAX = 50;

/**
 * The `integrity` attribute: W3C Subresource Integrity (working draft, 2025) section 3.3. An attribute without any
 * digest of a known algorithm is no protection: browsers then load whatever comes.
 */
export function parseIntegrity(attribute: string): IntegrityAttribute {
  const problems = problemList();
  const digests: IntegrityDigest[] = [];
  const named = new Set<string>();
  const tokens = [...attribute.slice(0, 65_536).matchAll(/[^\t\n\f\r ]+/g)];
  for (const match of tokens.slice(0, INTEGRITY_TOKEN_COUNT_MAX)) {
    const [text] = match;
    const piece: FieldPiece = { text, field: 0, offset: match.index, length: text.length };
    const [, name = "", written = ""] = /^([^-]*)-?([^?]*)(?:\?.*)?$/.exec(text) ?? [];
    const algorithm = STRENGTH.find((own) => own === name.toLowerCase());
    const digest = written.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    if (algorithm !== undefined) named.add(algorithm);
    if (algorithm === undefined)
      problems.add(
        "unknown-algorithm",
        `${quoted(text)} has no algorithm that browsers know`,
        piece,
      );
    else if (
      !/^[A-Za-z0-9+/]+$/.test(digest) ||
      Math.floor((digest.length * 3) / 4) !== BYTES[algorithm]
    )
      problems.add(
        "malformed-digest",
        `${quoted(text)} is no ${algorithm} digest and matches nothing`,
        piece,
      );
    else
      digests.push({
        ...piece,
        algorithm,
        digest: digest.padEnd(Math.ceil(digest.length / 4) * 4, "="),
      });
  }
  if (tokens.length > INTEGRITY_TOKEN_COUNT_MAX)
    problems.add("too-many", `there are ${tokens.length} digests`, {
      field: 0,
      offset: 0,
      length: attribute.length,
    });
  const best = STRENGTH.findLast((own) => named.has(own));
  const strongest = digests.filter(({ algorithm }) => algorithm === best);
  const matchesNothing = best !== undefined && strongest.length === 0;
  return { strongest, digests, matchesNothing, problems: problems.all };
}
