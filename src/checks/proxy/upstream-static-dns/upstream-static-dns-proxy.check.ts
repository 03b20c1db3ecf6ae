import { isLoopbackHost, parseIp } from "../../../parsers/address.ts";
import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { memberOf } from "../../nginx/destination.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { passesOf } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyUpstreamStaticDns } from "./upstream-static-dns.control.ts";

export const upstreamStaticDns: NginxRule = {
  slug: "upstream-static-dns",
  status: "note",
  isPedantic: true,
  find(model) {
    return passesOf(model).flatMap(({ directive, path, place, targets }) => {
      if (variablesIn(directive.args[0]?.text ?? "").length > 0) return [];
      return targets.flatMap((target): readonly NginxHit[] => {
        const member = memberOf(path, target);
        const isName =
          target.kind === "tcp" &&
          parseIp(target.host) === undefined &&
          !isLoopbackHost(target.host);
        if (!isName || member?.args.some(({ text }) => text === "resolve") === true) return [];
        return [
          {
            at: member ?? directive,
            also: [directive],
            servers: [place.server],
            message: `${target.host} is looked up once, when nginx starts`,
            fix: "Write: resolver 127.0.0.53; set $backend http://NAME; proxy_pass $backend;",
          },
        ];
      });
    });
  },
};

export const proxyUpstreamStaticDnsProxy = proxyCheck({
  control: proxyUpstreamStaticDns,
  reads: "targets of proxy_pass and its like that are names.",
  nginx: [upstreamStaticDns],
  passes: "Judged under --pedantic",
});
