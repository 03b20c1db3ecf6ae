import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, type Reading, unknown } from "../../../core/reading.ts";
import type { SecretMeasure } from "../../../core/secret.ts";
import type { AppSetting, AppSettings, Resolved } from "../../../facts/app-settings.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import {
  environmentOf,
  processVariable,
  STRONG,
  servicesOf,
  settingOf,
  UNREADABLE,
  variableOf,
} from "../../judgement/example-facts.ts";
import { envSecretKeyConfig } from "./secret-key-config.check.ts";

const PROFILE = { applies: true, because: "manage.py", sign: "application" } as const;
const KEY = "DJANGO_SECRET_KEY";

function judgeKey(env: Environment, settings: Reading<AppSettings> = noSettings()) {
  return envSecretKeyConfig.evaluate(
    { profile: PROFILE, environment: env },
    { settings, services: known(servicesOf()) },
  );
}

function noSettings(): Reading<AppSettings> {
  return known({ settings: [], problems: [] });
}

function withSettings(...settings: readonly AppSetting[]): Reading<AppSettings> {
  return known({ settings, problems: [] });
}

function weak(change: Partial<SecretMeasure>): Environment {
  return environmentOf({ [KEY]: { ...STRONG, ...change } });
}

function secretSetting(resolved: Resolved, variables: readonly string[] = [KEY]): AppSetting {
  const kind = resolved.state === "known" && resolved.from === "literal" ? "literal" : "env";
  return settingOf("SECRET_KEY", resolved, { kind, variables });
}

const fromEnv: Resolved = { state: "known", secret: STRONG, from: "env" };
const strongFile = environmentOf({ [KEY]: STRONG });

const WEAK: SecretMeasure = { ...STRONG, length: 12 };

function withFallbacks(...entries: readonly (readonly [SecretMeasure, boolean])[]) {
  const secrets = entries.map(([secret, isLiteral]) => ({ secret, isLiteral }));
  const resolved = { state: "known", secret: STRONG, secrets, from: "mixed" } as const;
  const fallbacks = settingOf("SECRET_KEY_FALLBACKS", resolved);
  return judgeKey(strongFile, withSettings(secretSetting(fromEnv), fallbacks));
}

const cases: readonly [name: string, outcome: ReturnType<typeof judgeKey>, status: Status][] = [
  ["strong in .env", judgeKey(strongFile), "pass"],
  ["50 characters", judgeKey(weak({ length: 50 })), "pass"],
  ["49 characters", judgeKey(weak({ length: 49 })), "fail"],
  ["50 times k", judgeKey(weak({ length: 50, distinct: 1, effectiveBits: 0 })), "fail"],
  ["a sequence", judgeKey(weak({ length: 64, effectiveBits: 10 })), "fail"],
  ["128 bits", judgeKey(weak({ effectiveBits: 128 })), "pass"],
  ["placeholder", judgeKey(weak({ isPlaceholder: true })), "fail"],
  ["unexpanded", judgeKey(weak({ isUnexpanded: true })), "fail"],
  ["django-insecure-", judgeKey(weak({ hasInsecurePrefix: true })), "fail"],
  ["70 % words", judgeKey(weak({ wordShare: 0.7 })), "warn"],
  ["words in a weak key stay a failure", judgeKey(weak({ wordShare: 1, length: 20 })), "fail"],
  ["missing", judgeKey(environmentOf({})), "fail"],
  [
    "empty overrides SECRET_KEY",
    judgeKey(environmentOf({ [KEY]: { ...STRONG, length: 0 }, SECRET_KEY: STRONG })),
    "fail",
  ],
  ["empty without a measure", judgeKey(environmentOf({ [KEY]: "" })), "fail"],
  ["SECRET_KEY alone", judgeKey(environmentOf({ SECRET_KEY: STRONG })), "pass"],
  [
    "the process overrides a weak file",
    judgeKey(
      environmentOf({
        [KEY]: [processVariable(KEY, STRONG), variableOf(KEY, { ...STRONG, length: 4 })],
      }),
    ),
    "pass",
  ],
  ["env file unreadable", judgeKey(environmentOf({}, UNREADABLE)), "unknown"],
  [
    "env file unreadable, the process has it",
    judgeKey(environmentOf({ [KEY]: [processVariable(KEY, STRONG)] }, UNREADABLE)),
    "pass",
  ],
  [
    "env file unreadable, a lower one has it",
    judgeKey(environmentOf({ [KEY]: STRONG }, UNREADABLE)),
    "unknown",
  ],
  ["the settings read it", judgeKey(strongFile, withSettings(secretSetting(fromEnv))), "pass"],
  [
    "strong literal in source",
    judgeKey(
      strongFile,
      withSettings(secretSetting({ state: "known", secret: STRONG, from: "literal" }, [])),
    ),
    "warn",
  ],
  [
    "a weak literal in force is not cured by an unused variable",
    judgeKey(
      strongFile,
      withSettings(
        secretSetting(
          { state: "known", secret: { ...STRONG, hasInsecurePrefix: true }, from: "literal" },
          [],
        ),
      ),
    ),
    "fail",
  ],
  [
    "default in source is in force",
    judgeKey(
      environmentOf({}),
      withSettings(secretSetting({ state: "known", secret: STRONG, from: "default" })),
    ),
    "warn",
  ],
  [
    "default None is in force",
    judgeKey(
      environmentOf({}),
      withSettings(secretSetting({ state: "known", value: null, from: "default" })),
    ),
    "fail",
  ],
  [
    "raises when unset",
    judgeKey(
      environmentOf({}),
      withSettings(secretSetting({ state: "raises", reason: "KeyError: DJANGO_SECRET_KEY" })),
    ),
    "fail",
  ],
  [
    "raises, but the env file is unreadable",
    judgeKey(
      environmentOf({}, UNREADABLE),
      withSettings(secretSetting({ state: "raises", reason: "KeyError" })),
    ),
    "unknown",
  ],
  [
    "a strong literal beside an unreadable env file",
    judgeKey(
      environmentOf({}, UNREADABLE),
      withSettings(secretSetting({ state: "known", secret: STRONG, from: "literal" }, [])),
    ),
    "warn",
  ],
  [
    "computed and not resolvable",
    judgeKey(
      environmentOf({}),
      withSettings(secretSetting({ state: "unknown", reason: "calls vault()" }, [])),
    ),
    "unknown",
  ],
  [
    "settings that make a key where the variable is empty",
    judgeKey(
      environmentOf({ SECRET_KEY: "" }),
      withSettings(secretSetting({ state: "unknown", reason: "calls vault()" }, [])),
    ),
    "unknown",
  ],
  [
    "settings unreadable, key unset",
    judgeKey(environmentOf({}), unknown("denied", "x")),
    "unknown",
  ],
  [
    "settings did not parse, key unset",
    judgeKey(
      environmentOf({}),
      known({ settings: [], problems: [{ file: "s.py", detail: "syntax" }] }),
    ),
    "unknown",
  ],
  [
    "the key stands in a secret file",
    judgeKey(environmentOf({ SECRET_KEY_FILE: "/run/secrets/key" })),
    "unknown",
  ],
  [
    "a weak fallback key",
    judgeKey(
      strongFile,
      withSettings(
        secretSetting(fromEnv),
        settingOf("SECRET_KEY_FALLBACKS", {
          state: "known",
          secret: { ...STRONG, length: 12 },
          from: "literal",
        }),
      ),
    ),
    "fail",
  ],
  ["a weak second fallback key", withFallbacks([STRONG, false], [WEAK, false]), "fail"],
  ["a strong fallback key in source", withFallbacks([STRONG, true]), "warn"],
  ["a typed fallback key", withFallbacks([{ ...STRONG, wordShare: 0.8 }, false]), "warn"],
  ["strong fallback keys of the environment", withFallbacks([STRONG, false]), "pass"],
];

for (const [name, outcome, status] of cases) {
  test(`env.secret-key/config: ${name} is ${status}`, () => {
    assert.equal(outcome.status, status);
  });
}

test("env.secret-key/config: of a weak default the variable is set, the code need not change", () => {
  const setting = secretSetting(
    { state: "known", secret: { ...STRONG, length: 3 }, from: "default" },
    ["SECRET_KEY_FILE", "SECRET_KEY"],
  );
  const outcome = judgeKey(environmentOf({}), withSettings(setting));
  assert.ok(outcome.status === "fail");
  assert.match(outcome.findings[0].fix, /^Set SECRET_KEY in \.env to the output of: /);
});

test("env.secret-key/config: not applicable outside the seed's profile", () => {
  const outcome = envSecretKeyConfig.evaluate(
    {
      profile: { applies: false, because: "no sign of a Django deployment", sign: "none" },
      environment: environmentOf({}),
    },
    { settings: noSettings(), services: known(servicesOf()) },
  );
  assert.equal(outcome.status, "skip");
});

test("env.secret-key/config: a failure quotes measures and the place, and says what to run", () => {
  const outcome = judgeKey(weak({ length: 49, effectiveBits: 200.9 }));
  assert.ok(outcome.status === "fail");
  const [finding] = outcome.findings;
  assert.equal(finding.rule, "too-short");
  assert.equal(finding.message, "DJANGO_SECRET_KEY has 49 characters, fewer than 50 (.env:1)");
  assert.deepEqual(finding.evidence, [
    {
      file: ".env",
      line: 1,
      excerpt: "DJANGO_SECRET_KEY: set, 49 chars, fp:1a2b3c4d, 50 distinct, about 200 bits",
    },
  ]);
  assert.equal(
    finding.fix,
    'Set DJANGO_SECRET_KEY in .env (line 1) to the output of: python3 -c "import secrets; print(secrets.token_urlsafe(64))", keep the old one in SECRET_KEY_FALLBACKS for the lifetime of a session, then run: systemctl restart monitor',
  );
});

test("env.secret-key/config: a key that anyone knows is not kept as a fallback", () => {
  const outcome = judgeKey(weak({ isPlaceholder: true }));
  assert.ok(outcome.status === "fail");
  assert.doesNotMatch(outcome.findings[0].fix, /FALLBACKS/);
});

test("env.secret-key/config: layers are stated from the inside out, as fingerprints", () => {
  const env = environmentOf({
    [KEY]: [
      processVariable(KEY, { ...STRONG, fingerprint: "99999999" }),
      variableOf(KEY, STRONG, { line: 3 }),
    ],
  });
  const statements = envSecretKeyConfig.states?.(
    { profile: PROFILE, environment: env },
    { settings: withSettings(secretSetting(fromEnv)), services: known(servicesOf()) },
  );
  assert.deepEqual(statements, [
    { layer: "config", says: "sets", value: "set, 86 chars, fp:1a2b3c4d", where: ".env:3" },
    { layer: "host", says: "sets", value: "set, 86 chars, fp:99999999", where: "/proc/10/environ" },
  ]);
});
