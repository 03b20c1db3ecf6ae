import { known, type Reading } from "../../core/reading.ts";
import type { ProxyRoutes } from "../../facts/proxy-routes.fact.ts";

/** nginx serving `names` with TLS on 443, for tests. */
export function exampleRoutes(
  names: readonly string[] = ["shop.example.test"],
): Reading<ProxyRoutes> {
  const file = "/etc/nginx/sites-enabled/shop";
  const certificate = { file: "/etc/ssl/shop.pem", exists: true, at: `${file}:4` };
  const because = "listen 443 ssl";
  return known({
    configurations: [],
    running: undefined,
    tls: [],
    roots: [],
    problems: [],
    routes: [
      {
        proxy: "nginx",
        names,
        file,
        line: 9,
        listeners: [{ address: "", port: 443, isTls: true, because, file, line: 3, certificate }],
        upstreams: [],
        path: "/",
        excerpt: "proxy_pass http://127.0.0.1:8000;",
      },
    ],
  });
}
