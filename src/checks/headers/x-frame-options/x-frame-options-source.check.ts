import { FRAME_FIELD, FRAME_FIX, framingFaults } from "../../live-headers/framing.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { frameOptionsValue } from "./frame-options-value.ts";
import { headersXFrameOptions } from "./x-frame-options.control.ts";

export const headersXFrameOptionsSource = sourceHeaderCheck({
  control: headersXFrameOptions,
  field: FRAME_FIELD,
  property: "header.x-frame-options",
  besides: "header.content-security-policy",
  fixes: FRAME_FIX,
  faults: (answer) => framingFaults({ kind: "page", answer }),
  canonical: frameOptionsValue,
  isStatedBySites: true,
});
