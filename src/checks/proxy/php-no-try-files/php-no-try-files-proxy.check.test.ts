import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { phpNoTryFiles, proxyPhpNoTryFilesProxy } from "./php-no-try-files-proxy.check.ts";

const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    "any path that ends in .php",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    ["php-no-try-files:3 warn"],
  ],
  [
    "with path info",
    "server {\n listen 80;\n location ~ [^/]\\.php(/|$) {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    ["php-no-try-files:3 warn"],
  ],
  [
    "try_files",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  try_files $uri =404;\n }\n}",
    [],
  ],
  [
    "try_files of the script",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  try_files $fastcgi_script_name =404;\n }\n}",
    [],
  ],
  [
    "an if on the file",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  if (!-f $document_root$fastcgi_script_name) { return 404; }\n }\n}",
    [],
  ],
  [
    "try_files of the server is not inherited",
    "server {\n listen 80;\n try_files $uri =404;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    ["php-no-try-files:4 warn"],
  ],
  [
    "one script",
    "server {\n listen 80;\n location ~ ^/index\\.php(/|$) {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    [],
  ],
  [
    "one script, exactly",
    "server {\n listen 80;\n location = /index.php {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    [],
  ],
  [
    "a fixed script",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  fastcgi_param SCRIPT_FILENAME $document_root/index.php;\n }\n}",
    [],
  ],
  [
    "the script of the path",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\n }\n}",
    ["php-no-try-files:3 warn"],
  ],
  [
    "no FastCGI",
    "server {\n listen 80;\n location ~ \\.php$ {\n  proxy_pass http://127.0.0.1:8080;\n }\n}",
    [],
  ],
  [
    "no PHP",
    "server {\n listen 80;\n location ~ ^/ {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    [],
  ],
  ["denied", "server {\n listen 80;\n location ~ \\.php$ {\n  deny all;\n }\n}", []],
  [
    "an include that could not be read",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  include snippets/fastcgi-php.conf;\n }\n}",
    [],
  ],
  [
    "one that only sets parameters",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  include fastcgi_params;\n }\n}",
    ["php-no-try-files:3 warn"],
  ],
  [
    "internal",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  internal;\n }\n}",
    [],
  ],
];

for (const [name, text, expected] of cases) {
  test(`php-no-try-files: ${name}`, () => assert.deepEqual(found([phpNoTryFiles], text), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "tried",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n  try_files $uri =404;\n }\n}",
    "pass",
  ],
  [
    "not tried",
    "server {\n listen 80;\n location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n }\n}",
    "warn",
  ],
];

for (const [name, text, status] of statuses) {
  test(`proxy.php-no-try-files: ${name} is ${status}`, () => {
    assert.equal(proxyPhpNoTryFilesProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}
