import type { Edit } from "../core/check.ts";
import type { Host } from "../core/host.ts";
import { isCaddyJson } from "../parsers/caddyfile/json.ts";
import { createPlacer, type Placed } from "../parsers/edits/splice.ts";
import type { EditLanguage } from "../parsers/edits/statement.ts";
import { createDiffer, type Diff, diffHeader } from "../parsers/edits/unified-diff.ts";
import { type NginxTree, parseNginx } from "../parsers/nginx/parse.ts";
import { attempt } from "./attempt.ts";
import { hiddenWords } from "./nginx-mask.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";
import { MASK } from "./secret-text.ts";

/** Largest file a suggestion is made for. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** A file as it lies there, ready for suggestions. */
interface OpenFile {
  place(edits: readonly Edit[]): Placed;
  diff(placed: Placed): Diff;
}

export interface Suggestion {
  /** A unified diff, each file with its header; empty where none can be shown. */
  readonly diff: string;
  /** What is not part of it, each with a sentence. */
  readonly left: readonly { readonly edit: Edit; readonly because: string }[];
}

export interface Suggester {
  /** The diff of these edits together. Nothing is written. */
  suggest(edits: readonly Edit[]): Promise<Suggestion>;
  /**
   * One diff of many changes, the most important first. A change that consists of several edits is in it whole or
   * not at all.
   */
  combine(changes: readonly (readonly Edit[])[]): Promise<Suggestion>;
}

/** What a suggestion is made against. */
interface SuggestedFile {
  readonly path: string;
  readonly proxy: ProxyKind;
  /** As it was audited; read where it is not given. */
  readonly text?: string;
}

/**
 * Makes diffs against the files of a configuration; each is read once. `files`: by its name in evidence. `trees`:
 * those of nginx, made of the texts that are given.
 */
export function createSuggester(
  host: Host,
  files: ReadonlyMap<string, SuggestedFile>,
  trees: readonly NginxTree[] = [],
): Suggester {
  const opened = new Map<string, Promise<OpenFile | undefined>>();
  const open = (name: string) => {
    const file = opened.get(name) ?? openFile(host, name, files.get(name), trees);
    opened.set(name, file);
    return file;
  };
  const suggest = async (edits: readonly Edit[]): Promise<Suggestion> => {
    const left: Suggestion["left"][number][] = [];
    const parts: string[] = [];
    for (const [name, own] of Map.groupBy(edits, ({ file }) => file)) {
      const file = await open(name);
      const { usable, refused } = usableEdits(own, file !== undefined);
      left.push(...refused);
      if (file === undefined) continue;
      const placed = file.place(usable);
      const { hunks, hidden } = file.diff(placed);
      if (hunks !== "") parts.push(diffHeader(name) + hunks);
      left.push(...placed.unplaced);
      left.push(
        ...hidden.flatMap(({ edit }) => (edit === undefined ? [] : [{ edit, because: SECRET }])),
      );
    }
    return { diff: parts.join(""), left };
  };
  const combine = async (changes: readonly (readonly Edit[])[]): Promise<Suggestion> => {
    const left: Suggestion["left"][number][] = [];
    let wanted = changes;
    for (;;) {
      const all = await suggest(wanted.flat());
      const keys = new Set(all.left.map(({ edit }) => keyOf(edit)));
      const kept = wanted.filter((edits) => !edits.some((edit) => keys.has(keyOf(edit))));
      left.push(...all.left);
      if (kept.length === wanted.length) return { diff: all.diff, left };
      wanted = kept;
    }
  };
  return { suggest, combine };
}

function keyOf({ file, line, column, action, text }: Edit): string {
  return `${file}:${line}:${column} ${action} ${text}`;
}

const SECRET = "what may be a secret, or a control character, stands there, and is not shown";

function usableEdits(edits: readonly Edit[], isRead: boolean) {
  const usable: Edit[] = [];
  const refused: Suggestion["left"][number][] = [];
  for (const edit of edits) {
    if (!isRead) refused.push({ edit, because: "the file cannot be changed that way" });
    // Made from a text in which a secret was masked: it would be written over.
    else if (edit.text.includes(MASK)) refused.push({ edit, because: SECRET });
    else usable.push(edit);
  }
  return { usable, refused };
}

async function openFile(
  host: Host,
  name: string,
  file: SuggestedFile | undefined,
  trees: readonly NginxTree[],
): Promise<OpenFile | undefined> {
  if (file === undefined) return undefined;
  const text = file.text ?? (await readText(host, file.path));
  if (text === undefined) return undefined;
  // Caddy's native JSON: statements of a Caddyfile have no place in it.
  if (file.proxy === "caddy" && isCaddyJson(text)) return undefined;
  const language = LANGUAGES[file.proxy];
  const place = createPlacer(text, language);
  const read = file.text === undefined ? [] : trees;
  const secrets = secretLines(text, language, read.length === 0 ? undefined : { name, read });
  const differ = createDiffer(text, { isShown: (line) => !secrets.has(line + 1) });
  return { place, diff: ({ splices }) => differ(splices) };
}

async function readText(host: Host, path: string): Promise<string | undefined> {
  const answer = await attempt(() => host.readFile(path, FILE_BYTES_MAX));
  return answer.state === "known" ? answer.value : undefined;
}

const LANGUAGES: Readonly<Record<ProxyKind, EditLanguage>> = {
  nginx: "nginx",
  caddy: "caddyfile",
  apache: "apache",
  haproxy: "lines",
  traefik: "lines",
  envoy: "lines",
};

/** Words beside which a secret is likely, comments included, and userinfo in a URL. */
const SECRET_WORDS =
  /authorization|passw|passphrase|secret|credential|token(?!s)|api[-_]?key|private[-_]?key|basic_?auth|\$2[aby]\$|:\/\/[^\s/@]{1,200}@/gi;

/** Characters that a terminal obeys, line breaks aside; a patch has to hold lines byte for byte. */
const UNSHOWABLE = /[^\P{C}\t\r\n]|\r(?!\n|$)|[\u2028\u2029]/gu;

/** Lines (from 1) that are in no diff. `known`: trees in which the text is already, by this name. */
export function secretLines(
  text: string,
  language: EditLanguage,
  known?: { readonly name: string; readonly read: readonly NginxTree[] },
): ReadonlySet<number> {
  const secret = new Set<number>();
  addMatches(secret, text, SECRET_WORDS);
  addMatches(secret, text, UNSHOWABLE);
  if (language !== "nginx") return secret;
  const { name, read } = known ?? { name: "", read: [parseNginx(text, "")] };
  for (const { file, line, text: hidden } of read.flatMap(hiddenWords)) {
    if (file === name) addLines(secret, line, hidden);
  }
  return secret;
}

/** The lines on which the pattern, which crosses none, finds something. */
function addMatches(secret: Set<number>, text: string, pattern: RegExp): void {
  let line = 1;
  let feed = text.indexOf("\n");
  for (const { index } of text.matchAll(pattern)) {
    while (feed !== -1 && feed < index) {
      line += 1;
      feed = text.indexOf("\n", feed + 1);
    }
    secret.add(line);
  }
}

function addLines(secret: Set<number>, first: number, text: string): void {
  const count = text.split("\n").length;
  for (let line = first; line < first + count; line += 1) secret.add(line);
}
