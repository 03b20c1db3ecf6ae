import { attestedCheck } from "../../attested/attested-check.ts";
import { LOGIN } from "../../attested/conditions.ts";
import { probeSessionFixation } from "./session-fixation.control.ts";

export const probeSessionFixationAttested = attestedCheck({
  control: probeSessionFixation,
  area: "session-fixation",
  when: LOGIN,
});
