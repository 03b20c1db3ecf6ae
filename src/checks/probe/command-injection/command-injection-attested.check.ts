import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { probeCommandInjection } from "./command-injection.control.ts";

export const probeCommandInjectionAttested = attestedCheck({
  control: probeCommandInjection,
  area: "command-injection",
  when: APPLICATION,
});
