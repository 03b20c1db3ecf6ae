import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { headersXXssProtection } from "./x-xss-protection.control.ts";
import {
  XSS_FIELD,
  XSS_FIX,
  xssProtectionFaults,
  xssProtectionValue,
} from "./x-xss-protection-live.check.ts";

export const headersXXssProtectionSource = sourceHeaderCheck({
  control: headersXXssProtection,
  field: XSS_FIELD,
  property: "header.x-xss-protection",
  besides: "header.content-security-policy",
  fixes: XSS_FIX,
  faults: (answer) => xssProtectionFaults({ answer }),
  canonical: xssProtectionValue,
});
