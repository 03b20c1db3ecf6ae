import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { apacheOpenProxyRule } from "../../proxy-sites/apache.ts";
import { proxyApacheOpenProxy } from "./apache-open-proxy.control.ts";

export const proxyApacheOpenProxyProxy = proxyCheck({
  control: proxyApacheOpenProxy,
  reads: "ProxyRequests in force for every virtual host of Apache.",
  kinds: ["apache"],
  sites: [apacheOpenProxyRule],
  passes: "Apache forwards for nobody",
});
