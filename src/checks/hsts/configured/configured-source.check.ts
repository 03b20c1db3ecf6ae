import { canonicalHsts, HSTS_FIELD, HSTS_FIX, sendsHsts } from "../../live-headers/hsts.ts";
import { foretoldAnswer } from "../../nginx/foretold-answer.ts";
import { plainOnly } from "../../nginx/plain-only.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { hstsConfigured } from "./configured.control.ts";

export const hstsConfiguredSource = sourceHeaderCheck({
  control: hstsConfigured,
  field: HSTS_FIELD,
  property: "header.strict-transport-security",
  fixes: HSTS_FIX,
  faults: (answer) =>
    sendsHsts({ kind: "page", answer })
      ? []
      : [{ rule: "missing", status: "fail", what: `No ${HSTS_FIELD}` }],
  canonical: canonicalHsts,
  isStatedBySites: true,
  both(own, { value, where }) {
    const policies = [own, value].map((text) =>
      canonicalHsts(foretoldAnswer([[HSTS_FIELD, text]])),
    );
    return policies[0] === policies[1]
      ? undefined
      : `The application and the proxy (${where}) set different values of ${HSTS_FIELD}`;
  },
  inapplicable: (wanted) => plainOnly(concernOf(wanted)),
});
