import { scanStrings } from "../../parsers/string-literals.ts";
import { isDevelopmentFile } from "../source-files.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { NOT_LIVE } from "./python-files.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

/** Lines told of one deployment. */
export const LOGGED_ROWS_MAX = 50;
/** Files looked through. */
const FILES_MAX = 600;
const SOURCE = /\.(?:py|[cm]?[jt]sx?)$/;
const CALL =
  /\b(?:(?:self\.)?_?log(?:ger|ging)?|app\.logger|current_app\.logger|console|winston|req(?:uest)?\.log)\.(?:debug|info|warn(?:ing)?|error|critical|exception|log|trace|fatal)\s*\(/g;
/** A name that holds a secret itself, no part of its description (`token_count`, `password_field`). */
const SECRET =
  /(?<![\w$])((?:[\w$]+\.)*(?:\w+_)?(?:token|passwd|password|secret|secret_key|api_?key|apiKey|accessToken|refreshToken|authToken|authorization))(?![\w$]|\s*\(|\s*=[^=])/gi;
/** `headers["Authorization"]`, `cookies.get("session")`. */
const HELD =
  /\b(?:headers|cookies|environ|POST|form)(?:\.get\(|\[)\s*["'](?:authorization|cookie|set-cookie|x-api-key|x-csrf-?token|password|[\w-]*(?:token|secret|session)[\w-]*)["']/i;
/** Calls and comparisons that give nothing of it away, and members by a name: `token[Field.expiry]`. */
const HARMLESS =
  /\b(?:len|bool|type|isinstance|hash|sha256|hexdigest|mask\w*|redact\w*|fingerprint|Boolean|typeof|describe\w*|obfuscate\w*|hide\w*|sanitize\w*)\s*\(?\s*$|!\s*$/i;
const COMPARED =
  /^\s*(?:is\b|not\b|in\b|===?|!==?|\?|\.length\b|&&|\|\||if\b|\[\s*["'A-Za-z_$][^\]:\n]{0,80}\])/;

/** Statements that write a token, a password or a credential field, or a part of it, into the log. */
export const loggedSecretsReader: SourceReader = {
  frameworks: "any",
  async read({ sources }: SourceContext): Promise<readonly SourceSetting[]> {
    const rows: SourceSetting[] = [];
    const paths = sources.paths.filter(
      (path) => SOURCE.test(path) && !NOT_LIVE.test(path) && !isDevelopmentFile(path),
    );
    for (const file of paths.slice(0, FILES_MAX)) {
      const text = await sources.text(file);
      if (text !== undefined && isWorthwhile(text)) rows.push(...rowsOf(file, text));
      if (rows.length >= LOGGED_ROWS_MAX) break;
    }
    return rows.slice(0, LOGGED_ROWS_MAX);
  },
};

/** Whatever `SECRET` and `HELD` find holds one of these. */
const NAMES_SECRET = /token|passw(?:or)?d|secret|api[_-]?key|authorization|cookie|session/i;

/** Whether a call of a logger may name a secret: most files are told apart by this, before their texts are. */
function isWorthwhile(text: string): boolean {
  return (
    NAMES_SECRET.test(text) &&
    [...text.matchAll(CALL)].some(({ index, 0: opening }) => {
      const start = index + opening.length;
      return NAMES_SECRET.test(text.slice(start, reachOf(text, start)));
    })
  );
}

const TOKEN = /(["'`])(?:\\[\s\S]|(?!\1)[^\\])*\1?|[()]/g;

/** Where the call ends at the latest: brackets in quotes are none. */
function reachOf(text: string, start: number): number {
  const reach = text.slice(start, start + CALL_MAX);
  let depth = 1;
  for (const { 0: token, index } of reach.matchAll(TOKEN)) {
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    if (depth === 0) return start + index;
  }
  return start + reach.length;
}

function rowsOf(file: string, text: string): readonly SourceSetting[] {
  const { code, literals } = scanStrings(text, file.endsWith(".py") ? "python" : "javascript");
  return [...code.matchAll(CALL)].flatMap(({ index, 0: opening }) => {
    const start = index + opening.length;
    const end = closing(code, start);
    const filled = literals
      .filter(({ offset, isFilled }) => isFilled && offset >= start && offset < end)
      .flatMap(({ text: held }) => placesIn(held));
    const written = HELD.exec(text.slice(start, end))?.[0];
    const name = [code.slice(start, end), ...filled]
      .map(secretIn)
      .find((found) => found !== undefined);
    const what = name ?? written;
    if (what === undefined) return [];
    const line = code.slice(0, index).split("\n").length;
    return [rowOf(file, line, what.slice(0, 80))];
  });
}

/** Longest call that is looked at. */
const CALL_MAX = 2_000;

function closing(code: string, start: number): number {
  let depth = 1;
  const limit = Math.min(code.length, start + CALL_MAX);
  for (let at = start; at < limit; at += 1) {
    if (code[at] === "(") depth += 1;
    else if (code[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return limit;
}

/** What stands in the places of an f-string or a template. */
function placesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$?\{([^{}]{1,200})\}/g)].map(([, place = ""]) => place);
}

/** `access_token.id`: what is told of an object that holds a secret. */
const TOLD_OF =
  /^\??\.(?:id|pk|uuid|type|kind|name|label|title|status|scopes?|user_id|\w+_(?:at|by)|\w+(?:_id|Id))\b(?!\s*\()/;

function secretIn(text: string): string | undefined {
  for (const { index, 0: name } of text.matchAll(SECRET)) {
    const before = text.slice(Math.max(0, index - 40), index);
    const after = text.slice(index + name.length);
    if (HARMLESS.test(before) || COMPARED.test(after) || TOLD_OF.test(after)) continue;
    return name;
  }
  return undefined;
}

function rowOf(file: string, line: number, name: string): SourceSetting {
  return {
    slug: "logging.sensitive",
    property: "log.sensitive",
    ...{ file, line, kind: "literal", value: `${name} is logged`, variables: [] },
    resolved: { state: "known", value: name, from: "literal" },
    chain: `${name} is written into the log <- ${file}:${line}`,
  };
}
