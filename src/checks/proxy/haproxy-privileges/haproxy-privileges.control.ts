import type { Control } from "../../../core/check.ts";

export const proxyHaproxyPrivileges: Control = {
  id: "proxy.haproxy-privileges",
  title: "HAProxy gives up its privileges",
  severity: "medium",
  seed: [],
  risk: "Code that gets into HAProxy has the rights of root, over all files of the machine.",
  rule: "warn: user is root, or a configuration in /etc names no user. note: no user in a configuration for a container, whose image has one; no chroot. pass: user (or uid) and chroot are set.",
  fix: "HAProxy: user haproxy, group haproxy and chroot /var/lib/haproxy in global.",
  references: ["https://docs.haproxy.org/2.8/configuration.html#3.1-chroot"],
};
