/**
 * Markup with what a template engine fills in taken out, as long as it was and line for line, so that it reads as
 * HTML at its own places: Jinja, Django, Twig, Liquid, Handlebars, Go (`{{ }}`, `{% %}`), EJS, ERB (`<% %>`), PHP.
 */
export function maskTemplate(text: string): string {
  const pieces: string[] = [];
  /** Openers of which no end follows any more. */
  const open = new Set<string>();
  let at = 0;
  for (const match of text.matchAll(OPENER)) {
    const { index } = match;
    const region = REGIONS.find(({ begin }) => text.startsWith(begin, index));
    if (index < at || region === undefined || open.has(region.end)) continue;
    const end = endOf(text, index, region, open);
    if (end === undefined) {
      open.add(region.end);
      continue;
    }
    pieces.push(text.slice(at, index), masked(text.slice(index, end), region.kind));
    at = end;
  }
  return [...pieces, text.slice(at)].join("");
}

/** Whether a template engine gives a part of an attribute of masked markup. */
export function isFilledIn(value: string): boolean {
  return FILLED.test(value);
}

/** Of the private use area: stands for what is printed, and for what controls. */
const PRINTED = "\uE000";
const CONTROL = "\uE001";
/** `${...}` is left as it is: what fills it in reads like text. */
const FILLED = /[\uE000\uE001]|[$#]\{/;
const OPENER = /\{[{%#]|<[%?]/g;

interface Region {
  readonly begin: string;
  readonly end: string;
  readonly kind: "comment" | "printed" | "control";
}

/** The longer ones first. */
const REGIONS: readonly Region[] = [
  { begin: "{{!--", end: "--}}", kind: "comment" },
  { begin: "{{!", end: "}}", kind: "comment" },
  { begin: "{{", end: "}}", kind: "printed" },
  { begin: "{#", end: "#}", kind: "comment" },
  { begin: "{%", end: "%}", kind: "control" },
  { begin: "<%--", end: "--%>", kind: "comment" },
  { begin: "<%#", end: "%>", kind: "comment" },
  { begin: "<%=", end: "%>", kind: "printed" },
  { begin: "<%-", end: "%>", kind: "printed" },
  { begin: "<%", end: "%>", kind: "control" },
  { begin: "<?=", end: "?>", kind: "printed" },
  { begin: "<?", end: "?>", kind: "control" },
];
const BLOCK_COMMENT = /^\{%-?\s*comment\b/;
const BLOCK_COMMENT_END = /\{%-?\s*endcomment\b[^%]{0,80}%\}/g;

function endOf(
  text: string,
  index: number,
  { begin, end }: Region,
  open: Set<string>,
): number | undefined {
  const at = text.indexOf(end, index + begin.length);
  if (at === -1) return undefined;
  const after = at + end.length;
  if (!BLOCK_COMMENT.test(text.slice(index, index + 40)) || open.has("endcomment")) return after;
  BLOCK_COMMENT_END.lastIndex = after;
  const last = BLOCK_COMMENT_END.exec(text);
  if (last !== null) return last.index + last[0].length;
  open.add("endcomment");
  return after;
}

/** What controls is set off by blanks: `<a {% if x %}href=y{% endif %}>` keeps its attribute. */
function masked(region: string, kind: Region["kind"]): string {
  const isBlock = kind === "comment" || BLOCK_COMMENT.test(region);
  if (isBlock) return region.replace(/[^\n]/g, " ");
  if (kind === "printed") return region.replace(/[^\n]/g, PRINTED);
  return ` ${region.slice(1, -1).replace(/[^\n]/g, CONTROL)} `;
}
