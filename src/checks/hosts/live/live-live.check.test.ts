import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { exampleSite } from "../../../core/http-site-example.ts";
import { absent, known, type Reading } from "../../../core/reading.ts";
import type { ForeignHostAnswer } from "../../../facts/foreign-host.fact.ts";
import type { HttpSites } from "../../../facts/http-site.fact.ts";
import { hostsLiveLive } from "./live-live.check.ts";

const unseen: Reading<HttpSites> = absent("not looked at");

function answer(rest: Partial<ForeignHostAnswer>): ForeignHostAnswer {
  return {
    url: "https://a.example.test/",
    header: "Host",
    sent: "plimsoll-foreign.invalid",
    isRefused: false,
    echoedIn: [],
    isApplicationPage: false,
    ...rest,
  };
}

const forwarded = (rest: Partial<ForeignHostAnswer>) =>
  answer({ header: "X-Forwarded-Host", status: 200, isApplicationPage: true, ...rest });

const cases: readonly [name: string, answers: readonly ForeignHostAnswer[], status: Status][] = [
  ["400", [answer({ status: 400 })], "pass"],
  ["421", [answer({ status: 421 })], "pass"],
  ["closed connection", [answer({ isRefused: true })], "pass"],
  ["a fixed redirect", [answer({ status: 301 })], "pass"],
  ["a page of another server", [answer({ status: 200 })], "pass"],
  ["the application's page", [answer({ status: 200, isApplicationPage: true })], "warn"],
  ["led on at the foreign name", [answer({ status: 302, isApplicationPage: true })], "warn"],
  ["401, as for the own name", [answer({ status: 401, isApplicationPage: true })], "unknown"],
  ["redirect to the foreign name", [answer({ status: 301, echoedIn: ["Location"] })], "warn"],
  ["a refusal that quotes the name", [answer({ status: 400, echoedIn: ["body"] })], "pass"],
  ["a 404 with a cookie for it", [answer({ status: 404, echoedIn: ["Set-Cookie"] })], "warn"],
  ["a page with links to it", [answer({ status: 200, echoedIn: ["body"] })], "warn"],
  ["X-Forwarded-Host ignored", [answer({ status: 400 }), forwarded({})], "pass"],
  [
    "X-Forwarded-Host honoured",
    [answer({ status: 400 }), forwarded({ echoedIn: ["Location"] })],
    "warn",
  ],
  ["502 tells nothing", [answer({ status: 502 })], "unknown"],
  ["no answer at all", [answer({ problem: "ECONNREFUSED" })], "unknown"],
  [
    "one target open, the other bad",
    [answer({ problem: "ECONNREFUSED" }), answer({ status: 200, isApplicationPage: true })],
    "warn",
  ],
  ["nobody asked", [], "unknown"],
];

for (const [name, answers, status] of cases) {
  test(`hosts.live/live: ${name} is ${status}`, () => {
    assert.equal(hostsLiveLive.evaluate({ answers }, { sites: unseen }).status, status);
  });
}

test("hosts.live/live: a warning quotes request, status and where the name came back", () => {
  const outcome = hostsLiveLive.evaluate(
    { answers: [answer({ status: 302, echoedIn: ["Location"] })] },
    { sites: unseen },
  );
  assert.ok(outcome.status === "warn");
  assert.equal(outcome.findings[0].rule, "foreign-host-echoed");
  assert.deepEqual(outcome.findings[0].evidence, [
    {
      url: "https://a.example.test/",
      excerpt:
        "GET https://a.example.test/ with Host: plimsoll-foreign.invalid -> status 302, repeated in Location",
    },
  ]);
});

test("hosts.live/live: the fix is in the words of the server that answered", () => {
  const sites = known([exampleSite([["Server", "Caddy"]])]);
  const fixAt = (url: string) => {
    const answers = [answer({ url, status: 200, isApplicationPage: true })];
    const outcome = hostsLiveLive.evaluate({ answers }, { sites });
    assert.ok("findings" in outcome);
    return outcome.findings[0].fix;
  };
  assert.equal(
    fixAt("https://www.example.com:8443/"),
    "Caddy: name each site by its host (example.org { ... }) instead of a port alone",
  );
  assert.match(fixAt("https://other.example.com/"), /^Set DJANGO_ALLOWED_HOSTS /);
});
