import { attestedCheck } from "../../attested/attested-check.ts";
import { GATE } from "../../attested/conditions.ts";
import { deployConfirmation } from "./confirmation.control.ts";

export const deployConfirmationAttested = attestedCheck({
  control: deployConfirmation,
  when: GATE,
});
