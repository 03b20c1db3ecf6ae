import { answerNginx } from "../../../parsers/nginx/answer.ts";
import type { AnswerField, NginxOutcome } from "../../../parsers/nginx/answer-outcome.ts";
import { findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { NO_NAME } from "../../nginx/plain-answers.ts";
import { sampleHosts, sampleTargets } from "../../nginx/probes.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { sidesOf } from "../../nginx/sides.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyCorsWildcardCredentials } from "./cors-wildcard-credentials.control.ts";

const FOREIGN = "https://plimsoll.test";
const ALLOW_ORIGIN = "access-control-allow-origin";
const ALLOW_CREDENTIALS = "access-control-allow-credentials";

/** Asked as a browser would ask for a page of somebody else. */
export const corsWildcardCredentials: NginxRule = {
  slug: "cors-wildcard-credentials",
  status: "fail",
  find: (model) =>
    model.servers
      .filter(namesCredentials)
      .flatMap((server) =>
        [FOREIGN, "null"].flatMap((origin) =>
          outcomesOf(model, server, origin).flatMap((outcome) => hitsOf(server, outcome, origin)),
        ),
      ),
};

/** Most servers do not; the others are asked. */
function namesCredentials({ path }: NginxServer): boolean {
  const own = findDirectives(path, "add_header", "more_set_headers");
  const outer = ownDirectives(path.slice(0, -1), "add_header", "more_set_headers");
  return [...own.map(({ directive }) => directive), ...outer].some(({ args }) =>
    args.some(({ text }) => text.toLowerCase().startsWith(ALLOW_CREDENTIALS)),
  );
}

function outcomesOf(
  model: NginxModel,
  server: NginxServer,
  origin: string,
): readonly NginxOutcome[] {
  const side = sidesOf(model).get(server);
  const isTls = side !== undefined && side.tls.length > 0;
  const socket = isTls ? side.tls.find(({ isQuic }) => !isQuic) : side?.plain[0];
  const host = sampleHosts(server)[0] ?? NO_NAME;
  if (socket === undefined) return [];
  const { address, port } = socket;
  const scheme = isTls ? "https" : "http";
  const fields = [["Origin", origin]] as const;
  return sampleTargets(server)
    .flatMap((target) =>
      ["GET", "OPTIONS"].flatMap(
        (method) =>
          answerNginx(model.servers, { scheme, address, port, host, target, method, fields })
            .outcomes,
      ),
    )
    .filter((outcome) => outcome.server === server);
}

function hitsOf(
  server: NginxServer,
  { responseFields }: NginxOutcome,
  origin: string,
): readonly NginxHit[] {
  const credentials = fieldOf(responseFields, ALLOW_CREDENTIALS);
  const allowed = fieldOf(responseFields, ALLOW_ORIGIN);
  if (credentials?.value.text.trim().toLowerCase() !== "true" || allowed === undefined) return [];
  const value = allowed.value.text.trim();
  if (value !== origin && value !== "*") return [];
  const who = origin === "null" ? "the origin null (a sandboxed frame)" : "any origin";
  return [
    {
      at: allowed.at,
      servers: [server],
      message:
        value === "*"
          ? "Access-Control-Allow-Origin is * beside Access-Control-Allow-Credentials, which browsers refuse and the next edit turns into an echo"
          : `Access-Control-Allow-Origin allows ${who}, with credentials`,
      fix: 'Name the origins: map $http_origin $cors_origin { default ""; "https://app.example.com" $http_origin; } and add_header Access-Control-Allow-Origin $cors_origin always;',
      also: [credentials.at],
      status: value === "*" ? "warn" : "fail",
    },
  ];
}

function fieldOf(fields: readonly AnswerField[], name: string): AnswerField | undefined {
  return fields.findLast((one) => one.name.toLowerCase() === name && one.action !== "remove");
}

export const proxyCorsWildcardCredentialsProxy = proxyCheck({
  control: proxyCorsWildcardCredentials,
  reads:
    "The fields nginx adds to the answer for a request with a foreign Origin, and with null, on every location, by GET and OPTIONS.",
  nginx: [corsWildcardCredentials],
  passes: "nginx allows no foreign origin answers with credentials",
});
