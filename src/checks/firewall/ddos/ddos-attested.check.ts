import { attestedCheck } from "../../attested/attested-check.ts";
import { PUBLIC } from "../../attested/conditions.ts";
import { firewallDdos } from "./ddos.control.ts";

export const firewallDdosAttested = attestedCheck({
  control: firewallDdos,
  when: PUBLIC,
});
