import { isSecretName } from "../../core/secret.ts";

/** What stands in place of a secret. */
export const MASK = "***";
/** Characters of a command line that are shown. */
export const SHOWN_CHARS_MAX = 2_000;

// Each alternative starts with another character, so neither pattern can backtrack far.
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|\\.|[^\s"'\\])`;
const ASSIGNMENT = new RegExp(`([A-Za-z_][A-Za-z0-9_-]{0,128})=((?!\\*{3}["'])${VALUE}+)`, "gs");
/** `"NAME=two words"`: the quote before the name decides where the value ends. */
const QUOTED = /(["'])([A-Za-z_][A-Za-z0-9_-]{0,128})=((?:\\.|(?!\1)[^\\])+)/gs;
const OPTION = new RegExp(`(--?([A-Za-z][A-Za-z0-9_-]{0,128})\\s+)((?![-\\s])${VALUE}+)`, "gs");
const HEADER =
  /(\b(?:authorization|cookie|x-[a-z-]{0,32}(?:key|token|signature))\s*:\s*)[^"'\n]*/gi;
const USERINFO = /(\b[a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/"']{0,512}@/gi;
const WORD = /(?<![\w+/.=-])[\w+=-]{24,}(?![\w+/.=:-])/g;
const QUERY = /(\b[a-z][a-z0-9+.-]{0,15}:\/\/[^\s?"']{0,1024})\?[^\s"']*/gi;

/** A command line as it may be shown: secret-named values, credentials in URLs and headers masked. */
export function maskCommandLine(command: string): string {
  const masked = command
    .slice(0, 4 * SHOWN_CHARS_MAX)
    .replace(HEADER, `$1${MASK}`)
    .replace(QUOTED, (whole, quote: string, name: string) =>
      isSecretOption(name) ? `${quote}${name}=${MASK}` : whole,
    )
    .replace(ASSIGNMENT, (whole, name: string) =>
      isSecretOption(name) ? `${name}=${MASK}` : whole,
    )
    .replace(OPTION, (whole, option: string, name: string) =>
      isSecretOption(name) ? `${option}${MASK}` : whole,
    )
    .replace(USERINFO, `$1${MASK}@`)
    .replace(QUERY, `$1?${MASK}`)
    .replace(WORD, (word) => (isGenerated(word) ? MASK : word));
  return masked.length > SHOWN_CHARS_MAX ? `${masked.slice(0, SHOWN_CHARS_MAX)}…` : masked;
}

/** `--requirepass` (redis-server) and its like do not part the word. */
function isSecretOption(name: string): boolean {
  return isSecretName(name.replaceAll("-", "_")) || /pass(?:wd|word)?$/i.test(name);
}

/** Small letters, capitals and digits mixed over such a length: a key that stands on its own, not a name or a hash. */
function isGenerated(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word);
}
