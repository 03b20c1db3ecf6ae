import type { Control } from "../../../core/check.ts";

export const proxyTlsSessionTickets: Control = {
  id: "proxy.tls-session-tickets",
  title: "Keys of TLS session tickets are renewed",
  severity: "low",
  seed: [],
  risk: "Whoever gets the ticket key from the memory of the server reads every connection since it was started, forward secrecy or not.",
  rule: "note: tickets are on (the default) and nginx keeps one key as long as it runs: before 1.23.2 always, since then without a shared ssl_session_cache. pass: tickets are off, keys come from a file that is renewed, or nginx renews them.",
  fix: "nginx: ssl_session_tickets off; or, from 1.23.2 on, ssl_session_cache shared:SSL:10m;",
  references: [
    "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_tickets",
    "https://nginx.org/en/CHANGES",
  ],
};
