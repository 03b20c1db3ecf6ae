import assert from "node:assert/strict";
import { test } from "node:test";

import { isSecretName } from "./secret.ts";

const names: readonly (readonly [string, boolean])[] = [
  ["DJANGO_SECRET_KEY", true],
  ["HUB_API_KEY", true],
  ["DB_PWD", true],
  ["DATABASE_URL", true],
  ["API_KEY_AUTH_ENABLED", false],
  ["PWD", false],
  ["OLDPWD", false],
  ["SSH_AUTH_SOCK", false],
  ["GPG_KEY", false],
  ["GPG_PASSPHRASE", true],
  ["AWS_CREDENTIALS", true],
  ["CORS_ALLOWED_CREDENTIALS", false],
  ["Access-Control-Allow-Credentials", false],
  ["AUTH_PASSWORD_VALIDATORS", false],
  ["PASSWORD_HASHERS", false],
  ["RABBITMQ_ERLANG_COOKIE", true],
  ["SESSION_COOKIE", false],
];

for (const [name, expected] of names) {
  test(`isSecretName: ${name} is ${expected ? "" : "not "}a secret's name`, () => {
    assert.equal(isSecretName(name), expected);
  });
}
