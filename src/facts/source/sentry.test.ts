import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const DSN = `https://${KEY}@o1.ingest.sentry.test/42`;
const GATED = `import os, sentry_sdk
if os.getenv("SENTRY_ENABLED", "false").lower() == "true":
    sentry_sdk.init(dsn=os.getenv("SENTRY_DSN"), send_default_pii=True,
        traces_sample_rate=float(os.getenv("SENTRY_TRACES_SAMPLE_RATE", "1.0")))
`;
const NAMED = `import os
import sentry_sdk
SENTRY_ENABLED = os.getenv("SENTRY_ENABLED", "false").lower() == "true"
SENTRY_DSN = os.getenv("SENTRY_DSN", "")
SENTRY_ENVIRONMENT = os.getenv("SENTRY_ENVIRONMENT", "development")
def before_send(event, hint):
    return event
def setup():
    if SENTRY_ENABLED and SENTRY_DSN:
        sentry_sdk.init(SENTRY_DSN, environment=SENTRY_ENVIRONMENT, before_send=before_send)
`;

async function rows(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
) {
  const { settings } = await insideSource(files, env);
  return settings
    .filter(({ slug }) => slug.startsWith("sentry."))
    .map(({ slug, line, resolved }) => [
      slug,
      line,
      resolved.state === "known" ? resolved.value : resolved.state,
    ]);
}

test("a call that its switch holds back is found, with what it would be given", async () => {
  assert.deepEqual(await rows({ "web/sentry.py": GATED }, { SENTRY_DSN: DSN }), [
    ["sentry.init", 3, false],
    ["sentry.dsn", 3, "unknown"],
    ["sentry.send_default_pii", 3, true],
    ["sentry.traces_rate", 4, "unknown"],
    ["sentry.environment", null, null],
    ["sentry.release", null, null],
    ["sentry.before_send", null, null],
  ]);
});

test("what a spread of arguments may hold is not known to be missing", async () => {
  const app = "import sentry_sdk\nfrom conf import more\nsentry_sdk.init(release='a@1', **more)\n";
  assert.deepEqual(await rows({ "app.py": app }, {}), [
    ["sentry.init", 3, true],
    ["sentry.release", 3, "a@1"],
    ["sentry.dsn", 3, "unknown"],
    ["sentry.environment", 3, "unknown"],
    ["sentry.traces_rate", 3, "unknown"],
    ["sentry.profiles_rate", 3, "unknown"],
  ]);
});

test("an argument on a line of its own names the line of its call", async () => {
  const { settings } = await insideSource({
    "app.py": "import sentry_sdk\nsentry_sdk.init(\n    send_default_pii=True,\n)\n",
  });
  const found = settings.filter(({ slug }) => slug === "sentry.send_default_pii");
  assert.deepEqual(
    found.map(({ line, callLine }) => [line, callLine]),
    [[3, 2]],
  );
});

test("a call that runs has the values of the environment and its defaults, and never the key", async () => {
  const env = { SENTRY_ENABLED: "True", SENTRY_DSN: DSN };
  const found = await rows({ "web/sentry.py": GATED }, env);
  assert.deepEqual(found[0], ["sentry.init", 3, true]);
  assert.deepEqual(found[3], ["sentry.traces_rate", 4, 1]);
  assert.ok(!JSON.stringify(await insideSource({ "web/sentry.py": GATED }, env)).includes(KEY));
  const literal = { "app.py": `import sentry_sdk\nsentry_sdk.init("${DSN}")\n` };
  const told = await insideSource(literal);
  assert.ok(!JSON.stringify(told).includes(KEY));
  assert.ok(JSON.stringify(told).includes("o1.ingest.sentry.test"));
});

test("names that hold one variable are told at their own lines", async () => {
  const found = await rows({ "web/app.py": NAMED }, { SENTRY_ENABLED: "1", SENTRY_DSN: DSN });
  assert.deepEqual(
    found.map(([slug, line]) => `${slug}:${line}`),
    [
      "sentry.enabled:3",
      "sentry.dsn:4",
      "sentry.environment:5",
      "sentry.init:10",
      "sentry.dsn:10",
      "sentry.environment:10",
      "sentry.before_send:10",
      "sentry.release:null",
      "sentry.send_default_pii:null",
    ],
  );
  assert.equal(found[0]?.[2], false);
  assert.equal(found[3]?.[2], false);
});

test("comments, docstrings, tests and examples give nothing", async () => {
  const files = {
    "a.py": "import os\n# sentry_sdk.init(send_default_pii=True)\n",
    "b.py": '"""\nsentry_sdk.init(send_default_pii=True)\n"""\n',
    "tests/test_sentry.py": GATED,
    "examples/app.py": GATED,
    "requirements.txt": "# sentry-sdk==2.0\n",
  };
  assert.deepEqual(await rows(files, {}), []);
});

test("the SDK among the dependencies alone is told", async () => {
  const files = { "requirements.txt": "flask==3.0\nsentry-sdk[flask]==2.1\n" };
  assert.deepEqual(await rows(files, {}), [["sentry.sdk", 2, true]]);
});
