import { defineCheck, notApplicable } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { settingsOf, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowSteps } from "../../judgement/row-statements.ts";
import { tlsRedirectControl } from "./redirect.control.ts";
import { TO_HTTPS } from "./redirect-states.ts";

/** For the trace alone: an application that leaves the redirect to its proxy is as good. */
export const tlsRedirectSource = defineCheck({
  control: tlsRedirectControl,
  layer: "source",
  reads:
    "Whether the application itself redirects to https (SECURE_SSL_REDIRECT of Django), under the effective environment. For the trace; the live answer decides.",
  wants: { source: sourceSettings, environment },
  isTraceOnly: true,

  evaluate() {
    return notApplicable("Who redirects does not matter: the answer to a plain request decides");
  },

  states(_facts, wanted) {
    const source = knownValue(wanted.source);
    const row = source === undefined ? undefined : settingsOf(source, "redirect.https")[0];
    if (row === undefined) return [];
    const { resolved, default: before } = row;
    if (resolved.state !== "known")
      return [{ layer: "source", says: "unknown", where: resolved.reason }];
    return rowSteps<boolean>(row, wanted.environment, {
      ...(before === undefined ? {} : { before: before === true }),
      after: resolved.value === true,
      tell: (isOn, where) =>
        isOn
          ? { says: "sets", value: TO_HTTPS, where }
          : { says: "passes-on", where: `redirects nothing: ${where}` },
    });
  },
});
