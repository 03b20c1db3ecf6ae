import { attestedCheck } from "../../attested/attested-check.ts";
import { PRODUCTION } from "../../attested/conditions.ts";
import { respondRollbackTested } from "./rollback-tested.control.ts";

export const respondRollbackTestedAttested = attestedCheck({
  control: respondRollbackTested,
  when: PRODUCTION,
});
