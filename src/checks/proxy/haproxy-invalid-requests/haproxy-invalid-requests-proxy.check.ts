import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { haproxyInvalidRule } from "../../proxy-sites/haproxy.ts";
import { proxyHaproxyInvalidRequests } from "./haproxy-invalid-requests.control.ts";

export const proxyHaproxyInvalidRequestsProxy = proxyCheck({
  control: proxyHaproxyInvalidRequests,
  reads: "option lines in force for every frontend, defaults included.",
  kinds: ["haproxy"],
  sites: [haproxyInvalidRule],
  passes: "Invalid requests are refused",
});
