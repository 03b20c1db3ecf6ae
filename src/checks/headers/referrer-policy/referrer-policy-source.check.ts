import {
  headerPolicy,
  REFERRER_FIELD,
  REFERRER_FIX,
  referrerFaults,
} from "../../live-headers/referrer.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { headersReferrerPolicy } from "./referrer-policy.control.ts";

export const headersReferrerPolicySource = sourceHeaderCheck({
  control: headersReferrerPolicy,
  field: REFERRER_FIELD,
  property: "header.referrer-policy",
  fixes: REFERRER_FIX,
  faults: (answer) => referrerFaults({ kind: "page", answer }),
  canonical: headerPolicy,
  isStatedBySites: true,
});
