import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTraefikRule, parseTraefikYaml, traefikArguments, traefikLabels } from "./traefik.ts";

test("YAML gives settings with lines: lists, empty maps, null, anchors and merges", () => {
  const text =
    "# http: no\nhttp:\n  Routers:\n    a: &a\n      rule: Host(`x`)\n      entryPoints: [web, s]\n      tls: {}\n    b:\n      <<: *a\n      tls:\n";
  const result = parseTraefikYaml("t.yml", text);
  assert.deepEqual(result.ok && result.settings.map(({ key, value, line }) => [key, value, line]), [
    ["http.routers.a.rule", "Host(`x`)", 5],
    ["http.routers.a.entrypoints.0", "web", 6],
    ["http.routers.a.entrypoints.1", "s", 6],
    ["http.routers.a.tls", "{}", 7],
    ["http.routers.b.rule", "Host(`x`)", 5],
    ["http.routers.b.entrypoints.0", "web", 6],
    ["http.routers.b.entrypoints.1", "s", 6],
    ["http.routers.b.tls", "{}", 7],
    ["http.routers.b.tls", "", 10],
  ]);
});

test("hostile YAML is an answer, not an exception", () => {
  assert.equal(parseTraefikYaml("t", "a: [").ok, false);
  assert.equal(parseTraefikYaml("t", "[".repeat(20_000)).ok, false);
  assert.deepEqual(parseTraefikYaml("t", ""), { ok: true, settings: [] });
  const levels = Array.from(
    { length: 20 },
    (_, index) => `l${index + 1}: &l${index + 1} [*l${index}, *l${index}]`,
  );
  const started = performance.now();
  assert.equal(parseTraefikYaml("t", `l0: &l0 [x, x]\n${levels.join("\n")}\n`).ok, true);
  assert.ok(performance.now() - started < 5_000);
});

test("labels: case, compose's $$, others left out", () => {
  const label = (key: string, value: string | undefined) => ({
    key,
    value,
    file: "c.yml",
    line: 3,
  });
  assert.deepEqual(
    traefikLabels([
      label("Traefik.HTTP.routers.A.rule", "HostRegexp(`^x$$`)"),
      label("com.x", "y"),
      label("traefik.enable", undefined),
    ]),
    [
      { key: "http.routers.a.rule", value: "HostRegexp(`^x$`)", file: "c.yml", line: 3 },
      { key: "enable", value: "", file: "c.yml", line: 3 },
    ],
  );
});

test("arguments", () => {
  const settings = traefikArguments(
    'traefik --api --entryPoints.web.address=:80 "--x.y=a=b" positional',
    "c",
    1,
  );
  assert.deepEqual(
    settings.map(({ key, value }) => [key, value]),
    [
      ["api", "true"],
      ["entrypoints.web.address", ":80"],
      ["x.y", "a=b"],
    ],
  );
});

const RULES: readonly (readonly [
  rule: string,
  names: readonly string[],
  paths: readonly string[],
])[] = [
  ['Host(`a.test`, `b.test`) || Host("c.test")', ["a.test", "b.test", "c.test"], []],
  ["Host(`a.test`) && (PathPrefix(`/x`) || Path(`/y`))", ["a.test"], ["/x", "/y"]],
  ["!Host(`a.test`) && HostRegexp(`^.+\\.b\\.test$`)", ["^.+\\.b\\.test$"], []],
  ["Headers(`Host`, `x`)", [], []],
  ["Host(`a", [], []],
];
for (const [rule, names, paths] of RULES)
  test(`rule ${rule}`, () => assert.deepEqual(parseTraefikRule(rule), { names, paths }));
