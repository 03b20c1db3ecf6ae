/** One `key = value` of an INI file. */
export interface IniEntry {
  /** Without brackets; empty before the first section. */
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** 1-based, where it starts. */
  readonly line: number;
}

/** Entries of one file. */
const ENTRIES_MAX = 5_000;

/**
 * INI as supervisor and uWSGI read it: `;` and `#` begin a comment line, ` ;` one behind a value, an indented line
 * goes on with the value before it. Never throws.
 */
export function parseIni(text: string): readonly IniEntry[] {
  const entries: IniEntry[] = [];
  let section = "";
  for (const [index, written] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = written.replace(/\s;.*$/, "");
    if (/^\s*(?:[;#]|$)/.test(line)) continue;
    const title = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (title === undefined) addLine(entries, line, { section, line: index + 1 });
    else section = title.trim();
  }
  return entries.slice(0, ENTRIES_MAX);
}

function addLine(
  entries: IniEntry[],
  text: string,
  place: Pick<IniEntry, "section" | "line">,
): void {
  const last = entries.at(-1);
  if (/^\s/.test(text) && last?.section === place.section) {
    entries.splice(-1, 1, { ...last, value: `${last.value} ${text.trim()}` });
    return;
  }
  const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(text.trim()) ?? [];
  if (key !== undefined && value !== undefined) entries.push({ ...place, key, value });
}
