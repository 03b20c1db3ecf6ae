import assert from "node:assert/strict";
import { test } from "node:test";
import { FOREIGN_ORIGIN, type HttpField } from "../../../core/http-site.ts";
import { exampleAnswer, exampleSite } from "../../../core/http-site-example.ts";
import { absent, known } from "../../../core/reading.ts";
import { environmentOf } from "../../judgement/example-facts.ts";
import { rowOf, sourceOf } from "../../judgement/example-source.ts";
import { headerWanted } from "../../nginx/example-header-cases.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { probeCorsProxy } from "./cors-proxy.check.ts";
import { liveStatements, proxyStatements, sourceStatements } from "./cors-states.ts";

const NOTHING = absent("no environment");

test("CORS in source: any origin, a list, a list that a variable opens", () => {
  const told = (value: unknown, rest = {}, environment = {}) =>
    sourceStatements(
      sourceOf(rowOf("cors.origins", value, rest)),
      known(environmentOf(environment)),
    ).map(({ layer, says, value: shown = "" }) => `${layer} ${says} ${shown}`.trim());
  assert.deepEqual(told(["*"]), ["source sets any origin"]);
  assert.deepEqual(told(true), ["source sets any origin"]);
  assert.deepEqual(told(["null"]), ["source sets null"]);
  assert.deepEqual(told(["https://a.test"]), ["source passes-on"]);
  assert.deepEqual(told(["*"], { variables: ["ORIGINS"] }, { ORIGINS: "*" }), [
    "source passes-on",
    "config sets any origin",
  ]);
  assert.deepEqual(
    told(
      ["https://a.test"],
      { variables: ["ORIGINS"], default: "*" },
      { ORIGINS: "https://a.test" },
    ),
    ["source sets any origin", "config drops"],
  );
  assert.deepEqual(sourceStatements(sourceOf(), NOTHING), []);
});

const PASS = "proxy_pass http://127.0.0.1:8000;";
const FIELD = "add_header Access-Control-Allow-Origin";
const PROXY: readonly [name: string, lines: string, says: readonly string[]][] = [
  ["any", `location / { ${PASS} ${FIELD} * always; }`, ["sets"]],
  ["one origin", `location / { ${PASS} ${FIELD} https://a.test always; }`, ["passes-on"]],
  ["whoever asks", `location / { ${PASS} ${FIELD} $http_origin always; }`, ["unknown"]],
  ["hidden", `location / { ${PASS} proxy_hide_header Access-Control-Allow-Origin; }`, ["drops"]],
  ["left to the application", `location / { ${PASS} }`, ["passes-on"]],
  ["nothing but a redirect", "return 301 https://b.test;", []],
];

for (const [name, lines, says] of PROXY) {
  test(`CORS at the proxy: ${name}`, () => {
    const wanted = headerWanted(lines);
    const steps = proxyStatements(concernOf(wanted), undefined);
    assert.deepEqual(
      steps.map((step) => step.says),
      says,
    );
    assert.equal(probeCorsProxy.evaluate({}, wanted).status, "skip");
  });
}

const PAGE = "https://www.example.com/";
const live = (...fields: readonly HttpField[]) => {
  const foreignOrigin = { url: PAGE, answer: exampleAnswer(PAGE, fields) };
  const site = exampleSite([]);
  return liveStatements([{ ...site, extra: { ...site.extra, foreignOrigin } }]).map(
    ({ says, value = "" }) => `${says} ${value}`.trim(),
  );
};

test("CORS live: what a foreign origin got", () => {
  const allow = (value: string): HttpField => ["Access-Control-Allow-Origin", value];
  assert.deepEqual(live(allow("*")), ["sets any origin"]);
  assert.deepEqual(live(allow(FOREIGN_ORIGIN)), ["sets any origin"]);
  assert.deepEqual(live(allow("https://a.test")), ["drops"]);
  assert.deepEqual(live(), ["drops"]);
});
