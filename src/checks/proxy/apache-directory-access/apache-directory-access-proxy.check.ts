import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { apacheOverrideRule, apacheRootGrantedRule } from "../../proxy-sites/apache.ts";
import { proxyApacheDirectoryAccess } from "./apache-directory-access.control.ts";

export const proxyApacheDirectoryAccessProxy = proxyCheck({
  control: proxyApacheDirectoryAccess,
  reads: "Require and AllowOverride of every Directory section of Apache.",
  kinds: ["apache"],
  globals: [apacheRootGrantedRule, apacheOverrideRule],
  passes: "Nothing but web roots is granted",
});
