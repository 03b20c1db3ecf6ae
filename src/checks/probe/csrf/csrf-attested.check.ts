import { attestedCheck } from "../../attested/attested-check.ts";
import { CSRF } from "../../attested/conditions.ts";
import { probeCsrf } from "./csrf.control.ts";

export const probeCsrfAttested = attestedCheck({
  control: probeCsrf,
  area: "csrf",
  when: CSRF,
});
