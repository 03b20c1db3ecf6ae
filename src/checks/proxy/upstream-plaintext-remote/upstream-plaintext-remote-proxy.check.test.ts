import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyUpstreamPlaintextRemoteProxy,
  upstreamPlaintextRemote,
} from "./upstream-plaintext-remote-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "a public address",
    "server {\n listen 80;\n location / {\n  proxy_pass http://198.51.100.20:8000;\n }\n}",
    ["upstream-plaintext-remote:4 warn"],
  ],
  [
    "over TLS",
    "server {\n listen 80;\n location / {\n  proxy_pass https://198.51.100.20;\n }\n}",
    [],
  ],
  [
    "loopback, wildcard and unix",
    "server {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1:8000;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://localhost;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://[::1]:80;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://0.0.0.0:80;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://unix:/run/a.sock;\n }\n}",
    [],
  ],
  [
    "private addresses",
    "server {\n listen 80;\n location / {\n  proxy_pass http://10.0.0.1;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://172.31.0.1;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://192.168.1.1;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://[fd00::1];\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://100.64.0.1;\n }\n}",
    [],
  ],
  [
    "beside private ones",
    "server {\n listen 80;\n location / {\n  proxy_pass http://172.32.0.1;\n }\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://[2001:db8::1]:8000;\n }\n}",
    ["upstream-plaintext-remote:4 warn", "upstream-plaintext-remote:10 warn"],
  ],
  ["a container", "server {\n listen 80;\n location / {\n  proxy_pass http://app:8000;\n }\n}", []],
  [
    "names of local networks",
    "server {\n listen 80;\n location / {\n  proxy_pass http://app.internal;\n }\n}server {\n listen 80;\n location / {\n  proxy_pass http://app.default.svc.cluster.local;\n }\n}",
    [],
  ],
  [
    "a public name",
    "server {\n listen 80;\n location / {\n  proxy_pass http://backend.example.com;\n }\n}",
    ["upstream-plaintext-remote:4 warn"],
  ],
  [
    "a server of an upstream",
    "upstream app {\n server 127.0.0.1:8000;\n server 203.0.113.40:8000;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://app;\n }\n}",
    ["upstream-plaintext-remote:3 warn"],
  ],
  [
    "one that is down",
    "upstream app {\n server 127.0.0.1:8000;\n server 203.0.113.40:8000 down;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://app;\n }\n}",
    [],
  ],
  [
    "an upstream nobody uses",
    "upstream app {\n server 203.0.113.40:8000;\n}\nserver {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1;\n }\n}",
    [],
  ],
  [
    "a variable of the request",
    "server {\n listen 80;\n location / {\n  proxy_pass http://$host;\n }\n}",
    [],
  ],
  [
    "a set",
    "server {\n listen 80;\n set $b 198.51.100.20;\n location / {\n  proxy_pass http://$b;\n }\n}",
    ["upstream-plaintext-remote:5 warn"],
  ],
  [
    "FastCGI",
    "server {\n listen 80;\n location / {\n  fastcgi_pass 198.51.100.20:9000;\n }\n}",
    ["upstream-plaintext-remote:4 warn"],
  ],
];

for (const [name, text, expected] of cases) {
  test(`upstream-plaintext-remote: ${name}`, () =>
    assert.deepEqual(found([upstreamPlaintextRemote], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["private", "server {\n listen 80;\n location / {\n  proxy_pass http://10.0.0.1;\n }\n}", "pass"],
  [
    "public",
    "server {\n listen 80;\n location / {\n  proxy_pass http://198.51.100.20;\n }\n}",
    "warn",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.upstream-plaintext-remote: ${name} is ${status}`, () => {
    assert.equal(proxyUpstreamPlaintextRemoteProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
