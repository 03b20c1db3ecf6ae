import { attestedCheck } from "../../attested/attested-check.ts";
import { MACHINE } from "../../attested/conditions.ts";
import { firewallDefaultDeny } from "./default-deny.control.ts";

export const firewallDefaultDenyAttested = attestedCheck({
  control: firewallDefaultDeny,
  when: MACHINE,
});
