import { attestedCheck } from "../../attested/attested-check.ts";
import { LIVE } from "../../attested/conditions.ts";
import { probePathTraversal } from "./path-traversal.control.ts";

export const probePathTraversalAttested = attestedCheck({
  control: probePathTraversal,
  area: "path-traversal",
  when: LIVE,
});
