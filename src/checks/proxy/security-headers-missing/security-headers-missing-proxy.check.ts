import { directiveText } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import type { AnsweringPlace } from "../../nginx/answering.ts";
import { addedTo, lossesAt } from "../../nginx/lost-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import {
  CSP,
  contentPlaces,
  FRAME,
  hasScript,
  NOSNIFF,
  REFERRER,
  SECURITY_FIELDS,
  sentAt,
} from "../../nginx/security-fields.ts";
import { isSnippet } from "../../nginx/sides.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxySecurityHeadersMissing } from "./security-headers-missing.control.ts";

/** What a server should add, each with a value that suits most sites. */
const LINES: ReadonlyMap<string, string> = new Map([
  [NOSNIFF, "add_header X-Content-Type-Options nosniff always;"],
  [FRAME, "add_header X-Frame-Options DENY always;"],
  [REFERRER, "add_header Referrer-Policy strict-origin-when-cross-origin always;"],
  [
    CSP,
    "add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'\" always;",
  ],
]);

/** A server over TLS whose main route lacks one of the four. */
export const securityHeadersMissing: NginxRule = {
  slug: "security-headers-missing",
  status: "warn",
  find(model) {
    const places = contentPlaces(model, "tls").filter(({ kind }) => kind !== "text");
    const end = isSnippet(model) ? " by this file; the http block around it is in another" : "";
    return [...Map.groupBy(places, ({ server }) => server)].flatMap(([server, own]) => {
      const main = own.filter(({ isMain }) => isMain);
      const judged = main.length > 0 ? main : own;
      const missing = missingIn(judged);
      return missing.length === 0
        ? []
        : [
            {
              ...hitOf(server, missing, end),
              ...addedTo(
                server.directive,
                own.map(({ path }) => path),
                (path) => linesFor(missing.filter((field) => lacks(path, field))),
              ),
              status: weightOf(judged, missing),
            },
          ];
    });
  },
};

/** Where nginx sets some, the others of an application's pages may well be the application's own matter. */
function weightOf(places: readonly AnsweringPlace[], missing: readonly string[]): "note" | "warn" {
  const isPassed = places.every(({ kind }) => kind === "passed");
  return isPassed && missing.length < LINES.size ? "note" : "warn";
}

function missingIn(places: readonly AnsweringPlace[]): readonly string[] {
  return [...LINES.keys()].filter((field) => places.some(({ path }) => lacks(path, field)));
}

function lacks(path: AnsweringPlace["path"], field: string): boolean {
  return !hasScript(path) && !isThere(path, field) && lossesAt(path, new Set([field])).length === 0;
}

function linesFor(fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => LINES.get(field) ?? []);
}

function isThere(path: AnsweringPlace["path"], field: string): boolean {
  return sentAt(path).some(
    (one) =>
      one.field === field ||
      (field === FRAME && one.field === CSP && /\bframe-ancestors\b/i.test(one.value)),
  );
}

function hitOf(server: NginxServer, missing: readonly string[], end: string): NginxHit {
  const names = missing.map((field) => SECURITY_FIELDS.get(field) ?? field);
  return {
    at: server.directive,
    servers: [server],
    message: `nginx adds no ${names.join(", no ")}${end}`,
    fix: `Add to the server, unless the application sends it: ${linesFor(missing).join(" ")}`,
  };
}

/** `add_header` without `always` adds nothing to errors. */
export const securityHeaderNotAlways: NginxRule = {
  slug: "security-header-not-always",
  status: "note",
  find: (model) =>
    contentPlaces(model, "any").flatMap(({ server, path }) =>
      sentAt(path)
        .filter(({ field, isAlways }) => SECURITY_FIELDS.has(field) && !isAlways)
        .map(({ field, at }): NginxHit => {
          const fixed = directiveText(at).replace(/;$/, " always;");
          return {
            at,
            servers: [server],
            message: `${SECURITY_FIELDS.get(field)} is missing from errors: it is set without always`,
            fix: `Write: ${fixed}`,
            edits: replaceEdit(at, fixed),
          };
        }),
    ),
};

export const proxySecurityHeadersMissingProxy = proxyCheck({
  control: proxySecurityHeadersMissing,
  reads:
    "add_header and more_set_headers of nginx as they are in force where a server that speaks TLS serves content.",
  nginx: [securityHeadersMissing, securityHeaderNotAlways],
  passes: "nginx adds the security headers to what it serves over TLS",
  applies: ({ nginx }) =>
    nginx.some(({ model, servers }) =>
      contentPlaces(model, "any").some(({ server }) => servers.has(server)),
    ) || "nginx serves no content to clients elsewhere",
});
