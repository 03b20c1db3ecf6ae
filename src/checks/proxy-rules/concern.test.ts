import assert from "node:assert/strict";
import { test } from "node:test";

import { known, knownValue } from "../../core/reading.ts";
import { parseNginx } from "../../parsers/nginx/parse.ts";
import { apacheWanted, caddyWanted } from "../proxy-sites/example-sites.ts";
import { concernOf } from "./concern.ts";
import { nginxWanted } from "./example-wanted.ts";
import type { ProxyWanted } from "./wanted.ts";

function asked(wanted: ProxyWanted, hosts: readonly string[]): ProxyWanted {
  return { ...wanted, options: known({ isPedantic: false, hosts }) };
}

function nginxNames(text: string, hosts: readonly string[]): readonly string[] {
  const tree = parseNginx(text, "/etc/nginx/nginx.conf");
  const installed = [{ file: tree.file, foundBy: "pid 20", isInstalled: true, tree }];
  const wanted = asked({ ...nginxWanted(""), nginx: known(installed) }, hosts);
  return concernOf(wanted).nginx.flatMap(({ servers }) =>
    [...servers].map(({ directive }) => `${directive.line}`).toSorted(),
  );
}

/** One server a line, from line 1. */
const SERVERS = `server { listen 80; server_name other.test; }
server { listen 80; server_name a.test; return 301 https://$host$request_uri; }
server { listen 443 ssl; server_name a.test *.b.test; root /srv; }
server { listen 443 ssl default_server; server_name _; ssl_reject_handshake on; }
server { listen 8443 ssl; server_name c.test; root /srv; }`;

const cases: readonly (readonly [
  name: string,
  hosts: readonly string[],
  lines: readonly string[],
])[] = [
  ["no URL", [], []],
  [
    "a URL for a name: its servers and the default ones of their sockets",
    ["a.test"],
    ["1", "2", "3", "4"],
  ],
  ["a name a wildcard holds", ["www.b.test"], ["1", "2", "3", "4"]],
  ["a socket of its own", ["c.test"], ["5"]],
  ["a name that the default server alone would answer", ["elsewhere.test"], []],
  ["an address", ["[::1]"], []],
];

for (const [name, hosts, lines] of cases) {
  test(`installed nginx: ${name}`, () => assert.deepEqual(nginxNames(SERVERS, hosts), lines));
}

/** Lines of the sites that concern the audit. */
function siteLines(wanted: ProxyWanted, hosts: readonly string[]): readonly number[] {
  const sites = (knownValue(wanted.sites) ?? []).map((site) => ({ ...site, isInstalled: true }));
  return concernOf(asked({ ...wanted, sites: known(sites) }, hosts)).sites.map(({ line }) => line);
}

const APACHE = `<VirtualHost *:80>
ServerName first.test
</VirtualHost>
<VirtualHost *:80>
ServerName a.test
ServerAlias *.b.test
</VirtualHost>
<VirtualHost *:80>
ServerName third.test
</VirtualHost>
`;

test("installed sites of other proxies: named by the URL, and the first of their socket", async () => {
  const lines = async (hosts: readonly string[]) => siteLines(await apacheWanted(APACHE), hosts);
  assert.deepEqual(await lines([]), []);
  assert.deepEqual(await lines(["a.test"]), [1, 4]);
  assert.deepEqual(await lines(["www.b.test"]), [1, 4]);
  assert.deepEqual(await lines(["x.www.b.test"]), [1, 4]);
  assert.deepEqual(await lines(["b.test"]), []);
  assert.deepEqual(await lines(["first.test"]), [1]);
});

test("an installed site of Caddy with the redirect it makes", async () => {
  const text = "a.test {\n}\nb.test, *.b.test {\n}\n";
  const lines = async (hosts: readonly string[]) => siteLines(await caddyWanted(text), hosts);
  assert.deepEqual(await lines(["b.test"]), [3, 3]);
  assert.deepEqual(await lines(["www.b.test"]), [3, 3]);
  assert.deepEqual(await lines(["x.www.b.test"]), []);
});
