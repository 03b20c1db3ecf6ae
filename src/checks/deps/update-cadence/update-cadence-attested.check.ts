import { attestedCheck } from "../../attested/attested-check.ts";
import { LOCKED } from "../../attested/conditions.ts";
import { depsUpdateCadence } from "./update-cadence.control.ts";

export const depsUpdateCadenceAttested = attestedCheck({
  control: depsUpdateCadence,
  item: "deps.update",
  when: LOCKED,
});
