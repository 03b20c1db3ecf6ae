import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPage } from "../../../core/http-page.ts";
import type { HttpBody, HttpSite } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleBody,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { UNUSED_MAX } from "../../live-csp/fit-faults.ts";
import { cspPolicyLive } from "./policy-live.check.ts";

const URL = "https://www.example.com/";
const TAIL = "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";
const GOOD = `default-src 'self'; ${TAIL}`;
const at = { line: 3, column: 5 };

interface Given {
  readonly page?: Partial<HttpPage>;
  readonly name?: string;
  readonly body?: Partial<HttpBody>;
  readonly more?: readonly string[];
  readonly extra?: Partial<HttpSite["extra"]>;
}

function siteOf(value: string, given: Given = {}): HttpSite {
  const { page = {}, name = "Content-Security-Policy", body = {}, more = [], extra } = given;
  const fields = [value, ...more].map((each) => [name, each] as const);
  const answer = exampleAnswer(URL, fields, { body: exampleBody(page, body) });
  return exampleSite([], {
    https: exampleSide(answer),
    extra: { paths: [], external: [], ...extra },
  });
}

const cdn: Partial<HttpPage> = { scripts: [{ src: "https://cdn.example/a.js", at }] };
const other = (page: Partial<HttpPage>, value: string) => {
  const url = `${URL}b`;
  const fields = [["Content-Security-Policy", value]] as const;
  return {
    url,
    answer: exampleAnswer(url, fields, { body: exampleBody(page) }),
    why: "linked" as const,
  };
};
const withCdn = `script-src 'self' https://cdn.example; default-src 'self'; ${TAIL}`;

const CASES: readonly [name: string, site: HttpSite, status: string, rules?: string][] = [
  ["tight", siteOf(GOOD), "pass"],
  ["script-src *", siteOf(`default-src 'self'; script-src *; ${TAIL}`), "fail", "any-host"],
  ["default-src * without script-src", siteOf(`default-src *; ${TAIL}`), "fail", "any-host"],
  [
    "script-src data:",
    siteOf(`default-src 'self'; script-src data:; ${TAIL}`),
    "fail",
    "data-source",
  ],
  [
    "script-src https:",
    siteOf(`default-src 'self'; script-src https:; ${TAIL}`),
    "warn",
    "any-host",
  ],
  ["img-src * and data:", siteOf(`${GOOD}; img-src * data:; style-src 'self' data:`), "pass"],
  [
    "a wildcard beside strict-dynamic",
    siteOf(`${GOOD}; script-src 'nonce-0123456789abcdefghijkl' 'strict-dynamic' https:`),
    "pass",
  ],
  ["unsafe-eval", siteOf(`${GOOD}; script-src 'self' 'unsafe-eval'`), "warn", "eval"],
  ["connect-src wss:", siteOf(`${GOOD}; connect-src 'self' wss:`), "warn", "any-host"],
  ["connect-src with a host", siteOf(`${GOOD}; connect-src 'self' wss://live.example`), "pass"],
  [
    "objects from the own origin",
    siteOf("default-src 'self'; base-uri 'self'; frame-ancestors 'none'"),
    "warn",
    "plugin-source",
  ],
  [
    "no base-uri",
    siteOf("default-src 'self'; object-src 'none'; frame-ancestors 'none'"),
    "warn",
    "base-uri-unrestricted",
  ],
  [
    "a broad base-uri",
    siteOf(
      "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri https://a.example",
    ),
    "warn",
    "base-uri-broad",
  ],
  [
    "no frame-ancestors",
    siteOf("default-src 'self'; object-src 'none'; base-uri 'none'"),
    "warn",
    "frame-ancestors-unrestricted",
  ],
  [
    "any frame-ancestor",
    siteOf("default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors *"),
    "warn",
    "any-host",
  ],
  [
    "a second policy mends the first",
    siteOf(`default-src *; ${TAIL}`, {
      more: [
        "script-src 'self'; connect-src 'self'; object-src 'none'; worker-src 'self'; default-src 'self'",
      ],
    }),
    "pass",
  ],
  [
    "report-only is judged",
    siteOf("script-src *", { name: "Content-Security-Policy-Report-Only" }),
    "fail",
    "any-host object-unrestricted base-uri-unrestricted frame-ancestors-unrestricted",
  ],
  ["a script is blocked", siteOf(GOOD, { page: cdn }), "warn", "page-blocked"],
  ["a script is listed", siteOf(withCdn, { page: cdn }), "pass"],
  ["a listed host is unused", siteOf(withCdn), "warn", "unused-source"],
  ["another page uses it", siteOf(withCdn, { extra: { paths: [other(cdn, withCdn)] } }), "pass"],
  [
    "unused hosts that scripts may use",
    siteOf(`${GOOD}; connect-src https://o1.ingest.sentry.io; img-src https://i.example`),
    "pass",
  ],
  [
    "another page has a hole",
    siteOf(GOOD, { extra: { paths: [other({}, `script-src *; ${TAIL}`)] } }),
    "fail",
    "any-host",
  ],
  [
    "inline code is blocked",
    siteOf(GOOD, { page: { scripts: [{ inline: { sha256: "aGFzaA==", length: 4 }, at }] } }),
    "warn",
    "page-blocked",
  ],
  ["a cut page", siteOf(GOOD, { body: { cut: "size" } }), "unknown"],
  [
    "a cut page with a hole",
    siteOf(`default-src *; ${TAIL}`, { body: { cut: "size" } }),
    "fail",
    "any-host",
  ],
  ["no policy", exampleSite(), "skip"],
  [
    "no answer",
    exampleSite([], { http: closedSide("http://www.example.com/"), https: closedSide(URL) }),
    "unknown",
  ],
];

for (const [name, site, status, rules] of CASES) {
  test(`csp.policy: ${name} is ${status}`, () => {
    const outcome = cspPolicyLive.evaluate({ sites: [site] }, {});
    const found = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.deepEqual([outcome.status, found.join(" ")], [status, rules ?? ""]);
  });
}

test("a finding quotes directive, source and place, and holds the policy to send", () => {
  const outcome = cspPolicyLive.evaluate({ sites: [siteOf(GOOD, { page: cdn })] }, {});
  assert.ok("findings" in outcome);
  const [finding] = outcome.findings;
  assert.equal(
    finding.message,
    `default-src blocks what the page needs, script https://cdn.example: ${URL}`,
  );
  assert.deepEqual(finding.evidence, [
    {
      url: URL,
      excerpt: "line 3, column 5, <script>; Content-Security-Policy: default-src 'self'",
    },
  ]);
  assert.match(
    finding.fix,
    /: Send Content-Security-Policy: default-src 'none'; script-src https:\/\/cdn\.example; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none' with every answer/,
  );
});

test("the suggested policy is given up to its limit and not beyond", () => {
  const fixOf = (count: number) => {
    const styles = Array.from({ length: count }, (_, n) => ({
      sha256: String(n).padStart(44, "0"),
      length: 1,
      at,
    }));
    const outcome = cspPolicyLive.evaluate(
      { sites: [siteOf(`script-src *; ${TAIL}`, { page: { styles } })] },
      {},
    );
    assert.ok("findings" in outcome);
    return outcome.findings[0].fix;
  };
  assert.match(fixOf(30), /: Send Content-Security-Policy: /);
  assert.match(fixOf(40), /Move inline code/);
});

test("no more unused hosts are told of one page than the limit", () => {
  const unused = (count: number) => {
    const hosts = Array.from({ length: count }, (_, each) => `https://h${each}.example`).join(" ");
    const site = siteOf(`script-src ${hosts}; default-src 'self'; ${TAIL}`);
    const outcome = cspPolicyLive.evaluate({ sites: [site] }, {});
    assert.ok("findings" in outcome);
    return outcome.findings.filter(({ rule }) => rule === "unused-source").length;
  };
  assert.equal(unused(UNUSED_MAX), UNUSED_MAX);
  assert.equal(unused(UNUSED_MAX + 1), UNUSED_MAX);
});
