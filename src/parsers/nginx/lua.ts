/**
 * Where the `}` stands that closes a `*_by_lua_block {`, given the offset after its `{`.
 *
 * Braces in Lua strings, long brackets and comments do not count (Lua 5.1 reference manual, 2.1;
 * lua-nginx-module's own lexer does the same). `undefined` when the text ends first.
 * Time is linear in the text.
 */
export function luaBlockEnd(text: string, from: number): number | undefined {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (depth === 0) return at;
    at = tokenEnd(text, at, character);
  }
  return undefined;
}

/** Past the string, comment or long bracket that begins at `at`, else past one character. */
function tokenEnd(text: string, at: number, character: string): number {
  if (character === '"' || character === "'") return stringEnd(text, at + 1, character);
  if (character === "[") return longBracketEnd(text, at) ?? at + 1;
  if (character !== "-" || text.charAt(at + 1) !== "-") return at + 1;
  return longBracketEnd(text, at + 2) ?? indexOrEnd(text, "\n", at + 2);
}

function stringEnd(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === quote) return at + 1;
    // A Lua string ends with its line unless the line break is escaped: do not swallow the file.
    if (character === "\n") return at;
    at += character === "\\" ? 2 : 1;
  }
  return at;
}

/** Past `[[ ... ]]` or `[=[ ... ]=]`; `undefined` when no long bracket begins at `at`. */
function longBracketEnd(text: string, at: number): number | undefined {
  if (text.charAt(at) !== "[") return undefined;
  let level = 0;
  while (text.charAt(at + 1 + level) === "=") level += 1;
  if (text.charAt(at + 1 + level) !== "[") return undefined;
  const close = `]${"=".repeat(level)}]`;
  const end = text.indexOf(close, at + 2 + level);
  return end === -1 ? text.length : end + close.length;
}

function indexOrEnd(text: string, searched: string, from: number): number {
  const found = text.indexOf(searched, from);
  return found === -1 ? text.length : found;
}
