import { attestedCheck } from "../../attested/attested-check.ts";
import { DATABASE } from "../../attested/conditions.ts";
import { respondRestoreTested } from "./restore-tested.control.ts";

export const respondRestoreTestedAttested = attestedCheck({
  control: respondRestoreTested,
  when: DATABASE,
});
