import { type BlockPath, effectiveList, effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import { handlerOf, isCutOff } from "../../nginx/content.ts";
import { insertAfterEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyCacheIgnoresSetCookie } from "./cache-ignores-set-cookie.control.ts";

/** nginx itself does not store an answer with Set-Cookie (ngx_http_proxy_module, proxy_cache_valid). */
export const cacheIgnoresSetCookie: NginxRule = {
  slug: "cache-ignores-set-cookie",
  status: "fail",
  find({ places }) {
    return places.flatMap((place): readonly NginxHit[] => {
      const { path, server } = place;
      const family = /^(proxy|fastcgi|uwsgi|scgi)_pass$/.exec(handlerOf(path)?.name ?? "")?.[1];
      if (family === undefined || (place.location !== undefined && isCutOff(place))) return [];
      const ignored = effectiveList(path, `${family}_ignore_headers`).find(({ args }) =>
        args.some(({ text }) => text.toLowerCase() === "set-cookie"),
      );
      const cache = effectiveScalar(path, `${family}_cache`);
      if (ignored === undefined || cache === undefined || cache.args[0]?.text === "off") return [];
      if (keepsCookiesApart(path, family)) return [];
      return [
        {
          at: ignored,
          also: [cache],
          servers: [server],
          message:
            "Answers are stored with their Set-Cookie and handed to others, the session with them",
          fix: `Take Set-Cookie out of ${family}_ignore_headers, or write: ${family}_hide_header Set-Cookie;`,
          edits: insertAfterEdit(ignored, `${family}_hide_header Set-Cookie;`),
        },
      ];
    });
  },
};

/** The cookie is taken away, such answers are not stored, or each cookie has a store of its own. */
function keepsCookiesApart(path: BlockPath, family: string): boolean {
  const isHidden = effectiveList(path, `${family}_hide_header`).some(
    ({ args }) => args[0]?.text.toLowerCase() === "set-cookie",
  );
  const isKeptOut = effectiveList(path, `${family}_no_cache`).some(({ args }) =>
    args.some(({ text }) => /http_set_cookie|sent_http_set_cookie/.test(text)),
  );
  const key = effectiveScalar(path, `${family}_cache_key`)?.args ?? [];
  return (
    isHidden ||
    isKeptOut ||
    key.some(({ text }) => /\$\{?(?:cookie_|http_cookie|http_authorization)/.test(text))
  );
}

export const proxyCacheIgnoresSetCookieProxy = proxyCheck({
  control: proxyCacheIgnoresSetCookie,
  reads: "proxy_ignore_headers and its like in force where a cache is in use.",
  nginx: [cacheIgnoresSetCookie],
  passes: "No answer that sets a cookie is stored for others",
});
