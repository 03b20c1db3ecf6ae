import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { appSettings } from "../../../facts/app-settings.fact.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import {
  type Environment,
  effectiveVariable,
  environment,
} from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { apiKeyAuth, type Half } from "../../hub-auth/api-key-auth.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { answerOutsideRole, usesGeneration2 } from "../../role/role-gate.ts";
import { hubApiAuth } from "./api-auth.control.ts";

/** The switch of API-key authentication as the application reads it, and its middleware. */
export const hubApiAuthConfig = defineCheck({
  control: hubApiAuth,
  layer: "config",
  reads: "API_KEY_AUTH_ENABLED as the settings resolve it, and the entries of MIDDLEWARE.",
  needs: { mode: deploymentMode, environment },
  wants: { appSettings, services },

  evaluate({ mode, environment }, { appSettings, services }) {
    const outside = answerOutsideRole(mode, "hub");
    if (outside !== undefined) return outside;
    if (!usesGeneration2(mode)) return notApplicable("Nothing here shows API keys (generation 2)");
    const { enabled, enforced } = apiKeyAuth({ environment, appSettings });
    const restart = thenRestart(knownValue(services));
    const findings = [
      ...findingOf(enabled, switchFix(environment) + restart),
      ...findingOf(enforced, middlewareFix(enforced) + restart),
    ];
    const open = [enabled, enforced].filter((half) => half.state === "unknown");
    const [first] = open;
    if (first !== undefined) {
      const detail = open.map(({ problem }) => problem.detail).join("; ");
      return judge(findings, cannotTell(first.problem.code, detail));
    }
    const good = [enabled, enforced].filter((half) => half.state === "on");
    const summary = `The hub demands API keys: ${good.map(({ says }) => says).join(", ")}`;
    return judge(
      findings,
      pass(
        summary,
        good.map(({ evidence }) => evidence),
      ),
    );
  },
});

function findingOf(half: Half, fix: string): readonly Finding[] {
  if (half.state !== "off") return [];
  const { rule, says, evidence } = half;
  return [
    { rule, status: "fail", message: `${says}: pushes need no key`, fix, evidence: [evidence] },
  ];
}

function switchFix(environment: Environment): string {
  const variable = effectiveVariable(environment, "API_KEY_AUTH_ENABLED");
  return `Set API_KEY_AUTH_ENABLED=1 ${whereToSet(variable, environment)}`;
}

function middlewareFix(enforced: Half): string {
  const { file, line } = enforced.state === "off" ? enforced.evidence : {};
  const where =
    file === undefined ? "" : ` in ${file}${line === undefined ? "" : ` (line ${line})`}`;
  return `Add "config.middleware.api_key_auth.APIKeyAuthMiddleware" to MIDDLEWARE${where}`;
}
