import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { ratelimitAlerts } from "./alerts.control.ts";

export const ratelimitAlertsAttested = attestedCheck({
  control: ratelimitAlerts,
  when: APPLICATION,
});
