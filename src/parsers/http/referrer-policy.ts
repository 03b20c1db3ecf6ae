import {
  boundedFields,
  type FieldProblem,
  type FieldSpan,
  listMembers,
  problemList,
  quoted,
} from "./field.ts";

/** The policies of W3C Referrer Policy (editor's draft, 2024) section 3, from most to least private. */
export const REFERRER_POLICIES = [
  "no-referrer",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "origin",
  "origin-when-cross-origin",
  "no-referrer-when-downgrade",
  "unsafe-url",
] as const;
export type ReferrerPolicy = (typeof REFERRER_POLICIES)[number];

/** Older words that browsers still take in a meta element, never in the header (HTML standard section 4.2.5.4). */
const META_WORDS: Readonly<Record<string, ReferrerPolicy>> = {
  never: "no-referrer",
  default: "strict-origin-when-cross-origin",
  always: "unsafe-url",
  "origin-when-crossorigin": "origin-when-cross-origin",
};

export interface ReferrerPolicyHeader {
  /** The last known word; absent where none is known, and the browser's default holds. */
  readonly effective?: FieldSpan & { readonly policy: ReferrerPolicy };
  readonly problems: readonly FieldProblem[];
}

/** Referrer-Policy: a list of which the last known word counts (section 8.1), so that new words may stand after old. */
export function parseReferrerPolicy(values: readonly string[]): ReferrerPolicyHeader {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const known: (FieldSpan & { readonly policy: ReferrerPolicy })[] = [];
  for (const { text, field, offset, length } of listMembers(fields)) {
    const policy = REFERRER_POLICIES.find((own) => own === text.toLowerCase());
    if (policy !== undefined) known.push({ policy, field, offset, length });
    else
      problems.add("unknown-policy", `${quoted(text)} is no referrer policy`, {
        field,
        offset,
        length,
      });
  }
  const effective = known.at(-1);
  const [first] = fields;
  if (effective === undefined && first !== undefined)
    problems.add(
      "no-policy",
      "no known referrer policy is named, browsers use their default",
      first,
    );
  return { ...(effective === undefined ? {} : { effective }), problems: problems.all };
}

/** The policy of `<meta name=referrer>`: one word, older ones included; `undefined` where it is ignored. */
export function parseMetaReferrer(content: string): ReferrerPolicy | undefined {
  const word = content.trim().toLowerCase();
  if (Object.hasOwn(META_WORDS, word)) return META_WORDS[word];
  return REFERRER_POLICIES.find((own) => own === word);
}
