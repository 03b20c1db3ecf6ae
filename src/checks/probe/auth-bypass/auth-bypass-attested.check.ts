import { attestedCheck } from "../../attested/attested-check.ts";
import { ROUTES } from "../../attested/conditions.ts";
import { probeAuthBypass } from "./auth-bypass.control.ts";

export const probeAuthBypassAttested = attestedCheck({
  control: probeAuthBypass,
  area: "auth-bypass",
  when: ROUTES,
});
