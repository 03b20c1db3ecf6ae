import { defineCheck } from "../../../core/check.ts";
import type { HttpExchange } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { type Disclosure, findDisclosures } from "../../../parsers/http/disclosure.ts";
import { quoted } from "../../../parsers/http/field.ts";
import { judgeAnswers } from "../../live-headers/judge-answers.ts";
import { headersDisclosure } from "./disclosure.control.ts";

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
      fix: "nginx: server_tokens off; and proxy_hide_header X-Powered-By; Apache: ServerTokens Prod and Header always unset X-Powered-By; Caddy: header -Server; PHP: expose_php = Off; Express: app.disable('x-powered-by'); uvicorn: --no-server-header",
      good: "No header tells a version",
      inapplicable: "No live target is given",
      concerns: () => true,
      faults: ({ answer }) =>
        versions(answer).map(({ header, value }) => ({
          rule: "version",
          status: "warn",
          subject: header.toLowerCase(),
          what: `${header} tells a version (${quoted(value)})`,
        })),
    });
  },
});

function versions({ fields }: HttpExchange): readonly Disclosure[] {
  return findDisclosures(fields).filter(({ hasVersion }) => hasVersion);
}

/** What tells a version beside the two that are always shown. */
function others(answer: HttpExchange): readonly string[] {
  return versions(answer)
    .filter(({ header }) => !/^(?:server|x-powered-by)$/i.test(header))
    .map(({ header, value }) => `${header}: ${value}`);
}
