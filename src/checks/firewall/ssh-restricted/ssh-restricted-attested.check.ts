import { attestedCheck } from "../../attested/attested-check.ts";
import { SSH } from "../../attested/conditions.ts";
import { firewallSshRestricted } from "./ssh-restricted.control.ts";

export const firewallSshRestrictedAttested = attestedCheck({
  control: firewallSshRestricted,
  when: SSH,
});
