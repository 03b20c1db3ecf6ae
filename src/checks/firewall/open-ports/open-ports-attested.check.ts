import { attestedCheck } from "../../attested/attested-check.ts";
import { MACHINE } from "../../attested/conditions.ts";
import { firewallOpenPorts } from "./open-ports.control.ts";

export const firewallOpenPortsAttested = attestedCheck({
  control: firewallOpenPorts,
  when: MACHINE,
});
