import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyRateLimitProxy,
  rateLimitConstantKey,
  rateLimitDryRun,
  rateLimitMissing,
  rateLimitUnusedZone,
} from "./rate-limit-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const limited = (http: string, server = "", location = ""): string =>
  `http {\n${http}\nserver {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}\n}`;
const ZONE = "limit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;";
const cases: readonly Case[] = [
  ["applied in the location", limited(ZONE, "", "limit_req zone=z;"), []],
  ["applied in the server", limited(ZONE, "limit_req zone=z burst=5 nodelay;"), []],
  ["none", limited(""), ["rate-limit-missing:3 warn"]],
  ["a zone alone", limited(ZONE), ["rate-limit-unused-zone:2 warn", "rate-limit-missing:3 warn"]],
  [
    "a use in a comment",
    limited(ZONE, "# limit_req zone=z;"),
    ["rate-limit-unused-zone:2 warn", "rate-limit-missing:3 warn"],
  ],
  [
    "another zone is used",
    limited(`${ZONE}\n${ZONE.replace("=z", "=y")}`, "limit_req zone=z;"),
    ["rate-limit-unused-zone:3 warn"],
  ],
  [
    "a zone of connections has a name of its own",
    limited(`${ZONE}\nlimit_conn_zone $binary_remote_addr zone=c:1m;`, "limit_req zone=z;"),
    ["rate-limit-unused-zone:3 warn"],
  ],
  [
    "a zone of connections is used",
    limited(
      `${ZONE} limit_conn_zone $binary_remote_addr zone=c:1m;`,
      "limit_req zone=z; limit_conn c 9;",
    ),
    [],
  ],
  [
    "an inner server without TLS limits nothing",
    limited(ZONE).replace("443 ssl", "80"),
    ["rate-limit-missing:3 warn"],
  ],
  [
    "a limit on connections is none on requests",
    limited("limit_conn_zone $binary_remote_addr zone=c:1m;", "limit_conn c 9;"),
    ["rate-limit-missing:3 warn"],
  ],
  [
    "only /login",
    "http {\nlimit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;\nserver {\nlocation / {\nproxy_pass http://127.0.0.1;\n}\nlocation /login {\nlimit_req zone=z;\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    ["rate-limit-missing:3 warn"],
  ],
  [
    "all but the websocket",
    "http {\nlimit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;\nserver {\nlocation / {\nlimit_req zone=z;\nproxy_pass http://127.0.0.1;\n}\nlocation /ws {\nproxy_pass http://127.0.0.1;\n}\n}\n}",
    [],
  ],
  ["a server of files", "http {\nserver {\nroot /srv;\n}\n}", []],
  ["a server that redirects", limited("", "return 301 https://a.test;"), []],
  ["only this machine gets there", limited("").replace("443 ssl", "127.0.0.1:80"), []],
  [
    "dry run",
    limited(ZONE, "limit_req zone=z;\nlimit_req_dry_run on;"),
    ["rate-limit-dry-run:6 warn"],
  ],
  [
    "dry run switched off again",
    limited(`${ZONE}limit_req_dry_run on;`, "limit_req zone=z; limit_req_dry_run off;"),
    [],
  ],
  [
    "dry run of connections",
    limited(
      `${ZONE} limit_conn_zone $binary_remote_addr zone=c:1m;`,
      "limit_req zone=z; limit_conn c 9;\nlimit_conn_dry_run on;",
    ),
    ["rate-limit-dry-run:6 warn"],
  ],
  [
    "dry run where nothing is limited",
    limited("limit_req_dry_run on;"),
    ["rate-limit-missing:3 warn"],
  ],
  [
    "one count for everybody",
    limited(ZONE.replace("$binary_remote_addr", "$server_name"), "limit_req zone=z;"),
    ["rate-limit-constant-key:2 warn"],
  ],
  [
    "a fixed key",
    limited(ZONE.replace("$binary_remote_addr", "all"), "limit_req zone=z;"),
    ["rate-limit-constant-key:2 warn"],
  ],
  [
    "a key by address with exemptions",
    'http {\ngeo $office {\ndefault 0;\n10.0.0.0/8 1;\n}\nmap $office $key {\n0 $binary_remote_addr;\n1 "";\n}\nlimit_req_zone $key zone=z:1m rate=1r/s;\nserver {\nlimit_req zone=z;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\n}',
    [],
  ],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.rate-limit: ${name}`, () =>
    assert.deepEqual(
      found(
        [rateLimitMissing, rateLimitUnusedZone, rateLimitDryRun, rateLimitConstantKey],
        text,
        build,
      ),
      expected,
    ));
}

const statuses: readonly [text: string, status: string][] = [
  [limited(ZONE, "limit_req zone=z;"), "pass"],
  [limited(""), "warn"],
  ["server {\nroot /srv;\n}", "skip"],
  ["server {\nroot /srv;\ninclude gone;\n}", "unknown"],
];
for (const [text, status] of statuses) {
  test(`proxy.rate-limit/proxy: ${status}`, () =>
    assert.equal(proxyRateLimitProxy.evaluate({}, nginxWanted(text)).status, status));
}
