import { defineCheck } from "../../../core/check.ts";
import { type HttpExchange, type HttpSite, judgedAnswer } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { type Disclosure, findDisclosures } from "../../../parsers/http/disclosure.ts";
import { quoted } from "../../../parsers/http/field.ts";
import { judgeAnswers } from "../../live-headers/judge-answers.ts";
import type { ServerFixes } from "../../live-site/server-fixes.ts";
import { headersDisclosure } from "./disclosure.control.ts";
import { liveStatements } from "./disclosure-states.ts";

/** Headers shown of one answer. */
const SHOWN_MAX = 10;

export const headersDisclosureLive = defineCheck({
  control: headersDisclosure,
  layer: "live",
  reads: "Server, X-Powered-By and their like on every answer, redirects and errors included.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeAnswers(sites, {
      fields: ["Server", "X-Powered-By"],
      cells: ({ answer }) => others(answer).slice(0, SHOWN_MAX),
      fix: SERVER_FIX,
      good: "No header tells a version",
      inapplicable: "No live target is given",
      concerns: () => true,
      faults: ({ answer }, site) =>
        versions(answer).map(({ header, value }) => ({
          rule: "version",
          status: "warn",
          subject: header.toLowerCase(),
          what: `${spelledAs(header, site)} tells a version (${quoted(value)})`,
          fix: fixFor(header, value),
        })),
    });
  },

  states({ sites }) {
    return liveStatements(sites);
  },
});

/** HTTP/2 has all names in lower case (RFC 9113 section 8.2): the same field is named the same. */
function spelledAs(header: string, site: HttpSite): string {
  const fields = judgedAnswer(site)?.fields ?? [];
  return fields.find(([name]) => name.toLowerCase() === header.toLowerCase())?.[0] ?? header;
}

const SERVER_FIX: ServerFixes = {
  nginx: "server_tokens off; in http { }, for every server",
  caddy: "header -Server",
  apache: "ServerTokens Prod and ServerSignature Off",
  generic:
    "Take the version out of Server in the server's settings, or drop the field in the proxy",
};

/** Python's own server, which runserver is, cannot be told to be silent, and is for development. */
const RUNSERVER_FIX: ServerFixes = {
  generic: "Serve the application by gunicorn or uvicorn behind a proxy, not by runserver",
};
const PHP_FIX: ServerFixes = { generic: "PHP: expose_php = Off in php.ini" };

function fixFor(header: string, value: string): ServerFixes {
  if (header.toLowerCase() === "server") {
    return value.startsWith("WSGIServer/") ? RUNSERVER_FIX : SERVER_FIX;
  }
  if (/^php\b/i.test(value)) return PHP_FIX;
  return {
    nginx: `proxy_hide_header ${header};`,
    caddy: `header -${header}`,
    apache: `Header always unset ${header}`,
    generic: `Drop ${header} in the application or the proxy`,
  };
}

function versions({ fields }: HttpExchange): readonly Disclosure[] {
  return findDisclosures(fields).filter(({ hasVersion }) => hasVersion);
}

/** What tells a version beside the two that are always shown. */
function others(answer: HttpExchange): readonly string[] {
  return versions(answer)
    .filter(({ header }) => !/^(?:server|x-powered-by)$/i.test(header))
    .map(({ header, value }) => `${header}: ${value}`);
}
