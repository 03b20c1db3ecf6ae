import type { Control } from "../../../core/check.ts";

export const proxyApacheDirectoryAccess: Control = {
  id: "proxy.apache-directory-access",
  title: "Apache grants directories one by one",
  severity: "high",
  seed: [],
  risk: "Whatever file an Alias, a link or a rewrite leads to is served, and whoever can write a file changes the rules.",
  rule: "fail: Require all granted in <Directory />. warn: AllowOverride All in <Directory />. note: AllowOverride All in another one. pass: neither.",
  fix: "Apache: in <Directory /> write Require all denied and AllowOverride None, and grant the web root alone.",
  references: ["https://httpd.apache.org/docs/2.4/misc/security_tips.html#protectserverfiles"],
};
