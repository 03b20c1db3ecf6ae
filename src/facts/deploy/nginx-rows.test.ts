import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeployRow } from "./deploy-row.ts";
import { nginxRows, nginxUnitRows } from "./nginx-rows.ts";

const shown = ({ slug, line, kind, value }: DeployRow) => `${slug} ${line} ${kind} ${value}`;

test("what nginx tells the application and its client; comments tell nothing", () => {
  const text = `server {
  location / {
    proxy_set_header X-Scheme $scheme;
    proxy_set_header X-Forwarded-Proto $scheme;
    # proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Host $http_host;
    add_header Strict-Transport-Security "max-age=31536000" always; # a year
    limit_req zone=login burst=5;
    uwsgi_param HTTP_X_FORWARDED_PROTO $scheme;
  }
}
server { listen 80;
  return 301 https://$host$request_uri;
}
`;
  assert.deepEqual(nginxRows("nginx.conf", text).map(shown), [
    "nginx.proxy_ssl_header 3 literal proxy_set_header X-Scheme $scheme",
    "nginx.proxy_ssl_header 4 literal proxy_set_header X-Forwarded-Proto $scheme",
    "nginx.forwarded_for 6 literal proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for",
    'nginx.hsts 8 literal add_header Strict-Transport-Security "max-age=31536000" always',
    "ratelimit.proxy 9 literal limit_req zone=login burst=5",
    "nginx.proxy_ssl_header 10 literal uwsgi_param HTTP_X_FORWARDED_PROTO $scheme",
    "tls.redirect 14 literal return 301 https://$host$request_uri",
  ]);
});

test("a file of another kind tells nothing", () => {
  assert.deepEqual(nginxRows("redis.conf", "server_tokens off;\n"), []);
});

test("the listeners of NGINX Unit, and nothing else that has a port", () => {
  const text = `{
  "listeners": {
    "0.0.0.0:8080": { "pass": "routes/main" },
    "[::]:8081": {
      "pass": "routes/status"
    }
  },
  "routes": {
    "a:1": []
  }
}
`;
  assert.deepEqual(nginxUnitRows("nginx-unit.json", text).map(shown), [
    "bind.address 3 literal 0.0.0.0:8080",
    "bind.address 4 literal [::]:8081",
  ]);
});
