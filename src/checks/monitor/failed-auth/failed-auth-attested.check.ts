import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { monitorFailedAuth } from "./failed-auth.control.ts";

export const monitorFailedAuthAttested = attestedCheck({
  control: monitorFailedAuth,
  when: APPLICATION,
});
