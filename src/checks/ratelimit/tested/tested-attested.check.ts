import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { ratelimitTested } from "./tested.control.ts";

export const ratelimitTestedAttested = attestedCheck({
  control: ratelimitTested,
  when: APPLICATION,
});
