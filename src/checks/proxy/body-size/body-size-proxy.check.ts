import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { bodySizeStatements } from "../../nginx/limit-statements.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { lackingBlock, type NginxRoute, passRoutes } from "../../nginx/serving.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifReached } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteBodySizeRule } from "../../proxy-sites/limits.ts";
import { untoldOnRoutes } from "../../proxy-sites/untold.ts";
import { proxyBodySize } from "./body-size.control.ts";

const DIRECTIVE = "client_max_body_size";
/** The policy of the catalogue. */
export const BODY_BYTES_MAX = 10 * 1024 ** 2;
const LIMIT = `${DIRECTIVE} 10m;`;

/** Routes whose requests may have bodies that are handed on; memcached gets none. */
function bodyRoutes(model: NginxModel): readonly NginxRoute[] {
  return passRoutes(model).filter(({ passes }) =>
    passes.some(({ name }) => name !== "memcached_pass"),
  );
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes as nginx reads a size; `undefined` for what it refuses. */
function sizeBytes(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,18})([kmg]?)$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function limitRule(
  slug: string,
  status: NginxRule["status"],
  holds: (bytes: number) => boolean,
  says: (text: string) => string,
): NginxRule {
  return {
    slug,
    status,
    find(model) {
      return bodyRoutes(model).flatMap(({ server, path, location }): readonly NginxHit[] => {
        const at = effectiveScalar(path, DIRECTIVE);
        const text = at?.args[0]?.text ?? "";
        const bytes = sizeBytes(text);
        if (at === undefined || bytes === undefined || !holds(bytes)) return [];
        return [
          {
            at,
            also: [location.directive],
            servers: [server],
            message: says(text),
            fix: `Write: ${LIMIT}`,
            edits: replaceEdit(at, LIMIT),
          },
        ];
      });
    },
  };
}

export const bodySizeUnlimited = limitRule(
  "body-size-unlimited",
  "fail",
  (bytes) => bytes === 0,
  () => "Request bodies of any size are accepted",
);

export const bodySizeLarge = limitRule(
  "body-size-large",
  "warn",
  (bytes) => bytes > BODY_BYTES_MAX,
  (text) => `Request bodies of up to ${text} are accepted, more than 10m`,
);

/** nginx's own limit is 1 MB: nothing is open, yet nobody has decided. */
export const bodySizeNotSet: NginxRule = {
  slug: "body-size-not-set",
  status: "warn",
  find(model) {
    return bodyRoutes(model)
      .filter(({ path }) => effectiveScalar(path, DIRECTIVE) === undefined && !hasUnread(path))
      .map(({ server }) => {
        const at = lackingBlock(model, server);
        return {
          at,
          also: [server.directive],
          servers: [server],
          message: `No ${DIRECTIVE} is set; nginx allows 1m by itself`,
          fix: `Write: ${LIMIT}`,
          edits: insertInEdit(at, LIMIT),
        };
      });
  },
};

export const proxyBodySizeProxy = proxyCheck({
  control: proxyBodySize,
  reads: `${DIRECTIVE} in force in every location of nginx that hands requests on; request_body of Caddy, LimitRequestBody of Apache, rules on content-length of HAProxy, buffering of Traefik.`,
  nginx: [bodySizeUnlimited, bodySizeLarge, bodySizeNotSet],
  sites: [siteBodySizeRule],
  untold: [untoldOnRoutes(({ bodyMax }) => bodyMax)],
  passes: "Request bodies are limited to 10 MB or less",
  applies: ifReached,
  states: bodySizeStatements,
});
