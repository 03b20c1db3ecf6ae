import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { monitorRateLimit } from "./rate-limit.control.ts";

export const monitorRateLimitAttested = attestedCheck({
  control: monitorRateLimit,
  when: APPLICATION,
});
