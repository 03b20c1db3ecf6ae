import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpSide } from "../../../core/http-site.ts";
import {
  closedSide,
  exampleAnswer,
  exampleRedirect,
  exampleSide,
  exampleSite,
} from "../../../core/http-site-example.ts";
import { known } from "../../../core/reading.ts";
import { environmentOf } from "../../judgement/example-facts.ts";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { tlsRedirectProxy } from "./redirect-proxy.check.ts";
import { tlsRedirectSource } from "./redirect-source.check.ts";
import { liveStatements, proxyStatements } from "./redirect-states.ts";

const TLS =
  "server { listen 443 ssl; server_name a.test; ssl_certificate c; ssl_certificate_key k; }";
const plain = (lines: string) =>
  nginxWanted(`http { ${TLS} server { listen 80; server_name a.test; ${lines} } }`);

const PROXY: readonly [name: string, wanted: ReturnType<typeof plain>, says: readonly string[]][] =
  [
    ["return", plain("return 301 https://$host$request_uri;"), ["sets"]],
    ["handed on", plain("location / { proxy_pass http://127.0.0.1:8000; }"), ["passes-on"]],
    ["files", plain("root /srv;"), ["drops"]],
    ["no plain listener", nginxWanted(`http { ${TLS} }`), []],
  ];

for (const [name, wanted, says] of PROXY) {
  test(`redirect at the proxy: ${name}`, () => {
    const steps = proxyStatements(concernOf(wanted), undefined);
    assert.deepEqual(
      steps.map((step) => step.says),
      says,
    );
    assert.equal(tlsRedirectProxy.evaluate({}, { ...wanted, live: known([]) }).status, "skip");
  });
}

const HTTP = "http://www.example.com/";
const page = exampleAnswer("https://www.example.com/");
const LIVE: readonly [name: string, http: HttpSide, says: readonly string[]][] = [
  ["to https", exampleSide(exampleRedirect(HTTP, "https://www.example.com/"), page), ["sets"]],
  ["to http", exampleSide(exampleRedirect(HTTP, `${HTTP}a`), exampleAnswer(HTTP)), ["drops"]],
  ["content", exampleSide(exampleAnswer(HTTP)), ["drops"]],
  ["nobody listens", closedSide(HTTP), []],
];

for (const [name, http, says] of LIVE) {
  test(`redirect live: ${name}`, () => {
    assert.deepEqual(
      liveStatements([{ ...exampleSite([]), http }]).map((step) => step.says),
      says,
    );
  });
}

test("redirect in source: set, overridden by a file, off, not known", () => {
  const environment = known(environmentOf({ SSL: "0" }));
  const told = (...args: Parameters<typeof rowOf> extends [unknown, ...infer R] ? R : never) => {
    const source = known(sourceOf(rowOf("redirect.https", ...args)));
    return tlsRedirectSource
      .states?.({}, { source, environment })
      .map(({ layer, says }) => `${layer} ${says}`);
  };
  assert.deepEqual(told(true), ["source sets"]);
  assert.deepEqual(told(false), ["source passes-on"]);
  assert.deepEqual(told(false, { variables: ["SSL"], default: true }), [
    "source sets",
    "config drops",
  ]);
  assert.deepEqual(told(null, { resolved: UNKNOWN }), ["source unknown"]);
});
