import { attestedCheck } from "../../attested/attested-check.ts";
import { PRODUCTION } from "../../attested/conditions.ts";
import { reviewHeaders } from "./headers.control.ts";

export const reviewHeadersAttested = attestedCheck({
  control: reviewHeaders,
  when: PRODUCTION,
});
