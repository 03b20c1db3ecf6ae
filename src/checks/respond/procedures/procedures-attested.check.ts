import { attestedCheck } from "../../attested/attested-check.ts";
import { PRODUCTION } from "../../attested/conditions.ts";
import { respondProcedures } from "./procedures.control.ts";

export const respondProceduresAttested = attestedCheck({
  control: respondProcedures,
  when: PRODUCTION,
});
