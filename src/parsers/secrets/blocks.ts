const LINES_MAX = 300;
/** A class, key, function or condition that says that what is in it is for development or tests. */
const DEVELOPMENT =
  /^\s*(?:class\s+_?(?:Test|Dev|Local|Ci|CI|Debug|Demo|Example)\w*|(?:async\s+)?def\s+_?test_\w*|["']?(?:development|develop|dev|test|testing|tests|local|ci|example|sample)["']?\s*:\s*(?:[{&<].{0,80})?$|(?:el)?if\b.{0,80}\b(?:DEBUG|TESTING|IS_DEV|IS_TEST|isDev\w*|isTest\w*|["'](?:dev|development|test|local)["'])|(?:describe|it|test)(?:\.\w+)?\()/;

/** Whether one of the blocks around a line, told by their indentation, is for development or tests. */
export function developmentBlock(text: string, start: number, line: string): boolean {
  if (isTestSection(text, start)) return true;
  let indent = indentOf(line);
  let end = start - 1;
  for (let lines = 0; lines < LINES_MAX && end > 0 && indent > 0; lines += 1) {
    const from = text.lastIndexOf("\n", end - 1) + 1;
    const above = text.slice(from, Math.min(end, from + 200));
    end = from - 1;
    if (above.trim() === "" || indentOf(above) >= indent) continue;
    indent = indentOf(above);
    if (DEVELOPMENT.test(above) && !/\b(?:not|!==?|!=)\b|!/.test(above)) return true;
  }
  return false;
}

/** Sections of `setup.cfg`, `tox.ini` and `pyproject.toml` that set up tests. */
const TEST_SECTION = /^\[(?:tool[.:])?(?:pytest|tox|testenv)\b[^\]]{0,80}\]/;

function isTestSection(text: string, start: number): boolean {
  const at = text.lastIndexOf("\n[", start - 1);
  return TEST_SECTION.test(text.slice(at + 1, at + 100));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
