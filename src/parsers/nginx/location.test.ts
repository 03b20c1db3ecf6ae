import assert from "node:assert/strict";
import { test } from "node:test";
import type { BlockPath } from "./inherit.ts";
import { locationProblems, namedLocation, parseLocation, selectLocation } from "./location.ts";
import { parseNginx } from "./parse.ts";
import { httpServers, type NginxServer } from "./server.ts";

function server(body: string): NginxServer {
  const tree = parseNginx(`server { ${body} }`, "f");
  assert.deepEqual(tree.problems, []);
  const [only] = httpServers(tree).servers;
  assert.ok(only);
  return only;
}

const names = (path: BlockPath): string =>
  path
    .slice(2)
    .map(({ name, args }) => args.map(({ text }) => text).join(" ") || name)
    .join(" > ");

function selected(body: string, target: string): string {
  const found = selectLocation(server(body), target);
  switch (found.state) {
    case "selected":
      return names(found.path) + (found.isInternal ? " (internal)" : "");
    case "server":
      return names(found.path);
    case "slash-redirect":
      return `${names(found.path)} (301)`;
    case "bad-request":
      return `400: ${found.because}`;
    case "undecidable":
      return `one of ${found.candidates.map(names).join(" | ")}`;
  }
}

const LOCATIONS: readonly (readonly [body: string, target: string, expected: string])[] = [
  ["location / {} location = / {}", "/", "server > = /"],
  ["location / {} location = / {}", "/?a=b", "server > = /"],
  ["location /a {} location /a/b {}", "/a/bc", "server > /a/b"],
  ["location /a {} location ~ b {}", "/ab", "server > ~ b"],
  ["location ^~ /a {} location ~ b {}", "/ab", "server > ^~ /a"],
  ["location ~ a {} location ~ b {}", "/ba", "server > ~ a"],
  ["location ~* A {}", "/a", "server > ~* A"],
  ["location ~ A {}", "/a", "server"],
  ["location ~*\\.php$ {}", "/a.PHP", "server > ~*\\.php$"],
  ["location /a { location ~ x {} location /a/b {} }", "/a/b/x", "server > /a > ~ x"],
  ["location /a { location /a/b {} } location ~ x {}", "/a/b/x", "server > ~ x"],
  ["location ^~ /a { location /a/b {} } location ~ x {}", "/a/b/x", "server > ^~ /a > /a/b"],
  ["location /a { location ^~ /a/b {} } location ~ x {}", "/a/b/x", "server > ~ x"],
  ["location ~ a { location ~ b {} }", "/ab", "server > ~ a > ~ b"],
  ["location /s { internal; location /s/t {} }", "/s/t", "server > /s > /s/t (internal)"],
  ["location /p/ { proxy_pass http://a; }", "/p", "server > /p/ (301)"],
  // The values of the exact one count for the redirect, whichever of the two hands on.
  ["location /p/ { proxy_pass http://a; } location = /p/ {}", "/p", "server > = /p/ (301)"],
  ["location = /p/ { proxy_pass http://a; } location /p/ {}", "/p", "server > = /p/ (301)"],
  ["location /p/ { root a; }", "/p", "server"],
  ["location /p/ { proxy_pass http://a; } location /p {}", "/p", "server > /p"],
  ["location @n {}", "/@n", "server"],
  ["location /.git {}", "/a/%2e%2e/%2egit", "server > /.git"],
  ["location /.git {}", "//x//..//.git//config", "server > /.git"],
  ["", "/../a", "400: it leads above the root"],
  ["", "/%0", "400: it holds a percent sign without two hexadecimal digits"],
  ["", "a", "400: it does not begin with a slash"],
  ["", "/a%00", "400: it holds a zero byte"],
  [
    "location /a {} location ~ (a)\\1 {} location ~ aa {}",
    "/aa",
    "one of server > ~ (a)\\1 | server > ~ aa",
  ],
  ["location /a {} location ~ (a)\\1 {}", "/aa", "one of server > ~ (a)\\1 | server > /a"],
  ["location ~ (a)\\1 {}", "/aa", "one of server > ~ (a)\\1 | server"],
  ["location = /aa {} location ~ (a)\\1 {}", "/aa", "server > = /aa"],
];
for (const [body, target, expected] of LOCATIONS) {
  test(`${target} in ${body}`, () => assert.equal(selected(body, target), expected));
}

test("merge_slashes of the default server counts on a plain socket", () => {
  const tree = parseNginx(
    "server { listen 80; } server { listen 80; merge_slashes off; location /a/b {} }",
    "f",
  );
  const [first, second] = httpServers(tree).servers;
  assert.ok(first && second);
  const socket = { ...EMPTY_SOCKET, servers: [first, second], defaultServer: first };
  assert.equal(selectLocation(second, "/a//b").state, "server");
  assert.equal(selectLocation(second, "/a//b", socket).state, "selected");
  assert.equal(selectLocation(second, "/a//b", { ...socket, isSsl: true }).state, "server");
});

const EMPTY_SOCKET = {
  address: "*",
  port: 80,
  family: "ipv4",
  isSsl: false,
  isHttp2: false,
  isQuic: false,
  isProxyProtocol: false,
  isIpv6Only: true,
  listens: [],
} as const;

test("modifiers apart and glued; what nginx refuses", () => {
  const kinds = (text: string): unknown => {
    const [directive] = parseNginx(`location ${text}`, "f").directives;
    assert.ok(directive);
    const found = parseLocation(directive);
    return found && [found.kind, found.value];
  };
  assert.deepEqual(kinds("= /a {}"), ["exact", "/a"]);
  assert.deepEqual(kinds("=/a {}"), ["exact", "/a"]);
  assert.deepEqual(kinds("^~/a {}"), ["prefix-no-regex", "/a"]);
  assert.deepEqual(kinds("~ ^/a {}"), ["regex", "^/a"]);
  assert.deepEqual(kinds("~*^/a {}"), ["regex-caseless", "^/a"]);
  assert.deepEqual(kinds("@a {}"), ["named", "@a"]);
  assert.deepEqual(kinds('"/a b" {}'), ["prefix", "/a b"]);
  for (const refused of ["! /a {}", "= /a b {}", "/a;", "{}"]) {
    assert.equal(kinds(refused), undefined, refused);
  }
});

test("named locations and problems", () => {
  const one = server("location @a { } location / { location ! /b { } }");
  assert.equal(names(namedLocation(one, "@a") ?? []), "server > @a");
  assert.equal(namedLocation(one, "@b"), undefined);
  assert.deepEqual(
    locationProblems(one.path).map(({ kind, column }) => [kind, column]),
    [["value", 39]],
  );
});
