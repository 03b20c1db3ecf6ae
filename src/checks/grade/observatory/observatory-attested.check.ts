import { attestedCheck } from "../../attested/attested-check.ts";
import { STAND_IN } from "../../attested/conditions.ts";
import { gradeObservatoryControl } from "./observatory.control.ts";

export const gradeObservatoryAttested = attestedCheck({
  control: gradeObservatoryControl,
  when: STAND_IN,
});
