import {
  headerPolicy,
  REFERRER_FIELD,
  REFERRER_FIX,
  referrerFaults,
} from "../../live-headers/referrer.ts";
import { headerCheck } from "../../nginx/header-check.ts";
import { headersReferrerPolicy } from "./referrer-policy.control.ts";

export const headersReferrerPolicyProxy = headerCheck({
  control: headersReferrerPolicy,
  field: REFERRER_FIELD,
  fixes: REFERRER_FIX,
  faults: (answer) => referrerFaults({ kind: "page", answer }),
  canonical: headerPolicy,
});
