import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpExchange, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { EXPIRY_MAX_SECONDS, respondDisclosurePolicyLive } from "./disclosure-policy-live.check.ts";

const PLACE = "https://www.example.com/.well-known/security.txt";
const NOW = Date.UTC(2026, 10, 22);
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const GOOD = `Contact: mailto:security@corp.io\nExpires: ${inSeconds(1000)}\n`;
const { page: _, ...PLAIN } = exampleBody({});

function file(text: string, changes: Partial<HttpExchange> = {}, url = PLACE): HttpExchange {
  return exampleAnswer(url, [], {
    fields: [["Content-Type", "text/plain; charset=utf-8"]],
    body: { ...PLAIN, text },
    ...changes,
  });
}

function siteOf(answer: HttpExchange, changes: Partial<HttpSite> = {}): HttpSite {
  const securityTxt = { url: PLACE, answer };
  return exampleSite([], { extra: { paths: [], external: [], securityTxt }, ...changes });
}

const failure = { kind: "timeout", detail: "no answer" } as const;
const CASES: readonly (readonly [name: string, site: HttpSite, status: string, rule?: string])[] = [
  ["contact and date", siteOf(file(GOOD)), "pass"],
  ["404", siteOf(file("not found", { status: 404 })), "warn", "none"],
  ["403", siteOf(file(GOOD, { status: 403 })), "warn", "none"],
  ["503", siteOf(file("", { status: 503 })), "unknown"],
  ["429", siteOf(file("", { status: 429 })), "unknown"],
  ["a page for any path", siteOf(exampleAnswer(PLACE)), "warn", "not-security-txt"],
  ["text of another kind", siteOf(file("hello\nworld")), "warn", "not-security-txt"],
  ["no text", siteOf(file("")), "warn", "not-security-txt"],
  [
    "expired",
    siteOf(file(`Contact: mailto:a@corp.io\nExpires: ${inSeconds(0)}`)),
    "warn",
    "expired",
  ],
  ["expires soon", siteOf(file(`Contact: mailto:a@corp.io\nExpires: ${inSeconds(1)}`)), "pass"],
  [
    "expires in a year",
    siteOf(file(`Contact: mailto:a@corp.io\nExpires: ${inSeconds(EXPIRY_MAX_SECONDS)}`)),
    "pass",
  ],
  [
    "expires later",
    siteOf(file(`Contact: mailto:a@corp.io\nExpires: ${inSeconds(EXPIRY_MAX_SECONDS + 1)}`)),
    "warn",
    "expires-late",
  ],
  ["no Expires", siteOf(file("Contact: mailto:a@corp.io")), "warn", "no-expires"],
  [
    "a bad Expires",
    siteOf(file("Contact: mailto:a@corp.io\nExpires: soon")),
    "warn",
    "bad-expires",
  ],
  ["no Contact", siteOf(file(`Expires: ${inSeconds(1000)}`)), "warn", "no-contact"],
  [
    "a placeholder",
    siteOf(file(GOOD.replace("security@corp.io", "security@yourdomain.com"))),
    "warn",
    "placeholder-contact",
  ],
  [
    "a contact over http",
    siteOf(file(GOOD.replace("mailto:security@corp.io", "http://corp.io/contact"))),
    "warn",
    "bad-contact",
  ],
  [
    "a contact that is no URI",
    siteOf(file(GOOD.replace("mailto:security@corp.io", "security@corp.io"))),
    "warn",
    "bad-contact",
  ],
  ["a contact over http and a good one", siteOf(file(`Contact: http://corp.io/\n${GOOD}`)), "pass"],
  ["a placeholder and a contact", siteOf(file(`Contact: mailto:a@example.com\n${GOOD}`)), "pass"],
  [
    "over http",
    siteOf(file(GOOD, {}, "http://www.example.com/.well-known/security.txt")),
    "warn",
    "http-only",
  ],
  [
    "not answered",
    exampleSite([], { extra: { paths: [], external: [], securityTxt: { url: PLACE, failure } } }),
    "unknown",
  ],
  [
    "no answer at all",
    exampleSite([], { http: closedSide("http://a/"), https: closedSide("https://a/") }),
    "unknown",
  ],
  ["a loopback target", siteOf(file(GOOD, { status: 404 }), { host: "127.0.0.1" }), "skip"],
  ["a local name", siteOf(file(GOOD, { status: 404 }), { host: "app.local" }), "skip"],
];

for (const [name, site, status, rule] of CASES) {
  test(`${name} is ${status}`, () => {
    const outcome = respondDisclosurePolicyLive.evaluate({ sites: [site] }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("the evidence quotes the fields with their lines, the fix a text for this site", () => {
  const site = siteOf(file("# ours\nContact: mailto:security@corp.io\n"));
  const outcome = respondDisclosurePolicyLive.evaluate({ sites: [site] }, {});
  assert.ok("findings" in outcome);
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: PLACE, excerpt: "200, text/plain; charset=utf-8" },
    { url: PLACE, excerpt: "contact: mailto:security@corp.io", line: 2 },
  ]);
  assert.match(outcome.findings[0].fix, /security@example\.com \/ Expires: 2027-05-23T00:00:00Z/);
});
