import assert from "node:assert/strict";
import { test } from "node:test";
import { absent } from "../../core/reading.ts";
import { hstsConfiguredProxy } from "../hsts/configured/configured-proxy.check.ts";
import { canonicalHsts } from "../live-headers/hsts.ts";
import { concernOf } from "../proxy-rules/concern.ts";
import { caddyWanted } from "./example-sites.ts";
import { mainSiteRoute, siteFieldStatements } from "./field-statements.ts";

const HSTS = "strict-transport-security";
const site = (lines: string) => `a.test {\n${lines}\n reverse_proxy app:80\n}`;

const ROWS: readonly [name: string, text: string, told: readonly string[]][] = [
  [
    "set",
    site(' header Strict-Transport-Security "max-age=31536000"'),
    ["sets max-age=31536000 Caddyfile:2"],
  ],
  ["taken away", site(" header -Strict-Transport-Security"), ["drops Caddyfile:2"]],
  ["left to the application", site(""), ["passes-on Caddyfile:3 reverse_proxy app:80"]],
  [
    "only where none is sent",
    site(' header ?Strict-Transport-Security "max-age=31536000"'),
    ["unknown only where none is sent: Caddyfile:2"],
  ],
  [
    "made of the request",
    site(" header Strict-Transport-Security {http.request.header.x}"),
    ["unknown its value depends on the request: Caddyfile:2"],
  ],
  [
    "ignored by browsers",
    site(' header Strict-Transport-Security "max-age"'),
    ["drops browsers ignore its value: Caddyfile:2"],
  ],
  ["plain HTTP alone", `http://${site("")}`, []],
];

for (const [name, text, told] of ROWS) {
  test(`what a site of Caddy does to a field: ${name}`, async () => {
    const route = mainSiteRoute(concernOf(await caddyWanted(text)).sites, undefined);
    const steps =
      route === undefined
        ? []
        : siteFieldStatements(route, HSTS, (value) => canonicalHsts({ fields: [[HSTS, value]] }));
    assert.deepEqual(
      steps.map(({ says, value, where }) => [says, value, where].filter(Boolean).join(" ")),
      told,
    );
  });
}

test("hsts.configured states it for other proxies than nginx, too", async () => {
  const wanted = await caddyWanted(site(" header -Strict-Transport-Security"));
  const nothing = absent("not looked at");
  const steps = hstsConfiguredProxy.states?.({}, { ...wanted, live: nothing, source: nothing });
  assert.deepEqual(
    steps?.map(({ layer, says }) => `${layer} ${says}`),
    ["proxy drops"],
  );
});
