import { FRAME_FIELD, FRAME_FIX, framingFaults } from "../../live-headers/framing.ts";
import { headerCheck } from "../../nginx/header-check.ts";
import { CSP } from "../../nginx/security-fields.ts";
import { frameOptionsValue } from "./frame-options-value.ts";
import { headersXFrameOptions } from "./x-frame-options.control.ts";

export const headersXFrameOptionsProxy = headerCheck({
  control: headersXFrameOptions,
  field: FRAME_FIELD,
  standsIn: ({ field, value }) => field === CSP && /\bframe-ancestors\b/i.test(value),
  fixes: FRAME_FIX,
  faults: (answer) => framingFaults({ kind: "page", answer }),
  canonical: frameOptionsValue,
});
