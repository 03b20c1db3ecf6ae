import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { describeLayers } from "../../judgement/effective-value.ts";
import {
  dsnInForce,
  SENTRY_NEEDS,
  SENTRY_WANTS,
  setFix,
  switched,
  withoutSentry,
} from "../../sentry-settings/sentry.ts";
import { sentryEnabled } from "./enabled.control.ts";

export const sentryEnabledConfig = defineCheck({
  control: sentryEnabled,
  layer: "config",
  reads:
    "SENTRY_ENABLED of the effective environment, and whether source calls sentry_sdk.init in it.",
  needs: SENTRY_NEEDS,
  wants: SENTRY_WANTS,

  evaluate(facts, readings) {
    const without = withoutSentry(facts, readings);
    if (without !== undefined) return without;
    const { state, says, evidence, key, problem, isWithoutSwitch } = switched(facts, readings);
    if (problem !== undefined) return cannotTell(problem.code, problem.detail);
    if (state === "on") return pass(says, evidence);
    const { dsn, key: dsnKey } = dsnInForce(facts, readings);
    const isAddressed = dsn !== undefined && !dsn.isEmpty;
    if (!isAddressed && state === "unset") {
      return notApplicable("There is neither a DSN nor a switch");
    }
    const but = isAddressed ? "a DSN is set, yet " : "";
    const message = `${but}${says}`;
    const [first = { excerpt: `no ${key} in ${describeLayers(facts.environment)}` }, ...others] =
      evidence;
    const finding: Finding = {
      rule: state === "unset" ? "sentry-switch-unset" : "sentry-off",
      status: "warn",
      message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
      fix: isWithoutSwitch
        ? isAddressed
          ? "Let source call sentry_sdk.init in this environment"
          : setFix(dsnKey, "the DSN of the project's Client Keys page", facts, readings)
        : setFix(key, "true", facts, readings),
      evidence: [first, ...others],
    };
    return judge([finding], pass(""));
  },
});
