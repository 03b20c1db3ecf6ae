import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { monitorErrorRate } from "./error-rate.control.ts";

export const monitorErrorRateAttested = attestedCheck({
  control: monitorErrorRate,
  when: APPLICATION,
});
