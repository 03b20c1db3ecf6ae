import type { Control } from "../../../core/check.ts";

export const launcherProxyTrust: Control = {
  id: "launcher.proxy-trust",
  title: "Forwarded headers are believed from the proxy alone",
  severity: "medium",
  seed: [],
  risk: "A server that believes X-Forwarded-For and X-Forwarded-Proto from anybody lets every client choose its address and scheme: limits, logs and the https check follow the lie.",
  rule: "Passes when gunicorn, uvicorn, hypercorn, daphne or waitress believes forwarded headers from named addresses (loopback by default), or from everybody while only loopback, a socket or the project's own network reaches it. Warns for a trust in everybody (--forwarded-allow-ips='*', FORWARDED_ALLOW_IPS=*, forwarded_allow_ips = '*', --trusted-proxy='*', daphne --proxy-headers; trust proxy true in Express, proxy = true in Koa, trustProxy true in Fastify) where the server is published or bound on every address. Unknown when where it listens is not told. Not applicable without such a server.",
  fix: "Name the proxy: --forwarded-allow-ips=127.0.0.1 (or its network), and bind the server to loopback or a socket.",
  references: [
    "https://www.uvicorn.org/settings/#http",
    "https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips",
    "https://cwe.mitre.org/data/definitions/348.html",
  ],
  unknownExit: "neutral",
};
