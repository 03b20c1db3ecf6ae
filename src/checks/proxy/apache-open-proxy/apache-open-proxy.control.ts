import type { Control } from "../../../core/check.ts";

export const proxyApacheOpenProxy: Control = {
  id: "proxy.apache-open-proxy",
  title: "Apache is no proxy for everybody",
  severity: "high",
  seed: [],
  risk: "Anybody fetches any address through the server, those of the inside as well, and what they do is done in its name.",
  rule: "fail: ProxyRequests On in the main server or a virtual host. pass: off, as it is by itself. ProxyPass needs no ProxyRequests.",
  fix: "Apache: ProxyRequests Off",
  references: ["https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxyrequests"],
};
