import { attestedCheck } from "../../attested/attested-check.ts";
import { MACHINE } from "../../attested/conditions.ts";
import { firewallEnabled } from "./enabled.control.ts";

export const firewallEnabledAttested = attestedCheck({
  control: firewallEnabled,
  when: MACHINE,
});
