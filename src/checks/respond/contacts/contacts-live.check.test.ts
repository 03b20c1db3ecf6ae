import assert from "node:assert/strict";
import { test } from "node:test";

import type { HttpSite } from "../../../core/http-site.ts";
import { exampleAnswer, exampleBody, exampleSite } from "../../../core/http-site-example.ts";
import { respondContactsLive } from "./contacts-live.check.ts";

const PLACE = "https://www.example.com/.well-known/security.txt";
const { page: _, ...PLAIN } = exampleBody({});

function siteOf(text: string, status = 200): HttpSite {
  const answer = exampleAnswer(PLACE, [], { status, body: { ...PLAIN, text } });
  return exampleSite([], {
    extra: { paths: [], external: [], securityTxt: { url: PLACE, answer } },
  });
}

const CASES: readonly [name: string, site: HttpSite, status: string][] = [
  ["an address", siteOf("Contact: mailto:security@corp.io"), "pass"],
  ["a page", siteOf("Contact: https://corp.io/security"), "pass"],
  ["a placeholder", siteOf("Contact: mailto:security@yourdomain.com"), "warn"],
  [
    "a placeholder and an address",
    siteOf("Contact: mailto:security@yourdomain.com\nContact: tel:+4930123456"),
    "pass",
  ],
  ["no URI", siteOf("Contact: security@corp.io"), "warn"],
  ["none", siteOf("Expires: 2027-01-01T00:00:00Z"), "warn"],
  [
    "a file out of date",
    siteOf("Contact: mailto:a@corp.io\nExpires: 2026-11-21T00:00:00Z"),
    "warn",
  ],
  ["no file", siteOf("not found", 404), "warn"],
  ["a broken server", siteOf("", 503), "unknown"],
  ["not asked for", exampleSite([]), "unknown"],
  ["a private host", exampleSite([], { host: "10.0.0.1" }), "skip"],
];

for (const [name, site, status] of CASES) {
  test(`respond.contacts/live: ${name} is ${status}`, () => {
    assert.equal(respondContactsLive.evaluate({ sites: [site] }, {}).status, status);
  });
}
