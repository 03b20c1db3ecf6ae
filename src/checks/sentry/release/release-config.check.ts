import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { release } from "../../../facts/release.fact.ts";
import { versionFile } from "../../../facts/version-file.fact.ts";
import { describeLayers } from "../../judgement/effective-value.ts";
import { statedValue } from "../../judgement/sourced.ts";
import { SENTRY_NEEDS, SENTRY_WANTS, setFix, withoutSentry } from "../../sentry-settings/sentry.ts";
import { namedBy } from "./deployed.ts";
import { sentryRelease } from "./release.control.ts";

const KEY = "SENTRY_RELEASE";
/** A shell expression: no reader of env files runs it (catalog G4, G9). */
const UNEXPANDED = /\$\(|`[^`]*`|\$\{[A-Za-z_]\w*/;

export const sentryReleaseConfig = defineCheck({
  control: sentryRelease,
  layer: "config",
  reads:
    "SENTRY_RELEASE of the effective environment, and the release that source hands to sentry_sdk.init; beside them the commit that is checked out, its tags and the file VERSION.",
  needs: SENTRY_NEEDS,
  wants: { ...SENTRY_WANTS, release, version: versionFile },

  evaluate(facts, readings) {
    const without = withoutSentry(facts, readings);
    if (without !== undefined) return without;
    const stated = statedValue(facts.environment, readings.source, "sentry.release", [KEY]);
    if (stated.state === "unknown") return cannotTell(stated.problem.code, stated.problem.detail);
    const excerpt = `no ${KEY} in ${describeLayers(facts.environment)}`;
    const evidence = stated.state === "unset" ? { excerpt } : stated.evidence;
    const warn = (rule: string, message: string) => {
      const fix = setFix(KEY, "app@$(git rev-parse --short HEAD)", facts, readings);
      const computed = fix.replace("Set ", "Have the deployment write, expression expanded, ");
      const finding: Finding = {
        rule,
        status: "warn",
        message,
        fix: computed,
        evidence: [evidence],
      };
      return judge([finding], pass(""));
    };
    if (stated.state !== "known") return warn("release-unset", "Sentry is told no release");
    // A long word is hidden in the environment like a secret; it is set all the same.
    const text = typeof stated.value === "string" ? stated.value : stated.variable?.shown;
    const measure = stated.variable?.secret;
    if (text === undefined || text.trim() === "" || stated.variable?.isEmpty === true)
      return warn("release-unset", "Sentry is told no release");
    if (UNEXPANDED.test(text) || measure?.isUnexpanded === true)
      return warn("release-unexpanded", `The release is a shell expression that nobody runs`);
    const named = namedBy(text, readings);
    if (named.is === "other")
      return warn(
        "release-stale",
        `The release is ${stated.shown}, and ${named.what} is deployed (${named.file})`,
      );
    const says = named.is === "deployed" ? `: ${named.what}` : "";
    return pass(`The release is ${stated.shown}${says}`, [evidence]);
  },
});
