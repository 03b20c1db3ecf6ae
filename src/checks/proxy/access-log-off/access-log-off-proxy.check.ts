import { isReachable } from "../../nginx/model.ts";
import { type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { silentServers } from "../../nginx/silent-logs.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteAccessLogRule } from "../../proxy-sites/exposure.ts";
import { traefikLogRule } from "../../proxy-sites/traefik.ts";
import { proxyAccessLogOff } from "./access-log-off.control.ts";

export const accessLogOff: NginxRule = {
  slug: "access-log-off",
  status: "note",
  find(model) {
    return silentServers(model, "access_log")
      .filter(({ server }) => isReachable(server))
      .map(({ server, at }) => ({
        at,
        servers: [server],
        message: `Requests are not logged: access_log is ${at.args[0]?.text}`,
        fix: "Write: access_log /var/log/nginx/access.log;",
        edits: replaceEdit(at, "access_log /var/log/nginx/access.log;"),
      }));
  },
};

export const proxyAccessLogOffProxy = proxyCheck({
  control: proxyAccessLogOff,
  reads:
    "access_log in force for every server of nginx that other machines reach; log of Caddy and HAProxy, CustomLog and TransferLog of Apache, accessLog of Traefik.",
  nginx: [accessLogOff],
  sites: [siteAccessLogRule],
  globals: [traefikLogRule],
  passes: "Whether requests are logged is said in the notes",
});
