import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpField, HttpSide, HttpSite } from "../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleRedirect,
  exampleSide,
  exampleSite,
} from "../../core/http-site-example.ts";
import { cookieFix } from "./cookie-fix.ts";
import { secureFault } from "./cookie-rules.ts";
import { cookiesOf, judgeCookies, passEvidence, whyUnseen } from "./cookies.ts";

const HTTP = "http://www.example.com/";
const HTTPS = "https://www.example.com/";
const sets = (value: string): HttpField => ["Set-Cookie", value];
const judgeSecure = (site: HttpSite) =>
  judgeCookies(site, "session", secureFault, (group) => cookieFix(group, "secure"));

test("cookies of redirects, both sides and further pages are seen, with their places", () => {
  const login = `${HTTPS}login?next=secret`;
  const site = exampleSite([], {
    http: exampleSide(
      { ...exampleRedirect(HTTP, HTTPS), fields: [["Location", HTTPS], sets("a.sid=x")] },
      exampleAnswer(HTTPS),
    ),
    extra: {
      external: [],
      paths: [{ url: login, why: "asked", answer: exampleAnswer(login, [sets("sessionid=x")]) }],
      errorPage: { url: `${HTTPS}x`, answer: exampleAnswer(`${HTTPS}x`, [sets("b.sid=x")]) },
    },
  });
  assert.deepEqual(
    judgeSecure(site)?.findings.map(({ message, evidence }) => [message, evidence[0].url]),
    [
      [`The session cookie a.sid of ${HTTPS} is set without Secure`, HTTP],
      [`The session cookie sessionid of ${HTTPS} is set without Secure`, `${HTTPS}login`],
      [`The session cookie b.sid of ${HTTPS} is set without Secure`, `${HTTPS}x`],
    ],
  );
});

test("a flag that is there in one answer only is told", () => {
  const site = exampleSite([sets("sessionid=x; Secure")], {
    extra: {
      external: [],
      paths: [],
      again: { url: HTTPS, answer: exampleAnswer(HTTPS, [sets("sessionid=x")]) },
    },
  });
  assert.equal(
    judgeSecure(site)?.findings[0]?.message,
    `The session cookie sessionid of ${HTTPS} is set without Secure in 1 of 2 answers`,
  );
});

test("the same field from one address again is one cookie seen", () => {
  const again = { url: HTTPS, answer: exampleAnswer(HTTPS, [sets("sessionid=y")]) };
  const site = exampleSite([sets("sessionid=x")], { extra: { external: [], paths: [], again } });
  assert.equal(cookiesOf(site, "session")[0]?.seen.length, 1);
});

test("a Secure cookie set over http is told to be refused there", () => {
  const site = exampleSite([], {
    url: HTTP,
    http: exampleSide(exampleAnswer(HTTP, [sets("app.sid=x; Secure")])),
    https: closedSide(HTTPS),
  });
  assert.deepEqual(passEvidence([site], "session"), [
    {
      url: HTTP,
      excerpt:
        'Set-Cookie: app.sid=…; Secure (session cookie: its name holds "sid"; browsers refuse it: secure-over-http)',
    },
  ]);
});

test("neither value nor length of it is shown, and long fields are cut", () => {
  const site = exampleSite([sets(`sid=${"x".repeat(300)}; Path=/${"p".repeat(300)}`)]);
  const [group] = cookiesOf(site, "session");
  assert.match(group?.seen[0].shown ?? "", /^Set-Cookie: sid=…; Path=\/p{200,}…$/);
  const named = cookiesOf(exampleSite([sets(`${"n".repeat(80)}_sid=x`)]), "session");
  assert.equal(named[0]?.name, `${"n".repeat(60)}…`);
});

test("the fix names the framework's setting, and nginx only where the name can be pasted", () => {
  const fixOf = (value: string) => {
    const [group] = cookiesOf(exampleSite([sets(value)]), "session");
    assert.ok(group);
    return cookieFix(group, "secure");
  };
  assert.equal(
    fixOf("sessionid=x"),
    "Set SESSION_COOKIE_SECURE = True in the settings; or in nginx (1.19.3 on): proxy_cookie_flags sessionid secure;",
  );
  assert.equal(fixOf("a$sid=x"), "Set the cookie a$sid with Secure");
});

const silent = (url: string, hops: HttpSide["hops"] = []): HttpSide => {
  const failure = { kind: "timeout", detail: "no answer in time" } as const;
  return { url, hops, end: { kind: "no-answer", url, failure } };
};
const page = exampleSide(exampleAnswer(HTTPS));
const plain = exampleSide(exampleAnswer(HTTP));
const UNSEEN: readonly [name: string, http: HttpSide, https: HttpSide, why?: string][] = [
  ["both answer", plain, page],
  ["http closed", closedSide(HTTP), page],
  ["http silent", silent(HTTP), page],
  ["http broken off", silent(HTTP, [exampleRedirect(HTTP, HTTPS)]), page, HTTP],
  ["https closed", plain, closedSide(HTTPS)],
  ["https silent", plain, silent(HTTPS), HTTPS],
  ["https broken off", plain, silent(HTTPS, [exampleRedirect(HTTPS, `${HTTPS}a`)]), HTTPS],
  ["neither", closedSide(HTTP), closedSide(HTTPS), HTTPS],
];
for (const [name, http, https, where] of UNSEEN) {
  test(`${name}: ${where === undefined ? "all seen" : `not seen ${where}`}`, () => {
    const why = whyUnseen(exampleSite([], { http, https }));
    assert.equal(why?.replace(/: [a-z ]+$/, ""), where);
  });
}

test("a page asked for that does not answer leaves the site open, a linked one does not", () => {
  const failure = { kind: "timeout", detail: "no answer in time" } as const;
  const site = (why: "asked" | "linked") =>
    exampleSite([], { extra: { external: [], paths: [{ url: `${HTTPS}a`, why, failure }] } });
  assert.equal(whyUnseen(site("asked")), `${HTTPS}a: no answer in time`);
  assert.equal(whyUnseen(site("linked")), undefined);
});
