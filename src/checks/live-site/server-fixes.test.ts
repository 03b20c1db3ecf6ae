import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleRedirect,
  exampleSide,
  exampleSite,
} from "../../core/http-site-example.ts";
import {
  fieldFixes,
  fieldsFixes,
  prefixFixes,
  recognisedServers,
  serverFix,
} from "./server-fixes.ts";

const server = (value: string): HttpField => ["Server", value];
const HTTPS = "https://www.example.com/";

const sites: readonly [name: string, site: HttpSite, servers: readonly string[]][] = [
  ["nothing named", exampleSite(), []],
  ["nginx with its version", exampleSite([server("nginx/1.22.1")]), ["nginx"]],
  ["nginx without", exampleSite([server("nginx")]), ["nginx"]],
  ["a build of nginx", exampleSite([server("openresty/1.21.4.1")]), ["nginx"]],
  ["a name that only begins so", exampleSite([server("nginx-clone")]), []],
  ["Caddy", exampleSite([server("Caddy")]), ["caddy"]],
  ["Apache", exampleSite([server("Apache/2.4.62 (Debian)")]), ["apache"]],
  ["Tomcat is not Apache", exampleSite([server("Apache-Coyote/1.1")]), []],
  ["runserver", exampleSite([server("WSGIServer/0.2 CPython/3.11.2")]), ["django"]],
  ["another product", exampleSite([server("gunicorn")]), []],
  [
    "Express behind nginx",
    exampleSite([server("nginx"), ["X-Powered-By", "Express"]]),
    ["nginx", "express"],
  ],
  [
    "Django by its cookie behind Caddy",
    exampleSite([server("Caddy"), ["Set-Cookie", "csrftoken=x; Path=/"]]),
    ["caddy", "django"],
  ],
  [
    "the redirect's server counts, too",
    exampleSite([], {
      http: exampleSide(
        {
          ...exampleRedirect("http://www.example.com/", HTTPS),
          fields: [["Location", HTTPS], server("nginx")],
        },
        exampleAnswer(HTTPS),
      ),
    }),
    ["nginx"],
  ],
  [
    "another host's server does not",
    exampleSite([], {
      http: exampleSide(
        exampleRedirect("http://www.example.com/", "http://other.example/"),
        exampleAnswer("http://other.example/", [server("Caddy")]),
      ),
    }),
    [],
  ],
  [
    "nothing answers",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(HTTPS) }),
    [],
  ],
];

for (const [name, site, servers] of sites) {
  test(`server: ${name}`, () => assert.deepEqual(recognisedServers(site), servers));
}

const FIXES = fieldFixes("X-Field", "a b", { django: "FIELD = 'a b'" });
const fixes: readonly [name: string, fields: readonly HttpField[], fix: string][] = [
  [
    "general words where nothing is recognised",
    [],
    "Send X-Field: a b with every answer, errors included, from one place only",
  ],
  ["Caddy's directive, the value quoted", [server("Caddy")], 'Caddy: header X-Field "a b"'],
  ["Apache's", [server("Apache")], 'Apache: Header always set X-Field "a b"'],
  [
    "proxy and application",
    [server("Caddy"), ["Set-Cookie", "csrftoken=x"]],
    "Caddy: header X-Field \"a b\"; or Django: FIELD = 'a b'",
  ],
  [
    "general words where the recognised one has no form",
    [["X-Powered-By", "Express"]],
    "Send X-Field: a b with every answer, errors included, from one place only",
  ],
];

for (const [name, fields, fix] of fixes) {
  test(`server fix: ${name}`, () => assert.equal(serverFix(exampleSite(fields), FIXES), fix));
}

test("server fix: words before every form", () => {
  const prefixed = prefixFixes("later, ", { nginx: "a;", generic: "Send it" });
  assert.deepEqual(prefixed, { nginx: "later, a;", generic: "later, send it" });
});

test("server fix: several fields at once", () => {
  const { nginx, caddy, generic } = fieldsFixes([
    ["X-A", "1"],
    ["X-B", "b c"],
  ]);
  assert.equal(
    nginx,
    'add_header X-A 1 always; add_header X-B "b c" always; in the server block and in each location with an add_header of its own',
  );
  assert.equal(caddy, 'header X-A 1 and header X-B "b c"');
  assert.equal(generic, 'Send "X-A: 1", "X-B: b c"');
});
