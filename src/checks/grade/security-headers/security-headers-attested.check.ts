import { attestedCheck } from "../../attested/attested-check.ts";
import { STAND_IN } from "../../attested/conditions.ts";
import { gradeSecurityHeadersControl } from "./security-headers.control.ts";

export const gradeSecurityHeadersAttested = attestedCheck({
  control: gradeSecurityHeadersControl,
  when: STAND_IN,
});
