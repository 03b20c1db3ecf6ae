import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, type Reading, unknown } from "../../../core/reading.ts";
import type { AppSetting, AppSettings, Resolved } from "../../../facts/app-settings.fact.ts";
import type { Framework } from "../../../facts/application.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import type { SeedProfile } from "../../../facts/seed-profile.fact.ts";
import {
  applicationOf,
  environmentOf,
  processVariable,
  STRONG,
  servicesOf,
  settingOf,
  UNREADABLE,
  variableOf,
} from "../../judgement/example-facts.ts";
import { hostsAllowedConfig } from "./allowed-config.check.ts";

const KEY = "DJANGO_ALLOWED_HOSTS";
const SEED: SeedProfile = { applies: true, because: "manage.py", sign: "application" };
const NO_SEED: SeedProfile = { applies: false, because: "no sign", sign: "none" };

interface Input {
  readonly env?: Environment;
  readonly settings?: Reading<AppSettings>;
  readonly profile?: Reading<SeedProfile>;
  readonly framework?: Framework;
}

function readingsOf({ settings, profile, framework = "django" }: Input) {
  return {
    profile: profile ?? known(SEED),
    application: known(applicationOf(framework)),
    settings: settings ?? known({ settings: [], problems: [] }),
    services: known(servicesOf()),
  };
}

function judgeHosts(input: Input) {
  const env = input.env ?? environmentOf({});
  return hostsAllowedConfig.evaluate({ environment: env }, readingsOf(input));
}

function text(value: string): Input {
  return { env: environmentOf({ [KEY]: value }) };
}

function list(
  value: unknown,
  rest: Partial<AppSetting> = {},
  from: "literal" | "env" = "literal",
): Input {
  return setting({ state: "known", value, from }, rest);
}

function setting(resolved: Resolved, rest: Partial<AppSetting> = {}): Input {
  const made = settingOf("ALLOWED_HOSTS", resolved, rest);
  return { settings: known({ settings: [made], problems: [] }) };
}

const OTHER = { profile: known(NO_SEED), framework: "fastapi" } as const;
const trusted = { name: "TrustedHostMiddleware.allowed_hosts", file: "app.py" };

const cases: readonly [name: string, input: Input, status: Status][] = [
  ["one name", text("monitor.example.test"), "pass"],
  ["local names", text("localhost,127.0.0.1,[::1]"), "pass"],
  ["IPv6 alone is no list", text("[::1]"), "pass"],
  ["trailing comma", text("a.example.test,"), "pass"],
  ["a leading dot", text(".example.test"), "pass"],
  ["blank-separated", text("a.example.test b.example.test"), "pass"],
  ["a list in JSON", text('["a.example.test", "b.example.test"]'), "pass"],
  ["star in the list", text("monitor.example.test,*"), "warn"],
  ["star with blanks", text(" * "), "warn"],
  ["star in quotes", text("'*'"), "warn"],
  ["star in a JSON list", text('["*"]'), "warn"],
  ["star in a Python list", text("['*']"), "warn"],
  ["star in bare brackets", text("[*]"), "warn"],
  ["an empty list in JSON", text("[]"), "warn"],
  ["a leading dot with one label", text(".test"), "warn"],
  ["a public suffix", text(".co.uk"), "warn"],
  ["scheme", text("https://monitor.example.test"), "warn"],
  ["port", text("monitor.example.test:8000"), "warn"],
  ["star and name", text("*.example.test"), "warn"],
  ["empty text", text(""), "warn"],
  ["commas only", text(" , ,"), "warn"],
  ["nothing at all", {}, "warn"],
  ["unreadable env file", { env: environmentOf({}, UNREADABLE) }, "unknown"],
  [
    "unreadable env file under the process",
    { env: environmentOf({ [KEY]: [processVariable(KEY, "a.test")] }, UNREADABLE) },
    "pass",
  ],
  ["settings literal", list(["monitor.example.test"]), "pass"],
  ["literal star over a good variable", { ...text("a.test"), ...list(["a.test", "*"]) }, "warn"],
  ["settings literal empty", list([]), "warn"],
  ["a list of other things", list([1]), "unknown"],
  ["computed at run time", setting({ state: "unknown", reason: "lookup()" }), "unknown"],
  [
    "computed beside a good variable",
    { ...text("a.test"), ...setting({ state: "unknown", reason: "lookup()" }) },
    "unknown",
  ],
  ["raises when unset", setting({ state: "raises", reason: `KeyError: ${KEY}` }), "warn"],
  [
    "raises, but the file is unreadable",
    {
      env: environmentOf({}, UNREADABLE),
      ...setting({ state: "raises", reason: "KeyError" }, { variables: [KEY] }),
    },
    "unknown",
  ],
  [
    "settings do not parse, nothing set",
    { settings: known({ settings: [], problems: [{ file: "s.py", detail: "syntax" }] }) },
    "unknown",
  ],
  ["FastAPI without an allow-list", OTHER, "skip"],
  ["FastAPI with a good one", { ...OTHER, ...list(["*.example.test"], trusted) }, "pass"],
  ["FastAPI with a star", { ...OTHER, ...list(["*"], trusted) }, "warn"],
  [
    "Flask with SERVER_NAME and port",
    { ...OTHER, ...list("a.example.test:8000", { name: "Flask.SERVER_NAME" }) },
    "pass",
  ],
  ["Flask with SERVER_NAME None", { ...OTHER, ...list(null, { name: "SERVER_NAME" }) }, "skip"],
  [
    "a middleware that is absent",
    { ...OTHER, ...list(undefined, { ...trusted, kind: "absent" }) },
    "skip",
  ],
  [
    "SECRET_KEY beside FastAPI",
    {
      env: environmentOf({ SECRET_KEY: STRONG }),
      profile: known({ applies: true, because: "SECRET_KEY (.env:1)", sign: "secret-key" }),
      framework: "fastapi",
    },
    "skip",
  ],
  ["the profile is open", { profile: unknown("denied", ".env") }, "unknown"],
];

for (const [name, input, status] of cases) {
  test(`hosts.allowed/config: ${name} is ${status}`, () => {
    assert.equal(judgeHosts(input).status, status);
  });
}

test("hosts.allowed/config: a warning quotes the list at the layer that wins", () => {
  const outcome = judgeHosts(text("monitor.example.test,*"));
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(finding.rule, "wildcard");
  assert.equal(finding.message, `An entry of ${KEY} takes every Host header: *`);
  assert.deepEqual(finding.evidence, [
    {
      file: ".env",
      line: 1,
      excerpt: `${KEY} = monitor.example.test, * <- ${KEY}="monitor.example.test,*" (layer dotenv, read by python-dotenv)`,
    },
  ]);
  assert.equal(
    finding.fix,
    `Set ${KEY}=monitor.example.test in .env (line 1), with the names this application serves, then run: systemctl restart monitor`,
  );
});

test("hosts.allowed/config: a literal is mended in source", () => {
  const outcome = judgeHosts(list(["*"]));
  assert.ok(outcome.status === "warn");
  assert.equal(
    outcome.findings[0].fix,
    'Write ALLOWED_HOSTS = ["hub.example.test"] at config/settings.py:12, with the names this application serves, then run: systemctl restart monitor',
  );
});

const MENDED: readonly (readonly [value: string, names: string])[] = [
  ["https://a.example.test/x", "a.example.test"],
  ["a.example.test:8000,b.example.test", "a.example.test,b.example.test"],
  ["*.example.test,.example.test", ".example.test"],
  ["*,a.example.test", "a.example.test"],
  [".test", "hub.example.test"],
];
for (const [value, names] of MENDED) {
  test(`hosts.allowed/config: the fix of ${value} keeps ${names}`, () => {
    const outcome = judgeHosts(text(value));
    assert.ok(outcome.status === "warn");
    assert.ok(outcome.findings[0].fix.startsWith(`Set ${KEY}=${names} in .env (line 1), `));
  });
}

test("hosts.allowed/config: what the code adds is mended in the code", () => {
  const env = environmentOf({ [KEY]: "a.example.test" });
  const input = { ...list(["a.example.test", "*"], { variables: [KEY] }, "env"), env };
  const outcome = judgeHosts(input);
  assert.ok(outcome.status === "warn");
  const [{ fix, evidence }] = outcome.findings;
  assert.match(fix, /^Remove \* from ALLOWED_HOSTS at config\/settings\.py:12, then run: /);
  assert.deepEqual(
    evidence.map(({ file }) => file),
    ["config/settings.py", ".env"],
  );
  const config = hostsAllowedConfig.states?.({ environment: env }, readingsOf(input)).at(-1);
  assert.equal(config?.value, "a.example.test");
});

test("hosts.allowed/config: a leading dot passes with a note", () => {
  const outcome = judgeHosts(text(".example.test"));
  assert.ok(outcome.status === "pass");
  assert.match(outcome.summary, /note: \.example\.test takes every subdomain of example\.test/);
});

test("hosts.allowed/config: the variable is traced through its layers", () => {
  const env = environmentOf({
    [KEY]: [processVariable(KEY, "*"), variableOf(KEY, "B.test, a.test", { line: 3 })],
  });
  assert.deepEqual(hostsAllowedConfig.states?.({ environment: env }, readingsOf({ env })), [
    { layer: "config", says: "sets", value: "a.test,b.test", where: ".env:3" },
    { layer: "host", says: "sets", value: "*", where: "/proc/10/environ" },
  ]);
});
