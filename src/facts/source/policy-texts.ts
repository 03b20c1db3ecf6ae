import {
  type ScannedText,
  type StringLiteral,
  scanStrings,
} from "../../parsers/string-literals.ts";
import { isDevelopmentFile } from "../source-files.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { nonceRows } from "./policy-nonces.ts";
import { NOT_LIVE } from "./python-files.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

/** Files with parts of a policy that are looked through. */
export const POLICY_FILES_MAX = 50;
const SOURCE = /\.(?:py|[cm]?[jt]sx?)$/;
const NEEDLE = /unsafe-inline|unsafe-eval|nonce-|NONCE|csp_nonce/;

/**
 * Parts of a Content-Security-Policy that stand in texts of the program, whichever way they reach an answer: the
 * keywords that let any script run, and nonces.
 */
export const policyTextsReader: SourceReader = {
  frameworks: "any",
  async read({ sources }: SourceContext): Promise<readonly SourceSetting[]> {
    const rows: SourceSetting[] = [];
    let found = 0;
    for (const file of sources.paths) {
      if (!SOURCE.test(file) || NOT_LIVE.test(file) || isDevelopmentFile(file)) continue;
      const text = await sources.text(file);
      if (text === undefined || !NEEDLE.test(text)) continue;
      const scanned = scanStrings(text, file.endsWith(".py") ? "python" : "javascript");
      rows.push(...unsafeRows(file, scanned), ...nonceRows(file, scanned));
      found += 1;
      if (found === POLICY_FILES_MAX) break;
    }
    return rows;
  },
};

const UNSAFE = /\\?'unsafe-(inline|eval)\\?'/g;
/** What governs scripts and styles where it is written out. */
const DIRECTIVE = /(?:^|[\s"'`{,])((?:script|style)-src(?:-elem|-attr)?|default-src)[\s=]/i;
/** Texts with unsafe keywords that are told of one file. */
const UNSAFE_TEXTS_MAX = 50;

function unsafeRows(file: string, scanned: ScannedText): readonly SourceSetting[] {
  const unsafe = scanned.literals.filter(
    ({ text, isStatement }) => !isStatement && /unsafe-(?:inline|eval)/.test(text),
  );
  return unsafe.slice(0, UNSAFE_TEXTS_MAX).flatMap((literal) => {
    const within = directivesOf(literal.text).flatMap((directive) =>
      unsafeRow(file, scanned, literal, directive),
    );
    return within.length > 0 ? within : keywordRow(file, scanned, literal);
  });
}

interface Directive {
  readonly name: string;
  readonly sources: string;
  /** Where they begin in the text. */
  readonly offset: number;
}

/** The sources of each directive for scripts and styles in a text. */
function directivesOf(text: string): readonly Directive[] {
  const found: Directive[] = [];
  let start = 0;
  for (const piece of text.split(";")) {
    const match = DIRECTIVE.exec(piece);
    const after = match === null ? 0 : match.index + match[0].length;
    if (match !== null)
      found.push({ name: match[1] ?? "", sources: piece.slice(after), offset: start + after });
    start += piece.length + 1;
  }
  return found;
}

function unsafeRow(
  file: string,
  scanned: ScannedText,
  literal: StringLiteral,
  { name, sources, offset }: Directive,
): readonly SourceSetting[] {
  const words = [...sources.matchAll(UNSAFE)];
  const [first] = words;
  if (first === undefined) return [];
  const line = literal.line + newLines(literal.text.slice(0, offset + first.index));
  const kinds = words.map(([, kind]) => `unsafe-${kind}`);
  const names = ["unsafe-inline", "unsafe-eval"].filter((kind) => kinds.includes(kind));
  const isRead = READS_VARIABLE.test(statementBefore(scanned.code, literal.offset));
  // A style that anybody writes runs nothing.
  const isStyle = /^style/i.test(name);
  return [
    {
      slug: isStyle ? "csp.style_unsafe" : "csp.unsafe",
      ...{ file, line, kind: isRead ? "env" : "literal", value: names.join(" + ") },
      variables: [],
      resolved: { state: "known", value: names, from: isRead ? "default" : "literal" },
      chain: `a policy for ${isStyle ? "styles" : "scripts"} with ${names.join(" and ")} <- ${file}:${line}`,
    },
  ];
}

/** `"script-src": ["'self'", "'unsafe-inline'"]`, `CSP_SCRIPT_SRC = (...)`, `scriptSrc: [...]`. */
function keywordRow(
  file: string,
  scanned: ScannedText,
  literal: StringLiteral,
): readonly SourceSetting[] {
  if (!/^\s*(?:\\?'[\w-]+\\?'|https?:\S*|[\w.*-]+)(?:\s|$)/.test(literal.text)) return [];
  const name = ownerOf(scanned, literal);
  return /^(?:script|style|default)/i.test(name)
    ? unsafeRow(file, scanned, literal, { name, sources: literal.text, offset: 0 })
    : [];
}

/** How far before a source its directive's name is looked for, in characters. */
const OWNER_DISTANCE_MAX = 2_000;
const OWNER =
  /(?:script|style|default|img|font|connect|frame|object|media|worker|child|manifest|form|base)[-_]?(?:src|action|uri|ancestors)(?:[-_]?(?:elem|attr))?/gi;
const OWNER_ALONE = new RegExp(`^(?:${OWNER.source})$`, "i");

/** The directive's name that stands last before a literal, in code or as a text of its own. */
function ownerOf({ code, literals }: ScannedText, { offset }: StringLiteral): string {
  const from = Math.max(0, offset - OWNER_DISTANCE_MAX);
  const inCode = [...code.slice(from, offset).matchAll(OWNER)].at(-1);
  const inText = literals.findLast(
    (each) => each.offset < offset && each.offset >= from && OWNER_ALONE.test(each.text),
  );
  const codeAt = inCode === undefined ? -1 : from + inCode.index;
  if (inText !== undefined && inText.offset > codeAt) return inText.text;
  return inCode?.[0] ?? "";
}

const READS_VARIABLE =
  /(?:environ(?:\.get)?|getenv|\benv(?:\.\w+)?|config|process\.env)\s*[([.][^;]*$/;
/** Characters before a literal that can belong to its statement. */
const STATEMENT_LENGTH_MAX = 200;

function statementBefore(code: string, offset: number): string {
  const text = code.slice(Math.max(0, offset - STATEMENT_LENGTH_MAX), offset);
  return text.slice(Math.max(text.lastIndexOf("\n\n"), text.search(/\n\S[^\n]*$/)) + 1);
}

function newLines(text: string): number {
  return text.split("\n").length - 1;
}
