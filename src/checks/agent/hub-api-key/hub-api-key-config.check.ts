import { defineCheck, notApplicable } from "../../../core/check.ts";
import type { SecretMeasure } from "../../../core/secret.ts";
import { appSettings } from "../../../facts/app-settings.fact.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { judgeSharedSecret, type SecretRule } from "../../agent-secret/shared-secret.ts";
import { SHARED_SECRET_FLOOR, strengthFaults } from "../../judgement/secret-strength.ts";
import { answerOutsideRole, usesGeneration2 } from "../../role/role-gate.ts";
import { agentHubApiKey } from "./hub-api-key.control.ts";

/** Below this a key fails; from here to the shared floor it is a warning (catalog agent.hub-api-key). */
const LENGTH_MIN = 20;
/** What the shared floor asks of each code point: 96 bits over 32. */
const BITS_PER_CODE_POINT = SHARED_SECRET_FLOOR.bitsMin / SHARED_SECRET_FLOOR.lengthMin;

const RULE: SecretRule = {
  key: "HUB_API_KEY",
  faultsOf(measure) {
    const bitsMin = isShort(measure)
      ? Math.max(measure.length, LENGTH_MIN) * BITS_PER_CODE_POINT
      : SHARED_SECRET_FLOOR.bitsMin;
    return strengthFaults(measure, { lengthMin: LENGTH_MIN, bitsMin, distinctMin: 1 });
  },
  doubtOf: (measure) =>
    isShort(measure)
      ? {
          rule: "short",
          says: `has ${measure.length} characters, fewer than ${SHARED_SECRET_FLOOR.lengthMin}`,
        }
      : undefined,
  consequence: "the agent pushes without credentials",
  good: "The agent authenticates with an API key",
  renew: "On the hub run: manage.py create_api_key --name AGENT",
};

/** The agent's key for the hub (generation 2). */
export const agentHubApiKeyConfig = defineCheck({
  control: agentHubApiKey,
  layer: "config",
  reads: "The effective HUB_API_KEY of the environment, or its default in source.",
  needs: { mode: deploymentMode, environment },
  wants: { appSettings, services },

  evaluate({ mode, environment }, readings) {
    const outside = answerOutsideRole(mode, "agent");
    if (outside !== undefined) return outside;
    if (!usesGeneration2(mode)) return notApplicable("Nothing here shows API keys (generation 2)");
    if (mode.sendsNoKey === true) {
      return notApplicable("The agent here signs its pushes, and nothing reads a HUB_API_KEY");
    }
    return judgeSharedSecret({ environment, ...readings }, RULE);
  },
});

function isShort({ length }: SecretMeasure): boolean {
  return length < SHARED_SECRET_FLOOR.lengthMin;
}
