import { HSTS_FIELD, HSTS_FIX } from "../../live-headers/hsts.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { hstsIncludeSubdomains } from "./include-subdomains.control.ts";
import { directiveIn, subdomainFaults } from "./include-subdomains-live.check.ts";

export const hstsIncludeSubdomainsSource = sourceHeaderCheck({
  control: hstsIncludeSubdomains,
  field: HSTS_FIELD,
  property: "header.strict-transport-security",
  isStatedBySites: true,
  isOfValue: true,
  fixes: HSTS_FIX,
  faults: (answer) => subdomainFaults({ answer }),
  canonical: directiveIn,
});
