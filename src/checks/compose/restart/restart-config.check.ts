import { defineCheck } from "../../../core/check.ts";
import { composeDeployment } from "../../../facts/compose-deployment.fact.ts";
import { judgeCompose, passed } from "../../deploy-rules/compose-rules.ts";
import { missingNote } from "../../deploy-rules/presence-rule.ts";
import { composeRestart } from "./restart.control.ts";

export const composeRestartConfig = defineCheck({
  control: composeRestart,
  layer: "config",
  reads: "restart: of the application's services in the compose project.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, RULE, (services) =>
      passed("Restart policies were looked at", services),
    );
  },
});

const RULE = missingNote(
  "no-restart",
  ({ rights }) => rights.restart !== undefined && rights.restart.text !== "no",
  "no restart policy",
  "restart: unless-stopped",
);
