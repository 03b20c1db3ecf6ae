import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { haproxyRequestTimeoutRule, haproxyTimeoutRule } from "../../proxy-sites/haproxy.ts";
import { proxyHaproxyTimeouts } from "./haproxy-timeouts.control.ts";

export const proxyHaproxyTimeoutsProxy = proxyCheck({
  control: proxyHaproxyTimeouts,
  reads: "timeout lines in force for every frontend and every backend it uses, defaults included.",
  kinds: ["haproxy"],
  sites: [haproxyTimeoutRule, haproxyRequestTimeoutRule],
  passes: "Every timeout is set",
});
