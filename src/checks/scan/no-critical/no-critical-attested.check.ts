import { attestedCheck } from "../../attested/attested-check.ts";
import { LIVE } from "../../attested/conditions.ts";
import { scanNoCritical } from "./no-critical.control.ts";

export const scanNoCriticalAttested = attestedCheck({
  control: scanNoCritical,
  when: LIVE,
});
