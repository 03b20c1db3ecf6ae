import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { monitorApiAnomaly } from "./api-anomaly.control.ts";

export const monitorApiAnomalyAttested = attestedCheck({
  control: monitorApiAnomaly,
  when: APPLICATION,
});
