import assert from "node:assert/strict";
import { test } from "node:test";

import { isCaddyJson, parseCaddyJson } from "./json.ts";
import type { CaddyDirective } from "./parse.ts";

function shown({ name, args, block }: CaddyDirective): string {
  const words = [name, ...args.map(({ text }) => text)].join(" ");
  return block === undefined ? words : `${words} { ${block.map(shown).join("; ")} }`;
}

function sites(value: unknown): readonly string[] {
  return parseCaddyJson("caddy.json", JSON.stringify(value, undefined, 1)).sites.map(
    ({ addresses, directives }) =>
      `${addresses.map(({ text }) => text).join(",")}: ${directives.map(shown).join("; ")}`,
  );
}

const server = (more: object) => ({ apps: { http: { servers: { srv0: more } } } });

test("routes become sites by their hosts, behind their matchers", () => {
  const value = server({
    listen: [":443"],
    routes: [
      {
        match: [{ host: ["a.test"] }],
        handle: [
          {
            handler: "subroute",
            routes: [
              {
                match: [{ path: ["/x*"] }],
                handle: [{ handler: "static_response", status_code: 404 }],
              },
              {
                handle: [
                  { handler: "headers", response: { set: { "X-A": ["1"] }, delete: ["Server"] } },
                  {
                    handler: "reverse_proxy",
                    upstreams: [{ dial: "10.0.0.1:8443" }],
                    transport: { protocol: "http", tls: { insecure_skip_verify: true } },
                  },
                ],
              },
            ],
          },
        ],
      },
      { handle: [{ handler: "file_server", root: "/srv", browse: {} }] },
    ],
  });
  assert.deepEqual(sites(value), [
    "a.test:443: route { route { @m1 { path /x* }; route @m1 { respond * 404 }; header X-A 1; header -Server; reverse_proxy https://10.0.0.1:8443 { transport http { tls_insecure_skip_verify } } } }",
    ":443: route { file_server { root /srv; browse } }",
  ]);
});

test("plain servers, addresses, redirects, and what none may match", () => {
  const value = server({
    listen: ["127.0.0.1:8080"],
    automatic_https: { disable: true },
    routes: [
      {
        match: [{ host: ["a.test"], not: [{ path: ["/p"] }] }],
        handle: [
          {
            handler: "static_response",
            status_code: 308,
            headers: { Location: ["https://{http.request.host}{http.request.uri}"] },
          },
        ],
      },
    ],
  });
  assert.deepEqual(sites(value), [
    "http://a.test:8080: bind 127.0.0.1; route { @m1 { not { path /p } }; route @m1 { redir * https://{http.request.host}{http.request.uri} 308 } }",
  ]);
});

test("global options, and lines of the JSON text", () => {
  const text = `{
  "admin": {
    "listen": "0.0.0.0:2019"
  },
  "apps": {
    "http": { "servers": { "s": {
      "trusted_proxies": { "source": "static", "ranges": ["0.0.0.0/0"] } } } },
    "tls": { "automation": { "on_demand": { "ask": "http://x" } } }
  }
}`;
  const { globalOptions, problems } = parseCaddyJson("caddy.json", text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    globalOptions.map((one) => `${one.line}: ${shown(one)}`),
    [
      "3: admin 0.0.0.0:2019",
      "8: on_demand_tls { ask http://x }",
      "6: servers { trusted_proxies static 0.0.0.0/0 }",
    ],
  );
});

test("what is no JSON is a problem with its line", () => {
  const { problems, sites: none } = parseCaddyJson("caddy.json", '{\n "apps": [}\n}');
  assert.deepEqual([problems[0]?.line, problems[0]?.isRefused, none], [2, true, []]);
  const deep = '{"a":'.repeat(50_000);
  assert.equal(parseCaddyJson("caddy.json", deep).problems.length, 1);
  assert.deepEqual(parseCaddyJson("caddy.json", "[]").sites, []);
});

const TEXTS: readonly (readonly [text: string, isJson: boolean])[] = [
  ['{"apps":{}}', true],
  ['\n{\n  "admin": {}\n}', true],
  ["{\n admin off\n}\na.test {\n}", false],
  ["a.test {\n}", false],
];

for (const [text, isJson] of TEXTS)
  test(`${JSON.stringify(text)} is ${isJson ? "" : "no "}JSON`, () =>
    assert.equal(isCaddyJson(text), isJson));
