import { defineCheck } from "../../../core/check.ts";
import { composeDeployment } from "../../../facts/compose-deployment.fact.ts";
import { judgeCompose, passed } from "../../deploy-rules/compose-rules.ts";
import { missingNote } from "../../deploy-rules/presence-rule.ts";
import { composeHealthcheck } from "./healthcheck.control.ts";

export const composeHealthcheckConfig = defineCheck({
  control: composeHealthcheck,
  layer: "config",
  reads: "healthcheck: of the application's services in the compose project.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, RULE, (services) =>
      passed("Health checks were looked at", services),
    );
  },
});

const RULE = missingNote(
  "no-healthcheck",
  ({ rights, built }) => {
    if (rights.healthcheck !== undefined) return rights.healthcheck.text === "given";
    // An image that is only pulled may have one of its own.
    return built === undefined || built.hasHealthcheck;
  },
  "no health check",
  "healthcheck: {test: [CMD, ...]}",
);
