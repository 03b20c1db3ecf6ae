import { attestedCheck } from "../../attested/attested-check.ts";
import { RELEASE } from "../../attested/conditions.ts";
import { reviewChecklist } from "./checklist.control.ts";

export const reviewChecklistAttested = attestedCheck({
  control: reviewChecklist,
  when: RELEASE,
});
