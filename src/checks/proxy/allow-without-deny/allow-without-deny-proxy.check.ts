import { type BlockPath, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import {
  accessRules,
  authenticationAt,
  isAnyEnough,
  networkAccess,
} from "../../nginx/admission.ts";
import { isCutOff } from "../../nginx/content.ts";
import { isReachable } from "../../nginx/model.ts";
import { insertAfterEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyAllowWithoutDeny } from "./allow-without-deny.control.ts";

/** Where no line fits the client is let in (`ngx_http_access_handler`): an `allow` alone does nothing. */
export const allowWithoutDeny: NginxRule = {
  slug: "allow-without-deny",
  status: "fail",
  find(model) {
    const places = model.places
      .filter((place) => !isCutOff(place))
      .map(({ path, server }) => ({ path, server }));
    const excepted = statementsNamed(model, "limit_except").map(({ path, directive, place }) => ({
      path: [...path, directive],
      server: place.server,
    }));
    // In stream a server has no locations.
    const streams = model.streams.map((server) => ({ path: server.path, server }));
    return [...places, ...excepted, ...streams].flatMap(hitsAt);
  },
};

function hitsAt({
  path,
  server,
}: {
  readonly path: BlockPath;
  readonly server: NginxServer;
}): readonly NginxHit[] {
  const rules = accessRules(path);
  if (networkAccess(rules) !== "open" || !isReachable(server)) return [];
  const lastDeny = rules.findLastIndex(({ name }) => name === "deny");
  const idle = rules.slice(lastDeny + 1).filter(({ name }) => name === "allow");
  const [first] = idle;
  const last = idle.at(-1);
  if (first === undefined || last === undefined || idle.some(isForAll)) return [];
  if (isAnyEnough(path) && authenticationAt(path) !== undefined) return [];
  const outer = path.slice(0, -1).flatMap((block) => ownDirectives([block], "deny"));
  const lost = rules.some((rule) => path.at(-1)?.block?.includes(rule)) ? outer : [];
  return [
    {
      at: first,
      also: lost,
      servers: [server],
      message:
        lost.length === 0
          ? `allow ${first.args[0]?.text} keeps nobody out: no deny follows, and who is not named is let in`
          : `allow ${first.args[0]?.text} takes the place of the deny further out: who is not named is let in`,
      fix: "Write: deny all; behind the last allow",
      edits: insertAfterEdit(last, "deny all;"),
    },
  ];
}

function isForAll({ args }: NginxDirective): boolean {
  return args[0]?.text === "all" || args[0]?.text === "0.0.0.0/0";
}

export const proxyAllowWithoutDenyProxy = proxyCheck({
  control: proxyAllowWithoutDeny,
  reads:
    "allow and deny in force for every server, location and limit_except of nginx, in http and in stream.",
  nginx: [allowWithoutDeny],
  passes: "No list of allowed addresses lets everybody else in as well",
});
