import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentOf, processVariable, servicesOf, variableOf } from "./example-facts.ts";
import { shellWord, thenRestart, whereToSet } from "./remedy.ts";

const words: readonly [text: string, expected: string][] = [
  [".env.production", ".env.production"],
  ["-rf", "./-rf"],
  ["a b.env", "'a b.env'"],
  ["$(id).env", "'$(id).env'"],
  ["it's.env", "'it'\\''s.env'"],
  ["a\nb", "'a\nb'"],
  ["", "''"],
];

for (const [text, expected] of words) {
  test(`remedy: ${JSON.stringify(text)} is pasted as ${JSON.stringify(expected)}`, () => {
    assert.equal(shellWord(text), expected);
  });
}

const IN_UNIT = { layer: "service", file: "deploy/app.service", line: 8 } as const;

test("remedy: a variable is changed where it takes effect", () => {
  const env = environmentOf({ A: [variableOf("A", "1", { file: "deploy/app.env", line: 3 })] });
  assert.equal(whereToSet(env.variables["A"]?.[0], env), "in deploy/app.env (line 3)");
  assert.equal(whereToSet(undefined, env), "in deploy/app.env");
  assert.equal(
    whereToSet(variableOf("A", "1", { ...IN_UNIT, reader: "systemd" }), env),
    "in deploy/app.service (line 8, then systemctl daemon-reload)",
  );
  assert.equal(
    whereToSet(variableOf("A", "1", { ...IN_UNIT, reader: "docker compose" }), env),
    "in deploy/app.service (line 8)",
  );
  assert.equal(
    whereToSet(processVariable("A", "1"), env),
    "in the environment the service is started with",
  );
  assert.equal(whereToSet(undefined, environmentOf({})), "in .env");
  const declared = environmentOf({}, { placeForNew: "in docker/.env" });
  assert.equal(whereToSet(undefined, declared), "in docker/.env");
  assert.equal(
    whereToSet(undefined, { ...env, placeForNew: "in docker/.env" }),
    "in deploy/app.env",
  );
});

test("remedy: of several services the one that takes connections is restarted", () => {
  const [web] = servicesOf().services;
  assert.ok(web);
  const worker = { ...web, name: "worker.service", restart: "systemctl restart worker" };
  const place = { port: 0, isUnixSocket: true, isInContainer: false, text: "--bind unix:/run/s" };
  const bind = { ...place, service: web.name, address: "/run/s" };
  const both = { ...servicesOf(), services: [worker, web] };
  assert.equal(thenRestart({ ...both, binds: [bind] }), ", then run: systemctl restart monitor");
  assert.equal(thenRestart(both), ", then run: systemctl restart worker");
});

test("remedy: the service at hand is restarted", () => {
  assert.equal(thenRestart(servicesOf()), ", then run: systemctl restart monitor");
  assert.equal(thenRestart(undefined), ", then restart the application");
});
