import type { HaproxySection } from "../../parsers/haproxy.ts";
import type { Restriction, SiteRoute } from "../proxy-site.ts";
import { type Effect, routesFor } from "./effects.ts";
import type { Alternatives } from "./haproxy-condition.ts";
import { allLines, haproxyText, lastLine } from "./haproxy-lines.ts";
import { both, EVERYTHING, type PathPattern } from "./request-matcher.ts";
import { NOTHING_DONE } from "./route-defaults.ts";

/** Page of `stats enable` without `stats uri` (manual, "stats uri"). */
const STATS_URI = "/haproxy?stats";

/** The statistics page of a section, where it has one: behind its rules on requests, before everything else. */
export function statsRoutes(
  section: HaproxySection,
  chain: readonly HaproxySection[],
  reach: Alternatives,
  effects: readonly Effect[],
): readonly SiteRoute[] {
  const lines = allLines(chain, "stats").filter(({ args }) => args[0]?.text !== "socket");
  const isOn = lines.some(({ args }) =>
    /^(?:enable|uri|auth|admin|realm|refresh)$/.test(args[0]?.text ?? ""),
  );
  const first =
    lastLine(chain, "stats", "enable") ?? lastLine(chain, "stats", "uri") ?? lines.at(-1);
  if (!isOn || first === undefined || section.kind === "defaults") return [];
  const uri = lastLine(chain, "stats", "uri")?.args[1]?.text ?? STATS_URI;
  const path: PathPattern = { kind: "prefix", text: uri };
  const guards = lines.filter(
    ({ args }) =>
      args[0]?.text === "auth" || (args[0]?.text === "http-request" && args[1]?.text !== "allow"),
  );
  const restrictions = guards.map((line): Restriction => {
    const kind =
      line.args[0]?.text === "auth" || line.args[1]?.text === "auth" ? "password" : "address";
    return { kind, text: haproxyText(line), file: line.file, line: line.line };
  });
  const admin = lines.find(({ args }) => args[0]?.text === "admin");
  return reach.flatMap((outer) =>
    routesFor(both(outer, { ...EVERYTHING, paths: [path] }), effects, (force) => ({
      ...NOTHING_DONE,
      text: haproxyText(first),
      responseFields: force.responseFields,
      action: { kind: "own-page", page: admin === undefined ? "status" : "admin" },
      restrictions: [...force.restrictions, ...restrictions],
      file: first.file,
      line: first.line,
    })),
  );
}
