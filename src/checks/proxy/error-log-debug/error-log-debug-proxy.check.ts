import { findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyErrorLogDebug } from "./error-log-debug.control.ts";

export const errorLogDebug: NginxRule = {
  slug: "error-log-debug",
  status: "note",
  find(model) {
    const outside = [model.main, ...model.https].flatMap((path) =>
      ownDirectives(path, "error_log"),
    );
    const streams = ownDirectives(model.main, "stream").flatMap((stream) =>
      findDirectives([stream], "error_log").map(({ directive }) => directive),
    );
    return [
      ...[...outside, ...streams].flatMap((directive) => hitsAt(directive, [])),
      ...statementsNamed(model, "error_log").flatMap(({ directive, place }) =>
        hitsAt(directive, [place.server]),
      ),
    ];
  },
};

function hitsAt(at: NginxDirective, servers: NginxHit["servers"]): readonly NginxHit[] {
  const [file, level] = at.args.map(({ text }) => text);
  if (!/^debug(?:_\w+)?$/.test(level ?? "")) return [];
  return [
    {
      at,
      servers,
      message: `${file} is written at debug level, headers of requests included`,
      fix: `Write: error_log ${file} warn;`,
      edits: replaceEdit(at, `error_log ${file} warn;`),
    },
  ];
}

export const proxyErrorLogDebugProxy = proxyCheck({
  control: proxyErrorLogDebug,
  reads: "error_log in every block of nginx.",
  nginx: [errorLogDebug],
  passes: "Whether a log is at debug level is said in the notes",
});
