import { defineCheck } from "../../../core/check.ts";
import { composeDeployment } from "../../../facts/compose-deployment.fact.ts";
import { judgeCompose, passed } from "../../deploy-rules/compose-rules.ts";
import { missingNote } from "../../deploy-rules/presence-rule.ts";
import { composeLimits } from "./limits.control.ts";

export const composeLimitsConfig = defineCheck({
  control: composeLimits,
  layer: "config",
  reads:
    "mem_limit:, pids_limit:, cpus: and deploy.resources.limits of the application's services.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, RULE, (services) => passed("Limits were looked at", services));
  },
});

const RULE = missingNote(
  "no-limits",
  ({ rights }) => rights.limits !== undefined,
  "no limit of memory or processes",
  "deploy: {resources: {limits: {memory: 512M}}}",
);
