import type { HaproxyConfiguration, HaproxyLine, HaproxySection } from "../../parsers/haproxy.ts";

/** `defaults` from `defaults`. */
const DEFAULTS_DEPTH_MAX = 64;

/** A section, and the `defaults` it takes from, nearest first. */
export function sectionChain(
  { sections }: HaproxyConfiguration,
  section: HaproxySection,
): readonly HaproxySection[] {
  const chain: HaproxySection[] = [];
  let current: HaproxySection | undefined = section;
  while (current !== undefined && chain.length < DEFAULTS_DEPTH_MAX) {
    chain.push(current);
    current = current.defaults === undefined ? undefined : sections[current.defaults];
  }
  return chain;
}

/** Lines of a keyword in force where every one counts: those of `defaults` run first. */
export function allLines(
  chain: readonly HaproxySection[],
  ...keywords: readonly string[]
): readonly HaproxyLine[] {
  return chain
    .toReversed()
    .flatMap(({ lines }) => lines.filter(({ keyword }) => keywords.includes(keyword)));
}

/** The last line that begins with these words, of the nearest section that has one. */
export function lastLine(
  chain: readonly HaproxySection[],
  ...words: readonly string[]
): HaproxyLine | undefined {
  const [first, ...rest] = words;
  for (const { lines } of chain) {
    const found = lines.findLast(
      ({ keyword, args }) => keyword === first && rest.every((word, at) => args[at]?.text === word),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `option NAME` in force: the nearest section that says it or `no option NAME` decides. */
export function optionLine(
  chain: readonly HaproxySection[],
  name: string,
): HaproxyLine | undefined {
  for (const { lines } of chain) {
    const found = lines.findLast(({ keyword, args }) => {
      const words = [keyword, ...args.map(({ text }) => text)];
      const at = words[0] === "no" || words[0] === "default" ? 1 : 0;
      return words[at] === "option" && words[at + 1] === name;
    });
    if (found !== undefined) return found.keyword === "option" ? found : undefined;
  }
  return undefined;
}

/** The word behind `name` among a line's words. */
export function wordAfter(words: readonly string[], name: string): string | undefined {
  const at = words.lastIndexOf(name);
  return at === -1 ? undefined : words[at + 1];
}

/** Words that may be passwords are left out: what stands behind `stats auth` and in `userlist`. */
export function haproxyText({ keyword, args }: HaproxyLine): string {
  const words = args.map(({ text }) => text);
  const shown = keyword === "stats" && words[0] === "auth" ? ["auth", "***"] : words;
  const isSecret = keyword === "user" || /authorization|cookie/i.test(words.join(" "));
  return [keyword, ...(isSecret ? words.slice(0, 2) : shown)].join(" ").slice(0, 200);
}
