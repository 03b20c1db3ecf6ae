import { attestedCheck } from "../../attested/attested-check.ts";
import { ACTIVE } from "../../attested/conditions.ts";
import { probeXss } from "./xss.control.ts";

export const probeXssAttested = attestedCheck({
  control: probeXss,
  area: "xss",
  when: ACTIVE,
});
