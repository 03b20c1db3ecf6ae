import assert from "node:assert/strict";
import { test } from "node:test";

import { hideInTexts, hideSecrets } from "./secret-text.ts";

const hidden: readonly (readonly [text: string, shown: string])[] = [
  ["http://u:hunter22@db:80/x", "http://***@db:80/x"],
  ["http://hunter22@db:80/x", "http://***@db:80/x"],
  ["server t u:hunter22@8.8.8.8:80", "server t ***@8.8.8.8:80"],
  ["https://x/?a=1&api_key=hunter22&b=2", "https://x/?a=1&api_key=***&b=2"],
  ["session=hunter22; Path=/", "session=***; Path=/"],
  ["Authorization: Bearer abcdefgh", "Authorization: Bearer ***"],
  ["/bot123456:AAabcdefghijklmnopqrstuvwxyz0123456/x", "/bot123456:***/x"],
];
for (const [text, shown] of hidden) {
  test(`hidden: ${shown}`, () => assert.equal(hideSecrets(text), shown));
}

const conditions: readonly (readonly [text: string, shown: string])[] = [
  ["req.hdr(x-token) -m str hunter22", "req.hdr(x-token) -m str ***"],
  ["header X-Token hunter22", "header X-Token ***"],
  ["%{HTTP:X-Token} !^hunter22$", "%{HTTP:X-Token} !^***$"],
  ["%{HTTP:X} == 'q7Zx91LmPw3q7Zx91LmPw3'", "%{HTTP:X} == '***'"],
  ["respond q7Zx91LmPw3q7Zx91LmPw3", "respond ***"],
  ["md5 0123456789abcdef0123456789abcdef", "md5 ***"],
];
for (const [text, shown] of conditions) {
  test(`hidden in a text of a fact: ${shown}`, () =>
    assert.deepEqual(hideInTexts({ of: [text], line: 7 }), { of: [shown], line: 7 }));
}

const kept: readonly string[] = [
  "http://token-service:8080/api/v1/tokens",
  "mailto:admin@example.org",
  "/srv/www/MyShop2/public/Assets",
  "https://Shop1.Example.org:8443/Path",
  "max-age=31536000; includeSubDomains",
  "{ ssl_fc } || { path /health }",
  "reverse_proxy 192.168.1.20:3000",
  "server { listen [2001:db8::1]:443 ssl; }",
];
for (const text of kept) {
  test(`kept: ${text}`, () => assert.equal(hideInTexts(text), text));
}
