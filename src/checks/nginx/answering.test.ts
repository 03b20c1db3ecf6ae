import assert from "node:assert/strict";
import { test } from "node:test";

import { answeringPlaces } from "./answering.ts";
import { exampleModel } from "./example-model.ts";

/** `block: kind`, with `*` for where `/` may end. */
function placesOf(text: string): readonly string[] {
  return answeringPlaces(exampleModel(`server { ${text} }`)).map(({ path, kind, isMain }) => {
    const block = path.at(-1);
    const name = [block?.name, ...(block?.args ?? []).map((word) => word.text)].join(" ");
    return `${name}: ${kind}${isMain ? " *" : ""}`;
  });
}

const cases: readonly [text: string, places: readonly string[]][] = [
  ["root /srv;", ["server: files *"]],
  ["return 301 https://b.test; location /a { root /srv; }", ["server: redirect *"]],
  ["return 444;", ["server: none *"]],
  ["return 200 ok;", ["server: text *"]],
  ["return 404;", ["server: refusal *"]],
  ["return https://b.test;", ["server: redirect *"]],
  ["rewrite ^ https://b.test permanent;", ["server: redirect *"]],
  ["rewrite ^/a$ /b last; root /srv;", ["server: files *"]],
  ["location / { proxy_pass http://127.0.0.1:1; }", ["location /: passed *"]],
  ["location /a { fastcgi_pass 127.0.0.1:1; }", ["server: files *", "location /a: passed"]],
  ["location / { deny all; }", ["location /: refusal *"]],
  ["location / { allow 10.0.0.1; deny all; }", ["location /: files *"]],
  ["location / { deny all; satisfy any; }", ["location /: files *"]],
  ["location / { stub_status; }", ["location /: text *"]],
  [
    "location / { try_files $uri @app; } location @app { proxy_pass http://127.0.0.1:1; }",
    ["location /: files *", "location @app: passed *"],
  ],
  [
    "location / { try_files $uri /index.php?$args; } location ~ \\.php$ { fastcgi_pass 127.0.0.1:1; }",
    ["location /: files *", "location ~ \\.php$: passed *"],
  ],
  [
    "location / { root /srv; if ($arg_a) { return 204; } if ($arg_b) { set $c 1; } }",
    ["location /: files *", "if ($arg_a): text", "if ($arg_b): files"],
  ],
];

for (const [text, places] of cases) {
  test(`places of ${text}`, () => assert.deepEqual(placesOf(text), places));
}
