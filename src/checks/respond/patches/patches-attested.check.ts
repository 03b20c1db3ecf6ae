import { attestedCheck } from "../../attested/attested-check.ts";
import { MACHINE } from "../../attested/conditions.ts";
import { respondPatches } from "./patches.control.ts";

export const respondPatchesAttested = attestedCheck({
  control: respondPatches,
  when: MACHINE,
});
