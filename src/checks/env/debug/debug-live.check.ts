import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import { appSettings } from "../../../facts/app-settings.fact.ts";
import { application } from "../../../facts/application.fact.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { type Environment, environment, stageOf } from "../../../facts/environment.fact.ts";
import { type ErrorPage, type ErrorPages, errorPage } from "../../../facts/error-page.fact.ts";
import { hubUrl } from "../../../facts/hub-url.fact.ts";
import { listeners } from "../../../facts/listeners.fact.ts";
import { processes } from "../../../facts/processes.fact.ts";
import { seedProfile } from "../../../facts/seed-profile.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { isPublicName } from "../../judgement/host-pattern.ts";
import { thenRestart } from "../../judgement/remedy.ts";
import { reachOf } from "../../route/address.ts";
import { envDebug } from "./debug.control.ts";
import { judgeDebug } from "./debug-config.check.ts";

export const envDebugLive = defineCheck({
  control: envDebug,
  layer: "live",
  reads: "the error page of an address that does not exist, for signs of a debugger",
  wants: {
    pages: errorPage,
    environment,
    profile: seedProfile,
    application,
    settings: appSettings,
    services,
    mode: deploymentMode,
    hub: hubUrl,
    listeners,
    processes,
  },

  evaluate(_facts, readings) {
    const { pages: seen } = readings;
    if (seen.state !== "known") return answerUnseen(seen);
    const pages = seen.value;
    const shown = pages.filter(({ debugSign }) => debugSign !== undefined);
    const isDev = isDevelopment(readings.environment);
    const judged = isDev ? shown.filter(({ url }) => !isLocalUrl(url)) : shown;
    const restart = thenRestart(knownValue(readings.services));
    const findings = judged.map((page) => findingOf(page, restart));
    if (shown.length > 0 && findings.length === 0) {
      return pass(
        "A debug page is shown, in development and to this machine only",
        shown.map(evidenceOf),
      );
    }
    const env = knownValue(readings.environment);
    const inside =
      env === undefined ? undefined : judgeDebug({ ...readings, environment: env }).status;
    // An error page of the application's own proves nothing against a switch seen to be on.
    if (findings.length === 0 && (inside === "fail" || inside === "warn" || inside === "unknown")) {
      return notApplicable(
        "The error page shows no debug trace, which does not clear the configuration",
      );
    }
    if (pages.length === 0) return notApplicable("No error page was asked for");
    if (findings.length === 0 && pages.every(isElsewhere)) {
      return notApplicable("No error page was shown: the answer leads elsewhere");
    }
    return judge(findings, pass("The error page shows no debug trace", pages.map(evidenceOf)));
  },

  states(_facts, { pages }) {
    const shown = (knownValue(pages) ?? []).find(({ debugSign }) => debugSign !== undefined);
    return shown === undefined
      ? []
      : [{ layer: "live", says: "sets", value: "on", where: shown.url }];
  },
});

/** The control is judged from inside as well: a look that nobody granted takes nothing from that. */
function answerUnseen(reading: Exclude<Reading<ErrorPages>, { readonly state: "known" }>): Outcome {
  if (reading.state === "absent") return notApplicable(reading.reason);
  const { code, detail } = reading.problem;
  return code === "not-granted" ? notApplicable(detail) : cannotTell(code, detail);
}

/** A redirect, or a change of protocol: the application's own page was not seen. */
function isElsewhere({ status }: ErrorPage): boolean {
  return status < 200 || (status >= 300 && status < 400);
}

function isDevelopment(reading: Reading<Environment>): boolean {
  const env = knownValue(reading);
  return env !== undefined && stageOf(env).isDev;
}

function isLocalUrl(url: string): boolean {
  const { hostname } = new URL(url);
  const reach = reachOf(hostname);
  return reach === "loopback" || (reach === "name" && !isPublicName(hostname));
}

function findingOf(page: ErrorPage, restart: string): Finding {
  return {
    rule: "debug-page",
    status: "fail",
    message: `${page.url} shows a debug page: ${page.debugSign ?? "unnamed"}`,
    fix: `${switchOf(page.debugSign ?? "")}${restart}`,
    evidence: [evidenceOf(page)],
  };
}

/** The switch of the framework whose page it is. */
function switchOf(sign: string): string {
  if (sign.startsWith("Django")) {
    return "Set DEBUG = False in the settings, or DJANGO_DEBUG=0 where they read it";
  }
  if (sign.startsWith("Werkzeug")) return "Set FLASK_DEBUG=0, and leave out app.run(debug=True)";
  if (sign.startsWith("Starlette")) return "Leave out debug=True of FastAPI() or Starlette()";
  if (/^(?:Express|Node)/.test(sign)) return "Set NODE_ENV=production";
  return "Turn debug off (DJANGO_DEBUG=0, FLASK_DEBUG=0, NODE_ENV=production)";
}

function evidenceOf({ url, status, debugSign }: ErrorPage): Evidence {
  return { url, excerpt: `status ${status}, ${debugSign ?? "no debug sign"}` };
}
