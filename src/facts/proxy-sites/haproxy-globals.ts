import type { HaproxyConfiguration } from "../../parsers/haproxy.ts";
import type { ProxyGlobal } from "../proxy-site.ts";
import { haproxyText } from "./haproxy-lines.ts";

/** Keywords of `global` looked for; absent ones are reported as such. */
const KEYWORDS = ["user", "group", "uid", "gid", "chroot", "log", "ssl-server-verify"] as const;

/** Settings of all `global` sections, which are one to HAProxy. */
export function haproxyGlobals({ sections }: HaproxyConfiguration): readonly ProxyGlobal[] {
  const found = sections.filter(({ kind }) => kind === "global");
  const place = found[0] ?? sections[0];
  if (place === undefined) return [];
  const lines = found.flatMap((section) => section.lines);
  const { file, line } = place;
  const sockets = lines.filter(
    ({ keyword, args }) => keyword === "stats" && args[0]?.text === "socket",
  );
  return [
    ...KEYWORDS.map((name): ProxyGlobal => {
      const said = lines.findLast(({ keyword }) => keyword === name);
      const value = said?.args.map(({ text }) => text).join(" ");
      const text = said === undefined ? place.kind : haproxyText(said);
      return {
        proxy: "haproxy",
        name,
        value,
        text,
        file: said?.file ?? file,
        line: said?.line ?? line,
      };
    }),
    ...sockets.map((socket): ProxyGlobal => {
      const words = socket.args.slice(1).map(({ text }) => text);
      const { file: at, line: number } = socket;
      return {
        proxy: "haproxy",
        name: "stats.socket",
        value: words.join(" "),
        text: haproxyText(socket),
        file: at,
        line: number,
      };
    }),
  ];
}
