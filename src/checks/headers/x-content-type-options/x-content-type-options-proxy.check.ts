import {
  NOSNIFF_FIELD,
  NOSNIFF_FIX,
  nosniffFaults,
  nosniffValue,
} from "../../live-headers/nosniff.ts";
import { headerCheck } from "../../nginx/header-check.ts";
import { headersXContentTypeOptions } from "./x-content-type-options.control.ts";

export const headersXContentTypeOptionsProxy = headerCheck({
  control: headersXContentTypeOptions,
  field: NOSNIFF_FIELD,
  fixes: NOSNIFF_FIX,
  faults: (answer) => nosniffFaults({ kind: "page", answer }),
  canonical: nosniffValue,
});
