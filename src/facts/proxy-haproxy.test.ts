import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHaproxy } from "../parsers/haproxy.ts";
import { haproxyRoutes } from "./proxy-haproxy.ts";
import type { ProxyRoute } from "./proxy-routes.fact.ts";

function shown({ names, listeners, upstreams, path }: ProxyRoute): string {
  const at = listeners.map(({ address, port, isTls }) => `${address}:${port}${isTls ? "+" : ""}`);
  const to = upstreams.map(
    ({ kind, host, port, isTls }) =>
      `${kind === "tcp" ? "" : `${kind}:`}${host}:${port}${isTls ? "+" : ""}`,
  );
  return `${names.join(",")} ${path} -> ${to.join(" ")} @ ${at.join(" ")}`;
}

const HAPROXY: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "frontend with TLS",
    "frontend f\n bind :80\n bind *:443 ssl crt /etc/c.pem alpn h2\n default_backend b\nbackend b\n server s1 127.0.0.1:8000 check\n server s2 web:8000 ssl verify none",
    [" / -> 127.0.0.1:8000 web:8000+ @ *:80 *:443+"],
  ],
  [
    "TLS in another frontend",
    "frontend a\n bind :443 ssl crt /c\n default_backend x\nfrontend b\n bind :80\n default_backend y\nbackend x\n server s x:1\nbackend y\n server s y:1",
    [" / -> x:1 @ *:443+", " / -> y:1 @ *:80"],
  ],
  [
    "crt in a comment",
    "frontend a\n bind :443 ssl # crt /c\n default_backend x\nbackend x\n server s x:1",
    [" / -> x:1 @ *:443"],
  ],
  [
    "use_backend with a host",
    "frontend a\n bind :80\n acl app hdr(host) -i a.test b.test\n use_backend x if app\nbackend x\n server s unix@/run/a.sock",
    ["a.test,b.test if app -> unix:/run/a.sock:0 @ *:80"],
  ],
  [
    "listen, default_backend from defaults",
    "defaults\n mode http\n default_backend x\nlisten l\n bind 10.0.0.1:80\n server s y:1\nbackend x\n server s x:1",
    [" / -> x:1 @ 10.0.0.1:80", " / -> y:1 @ 10.0.0.1:80"],
  ],
  [
    "disabled",
    "frontend a\n bind :80\n disabled\n default_backend x\nbackend x\n server s x:1",
    [],
  ],
  [
    "IPv6 and no server port",
    "frontend a\n bind :::8443 ssl crt /c\n default_backend x\nbackend x\n server s x",
    [" / -> x:8443 @ :::8443+"],
  ],
  [
    "dynamic backend",
    "frontend a\n bind :80\n use_backend %[req.hdr(host)]",
    [" / -> unresolved:%[req.hdr(host)]:0 @ *:80"],
  ],
];
for (const [name, text, expected] of HAPROXY)
  test(`haproxy: ${name}`, () => {
    const { routes } = haproxyRoutes(parseHaproxy([{ file: "haproxy.cfg", text }]));
    assert.deepEqual(routes.map(shown), expected);
  });
