import {
  NOSNIFF_FIELD,
  NOSNIFF_FIX,
  nosniffFaults,
  nosniffValue,
} from "../../live-headers/nosniff.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { headersXContentTypeOptions } from "./x-content-type-options.control.ts";

export const headersXContentTypeOptionsSource = sourceHeaderCheck({
  control: headersXContentTypeOptions,
  field: NOSNIFF_FIELD,
  property: "header.x-content-type-options",
  fixes: NOSNIFF_FIX,
  faults: (answer) => nosniffFaults({ kind: "page", answer }),
  canonical: nosniffValue,
  isStatedBySites: true,
});
