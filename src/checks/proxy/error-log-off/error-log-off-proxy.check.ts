import { type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { silentServers } from "../../nginx/silent-logs.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyErrorLogOff } from "./error-log-off.control.ts";

export const errorLogOff: NginxRule = {
  slug: "error-log-off",
  status: "warn",
  find(model) {
    return silentServers(model, "error_log").map(({ server, at }) => ({
      at,
      servers: [server],
      message: `Errors are not logged: error_log is ${at.args[0]?.text}`,
      fix: "Write: error_log /var/log/nginx/error.log warn;",
      edits: replaceEdit(at, "error_log /var/log/nginx/error.log warn;"),
    }));
  },
};

export const proxyErrorLogOffProxy = proxyCheck({
  control: proxyErrorLogOff,
  reads: "error_log in force for every server of nginx.",
  nginx: [errorLogOff],
  passes: "Errors of every server are logged",
});
