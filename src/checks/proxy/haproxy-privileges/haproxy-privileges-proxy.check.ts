import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { haproxyChrootRule, haproxyUserRule } from "../../proxy-sites/haproxy.ts";
import { proxyHaproxyPrivileges } from "./haproxy-privileges.control.ts";

export const proxyHaproxyPrivilegesProxy = proxyCheck({
  control: proxyHaproxyPrivileges,
  reads: "user, uid and chroot of HAProxy's global section.",
  kinds: ["haproxy"],
  globals: [haproxyChrootRule, haproxyUserRule],
  passes: "HAProxy gives up its rights",
});
