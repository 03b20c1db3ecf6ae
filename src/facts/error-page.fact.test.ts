import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpMessage, HttpRequest } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import { debugSignOf } from "./debug-page.ts";
import { errorPage } from "./error-page.fact.ts";
import { FOREIGN_NAME, foreignHost } from "./foreign-host.fact.ts";

type Answer = (request: HttpRequest) => Partial<HttpMessage> | HostError;

function context(request: Answer, urls: readonly string[] = ["https://app.test/"]) {
  return {
    host: createMemoryHost({ request }),
    target: { directory: "/srv/app", urls, mode: "auto", compat: false, hostFacts: true },
    nowMs: 1,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  } as const;
}

const DJANGO = "You’re seeing this error because you have <code>DEBUG = True</code> in your";
const PAGES: readonly (readonly [number, string, string | undefined])[] = [
  [
    404,
    `Using the URLconf defined in <code>config.urls</code> ${DJANGO}`,
    "Django URLconf listing",
  ],
  [500, DJANGO, "Django debug page"],
  [500, "<title>KeyError: x // Werkzeug Debugger</title>", "Werkzeug debugger"],
  [500, "<html><title>Starlette Debugger</title>", "Starlette debugger"],
  [500, 'Traceback (most recent call last):\n  File "/srv/a.py", line 1', "Python traceback"],
  [
    500,
    "<pre>Error: x<br> &nbsp; &nbsp;at a (/srv/a.js:1:1)<br> &nbsp; &nbsp;at b</pre>",
    "Express stack trace",
  ],
  [500, '{"stack":"Error: x\\n    at a (/srv/a.js:1)\\n    at b"}', "Node stack trace"],
  [404, "<pre>Cannot GET /x</pre>", undefined],
  [500, "<pre>Error: x<br> &nbsp; &nbsp;at one</pre>", undefined],
  [200, DJANGO, undefined],
  [500, "<h1>Server Error (500)</h1>", undefined],
  [404, "", undefined],
];
for (const [status, body, expected] of PAGES) {
  test(`debug page ${status} ${body.slice(0, 40)}`, () =>
    assert.equal(debugSignOf(status, body), expected));
}

test("a page that cannot exist is asked for, below the target's own path", async () => {
  const asked: string[] = [];
  const reading = await errorPage.collect(
    context(
      ({ url }) => {
        asked.push(url.href);
        return { status: 404, body: "Not Found" };
      },
      ["https://app.test/base?x=1"],
    ),
    {},
    {},
  );
  assert.match(asked[0] ?? "", /^https:\/\/app\.test\/base\/plimsoll-[0-9a-f]{16}$/);
  assert.deepEqual(reading, { state: "known", value: [{ url: asked[0], status: 404 }] });
});

test("that no page is a debug page takes an answer from every target; one proof is enough", async () => {
  const down = new HostError("unreachable", "b.test: connection refused");
  const urls = ["http://a.test/", "http://b.test/"];
  const answer =
    (body: string): Answer =>
    ({ url }) =>
      url.host === "b.test" ? down : { status: 404, body };
  const open = await errorPage.collect(context(answer("Not Found"), urls), {}, {});
  assert.equal(open.state === "unknown" && open.problem.detail, "b.test: connection refused");
  const proof = await errorPage.collect(context(answer(DJANGO), urls), {}, {});
  assert.equal(proof.state === "known" && proof.value[0]?.debugSign, "Django debug page");
  assert.equal((await errorPage.collect(context(answer(""), []), {}, {})).state, "absent");
});

async function foreign(request: Answer) {
  const reading = await foreignHost.collect(context(request), {}, {});
  assert.equal(reading.state, "known");
  const [host, forwarded] = reading.value;
  assert.ok(host !== undefined && forwarded !== undefined);
  return { host, forwarded };
}
const headerOf = ({ fields = {} }: HttpRequest, name: string) => fields[name];

test("foreign host: refused with 4xx, the name in the error's text is no echo", async () => {
  const { host, forwarded } = await foreign((request) => {
    const name = headerOf(request, "Host");
    return name === undefined ? { body: "home" } : { status: 400, body: `Invalid ${name}` };
  });
  assert.deepEqual(host, {
    url: "https://app.test/",
    header: "Host",
    sent: FOREIGN_NAME,
    isRefused: false,
    status: 400,
    echoedIn: [],
    isApplicationPage: false,
  });
  assert.deepEqual([forwarded.status, forwarded.echoedIn], [200, []]);
});

test("foreign host: the application's page, tokens and names aside", async () => {
  let token = 0;
  const { host, forwarded } = await foreign((request) => {
    token += 1;
    const name = headerOf(request, "X-Forwarded-Host") ?? headerOf(request, "Host") ?? "app.test";
    return {
      body: `<a href="https://${name}/x"><input value="abcdefghijklmnop${token}">`,
      fields: [["set-cookie", `a=b; Domain=${name}`]],
    };
  });
  assert.equal(host.isApplicationPage, true);
  assert.deepEqual(host.echoedIn, ["Set-Cookie", "body"]);
  assert.deepEqual(forwarded.echoedIn, ["Set-Cookie", "body"]);
});

test("foreign host: echoed in a redirect, whatever its letter case", async () => {
  const { host } = await foreign((request) => ({
    status: 301,
    fields: [["LOCATION", `https://${headerOf(request, "Host")?.toUpperCase()}/`]],
  }));
  assert.deepEqual(
    [host.status, host.echoedIn, host.isApplicationPage],
    [301, ["Location"], false],
  );
});

test("foreign host: a closed connection refuses, unless the own name is not answered either", async () => {
  const reset = new HostError("unreachable", "closed", { reason: "ECONNRESET" });
  const closed = await foreign((request) =>
    headerOf(request, "Host") === undefined ? { body: "home" } : reset,
  );
  assert.deepEqual([closed.host.isRefused, closed.host.problem], [true, undefined]);
  const dead = await foreign(() => reset);
  assert.deepEqual([dead.host.isRefused, dead.host.problem], [false, "closed"]);
  const late = new HostError("unreachable", "no answer", { reason: "ETIMEDOUT" });
  const silent = await foreign((request) =>
    headerOf(request, "Host") === undefined ? { body: "home" } : late,
  );
  assert.deepEqual([silent.host.isRefused, silent.host.problem], [false, "no answer"]);
});

const redirect = (location: string): Partial<HttpMessage> => ({
  status: 302,
  fields: [["location", location]],
});
const SAME: readonly (readonly [
  name: string,
  own: Partial<HttpMessage>,
  other: Partial<HttpMessage>,
  isSame: boolean,
])[] = [
  ["a page with a clock", { body: "<p>12:03:44 a" }, { body: "<p>12:03:45 a" }, true],
  ["another page", { body: "<p>home" }, { body: "<p>Welcome to nginx!" }, false],
  ["a login, by path", redirect("/login?next=/"), redirect("/login?next=/"), true],
  ["a login, with a token", redirect("/login?s=1"), redirect("/login?s=2"), true],
  ["another path", redirect("/login"), redirect("/"), false],
  ["a fixed name", redirect("https://app.test/"), redirect("https://app.test/"), false],
  ["a fixed name without scheme", redirect("//app.test/"), redirect("//app.test/"), false],
  ["401 for both", { status: 401, body: "login" }, { status: 401, body: "login" }, true],
];

for (const [name, own, other, isSame] of SAME) {
  test(`foreign host: ${name} is ${isSame ? "the same" : "another"} answer`, async () => {
    const { host } = await foreign((request) =>
      headerOf(request, "Host") === undefined ? own : other,
    );
    assert.equal(host.isApplicationPage, isSame);
  });
}

test("foreign host: not granted is not an answer", async () => {
  const refused = new HostError("not-granted", "offline");
  await assert.rejects(
    foreignHost.collect(
      context(() => refused),
      {},
      {},
    ),
    { code: "not-granted" },
  );
});
