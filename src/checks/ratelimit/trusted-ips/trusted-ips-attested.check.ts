import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { ratelimitTrustedIps } from "./trusted-ips.control.ts";

export const ratelimitTrustedIpsAttested = attestedCheck({
  control: ratelimitTrustedIps,
  when: APPLICATION,
});
