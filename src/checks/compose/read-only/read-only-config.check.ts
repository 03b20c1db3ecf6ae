import { defineCheck } from "../../../core/check.ts";
import { composeDeployment } from "../../../facts/compose-deployment.fact.ts";
import { judgeCompose, passed } from "../../deploy-rules/compose-rules.ts";
import { missingNote } from "../../deploy-rules/presence-rule.ts";
import { composeReadOnly } from "./read-only.control.ts";

export const composeReadOnlyConfig = defineCheck({
  control: composeReadOnly,
  layer: "config",
  reads: "read_only: of the application's services in the compose project.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, RULE, (services) =>
      passed("Root file systems were looked at", services),
    );
  },
});

const RULE = missingNote(
  "writable-root",
  ({ rights }) => rights.readOnly !== undefined,
  "a root file system it may write to",
  "read_only: true and tmpfs: [/tmp]",
);
