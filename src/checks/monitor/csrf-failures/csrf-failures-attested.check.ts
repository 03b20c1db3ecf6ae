import { attestedCheck } from "../../attested/attested-check.ts";
import { CSRF } from "../../attested/conditions.ts";
import { monitorCsrfFailures } from "./csrf-failures.control.ts";

export const monitorCsrfFailuresAttested = attestedCheck({
  control: monitorCsrfFailures,
  when: CSRF,
});
