import { directiveText } from "../../../parsers/nginx/parse.ts";
import { memberOf, whereabouts } from "../../nginx/destination.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { type NginxPass, passesOf, streamPasses } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyUpstreamWildcardAddress } from "./upstream-wildcard-address.control.ts";

/** RFC 1122, 3.2.1.3: 0.0.0.0 is no destination; the kernel takes it for the machine itself. */
export const upstreamWildcardAddress: NginxRule = {
  slug: "upstream-wildcard-address",
  status: "warn",
  find(model) {
    const inHttp = passesOf(model).flatMap((pass) => hitsAt(pass, pass.place.server));
    const inStream = streamPasses(model).flatMap((pass) => hitsAt(pass, pass.server));
    return [...inHttp, ...inStream];
  },
};

function hitsAt(
  { directive, path, targets }: Pick<NginxPass, "directive" | "path" | "targets">,
  server: NginxHit["servers"][number],
): readonly NginxHit[] {
  return targets
    .filter((target) => whereabouts(target) === "wildcard")
    .map((target) => {
      const at = memberOf(path, target) ?? directive;
      const text = directiveText(at);
      const mended = text.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]");
      return {
        at,
        also: [directive],
        servers: [server],
        message: `The upstream is ${target.host}, every address of this machine: the application most likely listens on all of them`,
        fix: `Write: ${mended} and let the application listen on that address`,
        ...(mended !== text && { edits: replaceEdit(at, mended) }),
      };
    });
}

export const proxyUpstreamWildcardAddressProxy = proxyCheck({
  control: proxyUpstreamWildcardAddress,
  reads:
    "targets of proxy_pass and its like, through upstream blocks and variables, in http and stream.",
  nginx: [upstreamWildcardAddress],
  passes: "No upstream is named by the wildcard address",
});
