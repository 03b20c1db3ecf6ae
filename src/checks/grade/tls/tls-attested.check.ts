import { attestedCheck } from "../../attested/attested-check.ts";
import { STAND_IN } from "../../attested/conditions.ts";
import { gradeTlsControl } from "./tls.control.ts";

export const gradeTlsAttested = attestedCheck({
  control: gradeTlsControl,
  when: STAND_IN,
});
