import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { haproxySocketRule } from "../../proxy-sites/haproxy.ts";
import { proxyHaproxyAdminSocket } from "./haproxy-admin-socket.control.ts";

export const proxyHaproxyAdminSocketProxy = proxyCheck({
  control: proxyHaproxyAdminSocket,
  reads: "Every stats socket of HAProxy's global section.",
  kinds: ["haproxy"],
  globals: [haproxySocketRule],
  passes: "The runtime API is on this machine alone",
});
