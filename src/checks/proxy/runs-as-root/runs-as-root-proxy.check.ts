import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyRunsAsRoot } from "./runs-as-root.control.ts";

export const runsAsRoot: NginxRule = {
  slug: "runs-as-root",
  status: "fail",
  find({ main }) {
    return ownDirectives(main, "user")
      .filter(({ args }) => args[0]?.text === "root")
      .map((at) => ({
        at,
        servers: [],
        message: "The workers run as root",
        fix: "Write: user www-data; (or the user that the package of nginx made)",
        edits: replaceEdit(at, "user www-data;"),
      }));
  },
};

export const proxyRunsAsRootProxy = proxyCheck({
  control: proxyRunsAsRoot,
  reads: "user at the top of the configuration of nginx.",
  nginx: [runsAsRoot],
  passes: "The workers do not run as root",
});
