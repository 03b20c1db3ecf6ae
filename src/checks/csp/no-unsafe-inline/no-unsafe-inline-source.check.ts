import { foretoldPage, policyCanonical } from "../../live-csp/csp-pages.ts";
import { INLINE_FIX, inlineFaults } from "../../live-csp/inline-faults.ts";
import { answerFault } from "../../live-csp/page-faults.ts";
import { CSP_FIELD } from "../../live-headers/policies.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { cspNoUnsafeInlineControl } from "./no-unsafe-inline.control.ts";

export const cspNoUnsafeInlineSource = sourceHeaderCheck({
  control: cspNoUnsafeInlineControl,
  field: CSP_FIELD,
  property: "header.content-security-policy",
  fixes: { generic: INLINE_FIX },
  isOfValue: true,
  judgesConditional: true,
  faults(answer) {
    const page = foretoldPage(answer);
    return page === undefined ? [] : inlineFaults(page).map(answerFault);
  },
  canonical: policyCanonical,
});
