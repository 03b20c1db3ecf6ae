import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  pass,
} from "../../../core/check.ts";
import type { HttpSite } from "../../../core/http-site.ts";
import { knownValue } from "../../../core/reading.ts";
import { type ForeignHostAnswer, foreignHost } from "../../../facts/foreign-host.fact.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import { type ServerFixes, serverFix } from "../../live-site/server-fixes.ts";
import { hostsLive } from "./live.control.ts";

export const hostsLiveLive = defineCheck({
  control: hostsLive,
  layer: "live",
  reads: "how each target answers a request whose Host, and then X-Forwarded-Host, is not its own",
  needs: { answers: foreignHost },
  wants: { sites: httpSite },

  evaluate({ answers }, { sites }) {
    const seen = knownValue(sites) ?? [];
    const findings = answers.flatMap((answer) => findingsOf(answer, fixFor(answer, seen)));
    const open = answers.find((answer) => whyOpen(answer) !== undefined);
    if (open !== undefined) {
      return judge(findings, cannotTell("unreachable", `${open.url}: ${whyOpen(open)}`));
    }
    if (answers.length === 0) return cannotTell("unreachable", "No target was asked");
    const urls = [...new Set(answers.map(({ url }) => url))].join(", ");
    return judge(findings, pass(`A foreign Host is refused at ${urls}`, answers.map(evidenceOf)));
  },
});

/** In the words of the server that answered, where its answers were seen. */
function fixFor({ url }: ForeignHostAnswer, sites: readonly HttpSite[]): string {
  const { hostname } = new URL(url);
  const site = sites.find((each) => new URL(each.url).hostname === hostname);
  return site === undefined ? REFUSE.generic : serverFix(site, REFUSE);
}

function findingsOf(answer: ForeignHostAnswer, refuse: string): readonly Finding[] {
  const { header, url, isApplicationPage, status } = answer;
  const echoedIn = echoesOf(answer);
  if (answer.problem !== undefined || answer.isRefused) return [];
  const evidence = [evidenceOf(answer)] as const;
  if (header === "X-Forwarded-Host") {
    if (echoedIn.length === 0) return [];
    const message = `${url} honours X-Forwarded-Host from the client: it comes back in ${echoedIn.join(", ")}`;
    return [{ rule: "forwarded-host-honoured", status: "warn", message, fix: FORWARDED, evidence }];
  }
  if (echoedIn.length > 0) {
    const message = `${url} repeats a foreign Host in ${echoedIn.join(", ")}`;
    return [{ rule: "foreign-host-echoed", status: "warn", message, fix: refuse, evidence }];
  }
  if (isApplicationPage && isServed(status)) {
    const message = isSuccess(status)
      ? `${url} answers a foreign Host with the application's page`
      : `${url} leads a foreign Host on to its own pages, as its own name`;
    return [{ rule: "foreign-host-served", status: "warn", message, fix: refuse, evidence }];
  }
  return [];
}

/** A refusal may quote the name in its text, as Django's does: nobody follows a link from there. */
function echoesOf({ status, echoedIn }: ForeignHostAnswer): readonly string[] {
  const isRefusal = status !== undefined && status >= 400 && status < SERVER_ERROR_MIN;
  return isRefusal ? echoedIn.filter((where) => where !== "body") : echoedIn;
}

const REFUSE: ServerFixes = {
  nginx:
    // The own name may stand in SNI and a foreign one in Host: then only the return refuses it.
    "server { listen 443 ssl default_server; ssl_reject_handshake on; return 444; } server { listen 80 default_server; return 444; }",
  caddy: "name each site by its host (example.org { ... }) instead of a port alone",
  apache:
    "a first VirtualHost for all other names: ServerName default.invalid and Redirect 403 / in it",
  django:
    "ALLOWED_HOSTS with the names served and no others (DJANGO_ALLOWED_HOSTS where the settings read it)",
  generic:
    "Set DJANGO_ALLOWED_HOSTS (or TrustedHostMiddleware, TRUSTED_HOSTS) to the names served, and add to nginx: server { listen 443 ssl default_server; ssl_reject_handshake on; return 444; } server { listen 80 default_server; return 444; }",
};
const FORWARDED =
  "Set USE_X_FORWARDED_HOST = False in the settings, or overwrite the header in the proxy: proxy_set_header X-Forwarded-Host $host;";

/** Why an answer tells nothing: the target did not answer, or failed for a reason of its own. */
function whyOpen(answer: ForeignHostAnswer) {
  const { problem, header, isRefused, status, echoedIn, isApplicationPage } = answer;
  if (problem !== undefined) return problem;
  if (header !== "Host" || isRefused || echoedIn.length > 0) return undefined;
  if (status === undefined) return "no status in the answer to a foreign Host";
  if (status >= SERVER_ERROR_MIN) {
    return `status ${status} to a foreign Host is a failure, not a refusal`;
  }
  return status >= CLIENT_ERROR_MIN && isApplicationPage
    ? `its own name gets the same status ${status}, so that nothing tells whether the foreign one is refused`
    : undefined;
}

const CLIENT_ERROR_MIN = 400;
const SERVER_ERROR_MIN = 500;

/** A page, or a redirect that stays at the foreign name. */
function isServed(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 400;
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function evidenceOf(answer: ForeignHostAnswer): Evidence {
  const { url, header, sent, isRefused, status, echoedIn } = answer;
  const got = isRefused ? "refused without an answer" : `status ${status ?? "unknown"}`;
  const echo = echoedIn.length === 0 ? "not repeated" : `repeated in ${echoedIn.join(", ")}`;
  return { url, excerpt: `GET ${url} with ${header}: ${sent} -> ${got}, ${echo}` };
}
