import { attestedCheck } from "../../attested/attested-check.ts";
import { STAND_IN } from "../../attested/conditions.ts";
import { sentryPii } from "./pii.control.ts";

export const sentryPiiAttested = attestedCheck({
  control: sentryPii,
  when: STAND_IN,
});
