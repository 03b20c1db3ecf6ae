import { attestedCheck } from "../../attested/attested-check.ts";
import { PRODUCTION } from "../../attested/conditions.ts";
import { monitorTooling } from "./tooling.control.ts";

export const monitorToolingAttested = attestedCheck({
  control: monitorTooling,
  when: PRODUCTION,
});
