import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSite } from "../../../core/http-site.ts";
import { closedSide, exampleAnswer, exampleSide } from "../../../core/http-site-example.ts";
import { PAGE_URL, silentOn, wholeSite } from "../../live-headers/example-answers.ts";
import { headersDisclosureLive } from "./disclosure-live.check.ts";

const server = (value: string): HttpField => ["Server", value];
const page = (...fields: readonly HttpField[]): HttpSite => wholeSite({ page: fields });
const bare = page(server("nginx"));
const HTTP = "http://www.example.com/";
const onRedirect: HttpSite = {
  ...bare,
  http: exampleSide(
    exampleAnswer(HTTP, [["Location", PAGE_URL], server("Apache/2.4.57 (Debian)")], {
      status: 301,
    }),
    exampleAnswer(PAGE_URL, [server("nginx")]),
  ),
};

const CASES: readonly [name: string, site: HttpSite, status: string][] = [
  ["nothing sent", page(), "pass"],
  ["a name alone", bare, "pass"],
  ["a name and a system", page(server("Apache (Debian)")), "pass"],
  ["X-Powered-By: Express", page(["X-Powered-By", "Express"]), "pass"],
  ["a trace id with digits", page(["X-B3-TraceId", "80f198ee"]), "pass"],
  ["nginx with a version", page(server("nginx/1.22.1")), "warn"],
  ["a version behind a blank", page(server("Caddy v2.6.2")), "warn"],
  ["Python's development server", page(server("WSGIServer/0.2 CPython/3.11.2")), "warn"],
  ["X-Powered-By: PHP", page(["x-powered-by", "PHP/8.2.7"]), "warn"],
  ["a header that is a version", page(["X-AspNet-Version", "4.0.30319"]), "warn"],
  ["a generator", page(["X-Generator", "Drupal 10.1.2"]), "warn"],
  ["on the redirect only", onRedirect, "warn"],
  ["on the 404 page only", wholeSite({ page: [], missing: [server("nginx/1.22.1")] }), "warn"],
  ["404 page not seen", silentOn(bare, "errorPage"), "unknown"],
  ["no answer", { ...bare, http: closedSide(HTTP), https: closedSide(PAGE_URL) }, "unknown"],
];

for (const [name, site, status] of CASES) {
  test(`disclosure: ${name} is ${status}`, () => {
    assert.equal(headersDisclosureLive.evaluate({ sites: [site] }, {}).status, status);
  });
}

test("a field is the same over HTTP/2, where names are in lower case", () => {
  const site = wholeSite({
    page: [server("nginx/1.22.1")],
    http2: [["server", "nginx/1.22.1"]],
  });
  const outcome = headersDisclosureLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.equal(outcome.findings.length, 1);
});

const FIXES: readonly [name: string, field: HttpField, fix: string][] = [
  ["nginx", server("nginx/1.22.1"), "nginx: server_tokens off; in http { }, for every server"],
  ["Apache", server("Apache/2.4.57"), "Apache: ServerTokens Prod and ServerSignature Off"],
  [
    "runserver",
    server("WSGIServer/0.2 CPython/3.11.2"),
    "Serve the application by gunicorn or uvicorn behind a proxy, not by runserver",
  ],
  ["PHP", ["X-Powered-By", "PHP/8.2.7"], "PHP: expose_php = Off in php.ini"],
  [
    "another field",
    ["X-AspNet-Version", "4.0.30319"],
    "Drop X-AspNet-Version in the application or the proxy",
  ],
];

for (const [name, field, fix] of FIXES) {
  test(`disclosure: the fix for ${name}`, () => {
    const outcome = headersDisclosureLive.evaluate({ sites: [page(field)] }, {});
    assert.ok("findings" in outcome);
    assert.equal(outcome.findings[0].fix, fix);
  });
}

test("each header is a finding that quotes it and names the places", () => {
  const site = wholeSite({ page: [], missing: [server("nginx/1.22.1"), ["X-CMS", "Foo/1.2"]] });
  const outcome = headersDisclosureLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(
    outcome.findings.map(({ message }) => message),
    [
      'Server tells a version ("nginx/1.22.1") on the page of a missing address (404)',
      'X-CMS tells a version ("Foo/1.2") on the page of a missing address (404)',
    ],
  );
  assert.equal(
    outcome.findings[0].evidence.at(-1)?.excerpt,
    "404, missing address: Server: nginx/1.22.1; X-Powered-By not sent; X-CMS: Foo/1.2",
  );
});
