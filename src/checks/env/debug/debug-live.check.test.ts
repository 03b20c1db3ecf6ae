import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import type { ErrorPages } from "../../../facts/error-page.fact.ts";
import {
  applicationOf,
  environmentOf,
  NO_SUBJECT,
  servicesOf,
} from "../../judgement/example-facts.ts";
import { envDebugLive } from "./debug-live.check.ts";

function judged(pages: ErrorPages | Reading<never>, environment: Environment | undefined) {
  return envDebugLive.evaluate(
    {},
    {
      pages: "state" in pages ? pages : known(pages),
      environment: environment === undefined ? NO_SUBJECT : known(environment),
      profile: known({ applies: true, because: "manage.py", sign: "application" }),
      application: known(applicationOf("django")),
      settings: absent("no settings"),
      services: known(servicesOf()),
      mode: NO_SUBJECT,
      hub: NO_SUBJECT,
      listeners: NO_SUBJECT,
      processes: NO_SUBJECT,
    },
  );
}

const URL_PUBLIC = "https://a.example.test/missing";
const plain: ErrorPages = [{ url: URL_PUBLIC, status: 404 }];
const traced = (url: string): ErrorPages => [
  { url, status: 404, debugSign: "Django URLconf listing" },
];
const off = environmentOf({ DJANGO_ENV: "production", DJANGO_DEBUG: "0" });
const on = environmentOf({ DJANGO_ENV: "production", DJANGO_DEBUG: "1" });
const dev = environmentOf({ DJANGO_ENV: "dev", DJANGO_DEBUG: "1" });

const cases: readonly [string, ErrorPages | Reading<never>, Environment | undefined, Status][] = [
  ["debug page", traced(URL_PUBLIC), off, "fail"],
  ["debug page, nothing known inside", traced(URL_PUBLIC), undefined, "fail"],
  ["debug page in development, to the world", traced(URL_PUBLIC), dev, "fail"],
  ["debug page in development, on loopback", traced("http://127.0.0.1:8000/x"), dev, "pass"],
  ["debug page on loopback in production", traced("http://127.0.0.1:8000/x"), off, "fail"],
  ["plain page", plain, off, "pass"],
  ["plain page, nothing known inside", plain, undefined, "pass"],
  ["a plain page does not clear a switch that is on", plain, on, "skip"],
  ["a redirect is no error page", [{ url: URL_PUBLIC, status: 301 }], off, "skip"],
  ["a redirect beside a plain page", [{ url: URL_PUBLIC, status: 301 }, ...plain], off, "pass"],
  ["no page", [], off, "skip"],
  ["no target", absent("no target"), off, "skip"],
  ["not granted", unknown("not-granted", "offline"), off, "skip"],
  ["target does not answer", unknown("unreachable", "ECONNREFUSED"), off, "unknown"],
];

for (const [name, pages, environment, status] of cases) {
  test(`env.debug/live: ${name} is ${status}`, () => {
    assert.equal(judged(pages, environment).status, status);
  });
}

test("env.debug/live: a failure quotes the address and the sign", () => {
  const outcome = judged(traced(URL_PUBLIC), off);
  assert.ok(outcome.status === "fail");
  assert.deepEqual(outcome.findings[0].evidence, [
    { url: URL_PUBLIC, excerpt: "status 404, Django URLconf listing" },
  ]);
});

const fixes: readonly [sign: string, fix: RegExp][] = [
  ["Django debug page", /^Set DEBUG = False in the settings, or DJANGO_DEBUG=0 /],
  ["Werkzeug debugger", /^Set FLASK_DEBUG=0, /],
  ["Starlette debugger", /^Leave out debug=True of FastAPI/],
  ["Express stack trace", /^Set NODE_ENV=production/],
  ["Python traceback", /^Turn debug off \(DJANGO_DEBUG=0, FLASK_DEBUG=0, /],
];
for (const [debugSign, fix] of fixes) {
  test(`env.debug/live: the fix for ${debugSign}`, () => {
    const outcome = judged([{ url: URL_PUBLIC, status: 500, debugSign }], off);
    assert.ok("findings" in outcome);
    assert.match(outcome.findings[0].fix, fix);
  });
}
