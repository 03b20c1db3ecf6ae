import assert from "node:assert/strict";
import { test } from "node:test";

import { directiveText, parseNginx } from "../parsers/nginx/parse.ts";
import { maskNginx } from "./nginx-mask.ts";
import { MASK } from "./secret-text.ts";

const SECRET = "s3cr3tV4lueOf40Characters";

const masked: readonly [name: string, text: string][] = [
  ["a field that authenticates the proxy", `proxy_set_header Authorization "Basic ${SECRET}";`],
  ["a field named like a key", `proxy_set_header X-Api-Key ${SECRET};`],
  ["a variable named like a secret", `set $webhook_token ${SECRET};`],
  [
    "a comparison with what a client must know",
    `if ($http_x_api_key != "${SECRET}") { return 401; }`,
  ],
  ["a comparison of an argument", `if ($arg_token = ${SECRET}) { return 200; }`],
  [
    "the keys of a map of tokens",
    `map $http_authorization $ok { default 0; "Bearer ${SECRET}" 1; }`,
  ],
  ["userinfo", `proxy_pass http://user:${SECRET}@127.0.0.1:8000;`],
  ["a link secret", `secure_link_secret ${SECRET};`],
  ["the query of a redirect", `return 301 https://$host/?k=${SECRET};`],
  ["a line that is no directive", `${SECRET}\n}`],
  ["Lua", `content_by_lua_block { local k = "${SECRET}" }`],
  ["a value behind a credential scheme anywhere", `return 302 "/x?Bearer ${SECRET}";`],
  [
    "the values of a map named like a secret",
    `map $host $api_key { default ""; a.test ${SECRET}; }`,
  ],
  ["the default of one", `map $host $backend_token { default ${SECRET}; }`],
  ["random keys of what a client sends", `map $arg_k $allowed { default 0; ${SECRET} 1; }`],
  ["random patterns of it", `map $cookie_auth $allowed { default 0; "~*^${SECRET}$" 1; }`],
  ["code in a string", `init_by_lua 'token = "${SECRET}"';`],
  ["a handler in a string", `content_by_lua 'ngx.say("${SECRET}")';`],
  ["Perl", `perl_set $x 'sub { return "${SECRET}"; }';`],
  ["a variable of njs", `js_var $jwt_secret ${SECRET};`],
  ["the field of a mail proxy", `auth_http_header X-Auth-Key ${SECRET};`],
  ["the word of a link's hash", `secure_link_md5 "$secure_link_expires$uri ${SECRET}";`],
  ["the word of a link's HMAC", `secure_link_hmac_message "$uri|${SECRET}";`],
  ["a variable called pw", `set $db_pw ${SECRET.toLowerCase()};`],
  ["a random value under any name", `proxy_set_header X-Api ${SECRET};`],
  ["a random operand under any name", `if ($http_x_shared = ${SECRET}) { return 200; }`],
  ["a random pattern under any name", `if ($cookie_bypass ~ "^${SECRET}$") { return 200; }`],
  ["an argument of a target", `return 301 https://$host/x?api_key=${SECRET};`],
  ["an argument of an upstream", `proxy_pass http://8.8.8.8/x/?token=${SECRET};`],
  ["an argument of a rewrite", `rewrite ^/c/(.*)$ /d/$1?access_token=${SECRET}&a=1 last;`],
  ["a body", `proxy_set_body '{"password": "${SECRET}"}';`],
  ["a cookie that is set", `add_header Set-Cookie "session=${SECRET}; Path=/";`],
  ["a cookie that is rewritten", `proxy_cookie_path / "/; token=${SECRET}";`],
  ["a setting in a parameter", `fastcgi_param PHP_VALUE "soap.password=${SECRET}";`],
  ["a field in one word", `more_set_input_headers "X-Api-Key: ${SECRET}";`],
  ["a script", `sub_filter "</head>" '<script>var apiKey = "${SECRET}"</script>';`],
  ["a variable of the process", `env SECRET_KEY=${SECRET};`],
];

for (const [name, text] of masked) {
  test(`masked: ${name}`, () => {
    const tree = maskNginx(parseNginx(text, "n.conf"));
    const shown = JSON.stringify(tree);
    assert.ok(!shown.toLowerCase().includes(SECRET.toLowerCase()), shown);
  });
}

const kept: readonly string[] = [
  "proxy_set_header Authorization $http_authorization;",
  'proxy_set_header Authorization "";',
  'add_header Set-Cookie "a=b" always;',
  "add_header Access-Control-Allow-Credentials true always;",
  "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
  "ssl_certificate_key /etc/ssl/private/key.pem;",
  "auth_basic_user_file /etc/nginx/htpasswd;",
  "limit_req_zone $http_x_api_key zone=perkey:10m rate=1r/s;",
  "limit_req zone=token_requests burst=20 nodelay;",
  "proxy_cache_path /var/cache/nginx keys_zone=tokens_cache:10m max_size=1g;",
  "proxy_cookie_flags sessionid httponly secure samesite=lax;",
  "proxy_pass http://token-service:8080/api/v1/tokens;",
  "set $backend backend-production-01.internal;",
  "set $upstream http://127.0.0.1:8000;",
  "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;",
  'add_header Permissions-Policy "publickey-credentials-get=(self), trust-token-redemption=()" always;',
  "proxy_set_header X-Real-IP $remote_addr;",
  "proxy_set_header X-Session-Token $cookie_token;",
  'log_format main "session=$cookie_session token=$arg_token";',
  "rewrite ^/reset/token=([a-z]+)$ /reset?token=$1 last;",
  'if ($http_user_agent ~* "Mozilla/5.0|Googlebot/2.1") { return 403; }',
  "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256;",
];

for (const text of kept) {
  test(`kept as it is: ${text}`, () => {
    const [directive] = maskNginx(parseNginx(text, "n.conf")).directives;
    assert.ok(directive);
    assert.ok(!directiveText(directive).includes(MASK));
  });
}

test("positions, names and blocks stay", () => {
  const text = `map $http_authorization $ok {\n  default 0;\n  "Bearer ${SECRET}" 1;\n}\n`;
  const [map] = maskNginx(parseNginx(text, "n.conf")).directives;
  assert.deepEqual(
    map?.block?.map(({ name, line, column }) => [name, line, column]),
    [
      ["default", 2, 3],
      [MASK, 3, 3],
    ],
  );
});
