import type { Control } from "../../../core/check.ts";

export const proxyHaproxyAdminSocket: Control = {
  id: "proxy.haproxy-admin-socket",
  title: "HAProxy's runtime API is out of others' reach",
  severity: "high",
  seed: [],
  risk: "Whoever reaches the runtime API can send requests to servers of their own, replace certificates and take rules away.",
  rule: "fail: stats socket with level admin on a TCP address other than loopback. warn: the same without level admin, or a unix socket everybody may write to. pass: neither.",
  fix: "HAProxy: stats socket /run/haproxy/admin.sock mode 660 level admin",
  references: ["https://docs.haproxy.org/2.8/management.html#9.3"],
};
