import { attestedCheck } from "../../attested/attested-check.ts";
import { CSRF } from "../../attested/conditions.ts";
import { csrfTested } from "./tested.control.ts";

export const csrfTestedAttested = attestedCheck({
  control: csrfTested,
  when: CSRF,
});
