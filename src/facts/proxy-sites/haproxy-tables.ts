import type { HaproxyConfiguration, HaproxyLine, HaproxySection } from "../../parsers/haproxy.ts";
import type { NamedSetting } from "../proxy-site.ts";
import { allLines, haproxyText, sectionChain } from "./haproxy-lines.ts";
import type { HaproxyScope } from "./haproxy-routes.ts";
import { COUNTER } from "./haproxy-rules.ts";

interface Counters {
  readonly counting: readonly HaproxyLine[];
  readonly isRead: boolean;
}

const counters = new WeakMap<HaproxyConfiguration, Counters>();

/** Asked once for each frontend, so looked for once. */
function countersOf(configuration: HaproxyConfiguration): Counters {
  const known = counters.get(configuration);
  if (known !== undefined) return known;
  const all = configuration.sections.flatMap((one) => one.lines);
  const found = {
    counting: all.filter(({ args }) => args.some(({ text }) => /^track-sc\d*$/.test(text))),
    isRead: all.some(
      ({ keyword, args }) =>
        keyword !== "stick-table" && COUNTER.test(args.map(({ text }) => text).join(" ")),
    ),
  };
  counters.set(configuration, found);
  return found;
}

/**
 * `stick-table` of a frontend and of its backends: whether requests are counted in it (`track-sc`), and
 * whether a rule reads what was counted. Tables for persistence (`stick on`) count nothing.
 */
export function tableSettings(
  { section, configuration }: HaproxyScope,
  used: readonly HaproxySection[],
): readonly NamedSetting[] {
  const { counting, isRead } = countersOf(configuration);
  return [...new Set([section, ...used])].flatMap((owner) => {
    const chain = sectionChain(configuration, owner);
    const [table] = allLines([owner], "stick-table");
    if (table === undefined) return [];
    const counts = table.args.some(({ text }) => text === "store");
    const isPersistence = chain.some(({ lines }) =>
      lines.some(({ keyword }) => keyword === "stick"),
    );
    if (!counts || isPersistence) return [];
    const here = counting.some(({ args, file, line }) => {
      const words = args.map(({ text }) => text);
      const at = words.lastIndexOf("table");
      if (at !== -1) return words[at + 1] === owner.name;
      return chain.some(({ lines }) => lines.some((one) => one.file === file && one.line === line));
    });
    const value = `${here ? "counted" : "not counted"}, ${isRead ? "read" : "not read"}`;
    const { file, line } = table;
    return [{ name: "stick-table", value, text: haproxyText(table), file, line }];
  });
}
