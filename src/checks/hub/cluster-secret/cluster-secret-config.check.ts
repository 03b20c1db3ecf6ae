import { defineCheck, notApplicable } from "../../../core/check.ts";
import { appSettings } from "../../../facts/app-settings.fact.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { judgeClusterSecret } from "../../agent-secret/cluster-secret.ts";
import { answerOutsideRole, usesGeneration1, usesGeneration2 } from "../../role/role-gate.ts";
import { hubClusterSecret } from "./cluster-secret.control.ts";

/** The shared secret at the hub's end, as its measures tell it. */
export const hubClusterSecretConfig = defineCheck({
  control: hubClusterSecret,
  layer: "config",
  reads: "The effective WEBHOOK_SECRET_CLUSTER of the environment, or its default in source.",
  needs: { mode: deploymentMode, environment },
  wants: { appSettings, services },

  evaluate({ mode, environment }, readings) {
    const outside = answerOutsideRole(mode, "hub");
    if (outside !== undefined) return outside;
    if (!usesGeneration1(mode)) {
      return notApplicable("Only API keys (generation 2) show here, which hub.api-auth judges");
    }
    if (usesGeneration2(mode) && mode.isClusterDriverOff === true) {
      return notApplicable(
        "The cluster driver is not registered, so nothing is verified with this secret; hub.api-auth judges",
      );
    }
    return judgeClusterSecret({ environment, ...readings }, "hub");
  },
});
