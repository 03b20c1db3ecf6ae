import type { Control } from "../../../core/check.ts";

export const proxyWebsocket: Control = {
  id: "proxy.websocket",
  title: "WebSocket connections are passed on whole",
  severity: "medium",
  seed: ["S2.135", "S2.140"],
  risk: "The upgrade fails or falls back to polling, or the application sees neither host nor scheme and its check of the Origin breaks.",
  rule: "Looked at are locations that set Upgrade and those whose path names ws, websocket, socket.io or signalr. pass, with nginx: HTTP/1.1 to the application (default from nginx 1.29.7 on), Upgrade and Connection are set, Host and X-Forwarded-Proto are forwarded. With Apache an upgrade is passed on there; Caddy, HAProxy and Traefik do it by themselves. warn: one of them is missing. note: proxy_read_timeout is left at 60 s, which ends quiet connections. Does not apply where no location is meant for WebSocket.",
  fix: 'nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; together with Host, X-Forwarded-For and X-Forwarded-Proto in the same location. Apache: ProxyPass / http://127.0.0.1:8000/ upgrade=websocket.',
  references: [
    "https://www.rfc-editor.org/rfc/rfc6455",
    "https://nginx.org/en/docs/http/websocket.html",
  ],
};
