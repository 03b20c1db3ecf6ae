import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";
import { LOGGED_ROWS_MAX } from "./logged-secrets.ts";

async function rowsOf(file: string, text: string): Promise<readonly string[]> {
  const found = knownValue((await sourceFacts({ files: { [file]: text } })).source);
  assert.ok(found !== undefined);
  return found.settings
    .filter(({ slug }) => slug === "logging.sensitive")
    .map(({ line, value }) => `${line} ${value}`);
}

const CASES: readonly [name: string, text: string, expected: readonly string[]][] = [
  ["an argument", 'logger.info("token %s", token)\n', ["1 token is logged"]],
  ["a part of it", 'x = 1\nlogger.warning(f"CSRF {csrf_token[:8]}")\n', ["2 csrf_token is logged"]],
  ["an attribute", "logging.error(user.password)\n", ["1 user.password is logged"]],
  ["over lines", 'self.logger.debug(\n  "a",\n  self.api_key,\n)\n', ["1 self.api_key is logged"]],
  [
    "a field of the request",
    'logger.info(request.headers["Authorization"])\n',
    ['1 headers["Authorization" is logged'],
  ],
  [
    "a cookie of the request",
    'logger.info("c", request.cookies.get("session"))\n',
    ['1 cookies.get("session" is logged'],
  ],
  ["the word in the text", 'logger.info("token rejected")\n', []],
  ["its length", 'logger.info("token %d", len(token))\n', []],
  ["whether it is there", 'logger.info(f"{token is None} {bool(password)}")\n', []],
  ["something about it", "logger.info(token_count, password_field, secret_name())\n", []],
  ["what is told of a token", 'logger.info("t", id=access_token.id, at=token.created_at)\n', []],
  ["a secret of an object", 'logger.info("t", key=user.token)\n', ["1 user.token is logged"]],
  ["a member of it by its name", "logger.info(token[Field.EXPIRES], token['id'])\n", []],
  ["a piece of it", "logger.info(token[:8])\n", ["1 token is logged"]],
  ["a piece of it by a variable", "logger.info(token[start:])\n", ["1 token is logged"]],
  ["masked", 'logger.info("t %s", mask_secret(token))\n', []],
  ["a keyword of the call", 'logger.info("a", token="x")\n', []],
  ["another call", "client.send(token)\n", []],
  ["commented out", "# logger.info(token)\n", []],
  ["a docstring", '"""logger.info(token)"""\n', []],
];

for (const [name, text, expected] of CASES) {
  test(`logged secrets: ${name}`, async () =>
    assert.deepEqual(await rowsOf("a.py", text), expected));
}

test("logged secrets of JavaScript", async () => {
  const text =
    "console.log(`t ${req.body.password}`);\nlogger.info({ ok: !!token });\nconsole.log(token.length);\n";
  assert.deepEqual(await rowsOf("a.js", text), ["1 req.body.password is logged"]);
});

test("tests and scripts do not count", async () => {
  for (const file of ["tests/a.py", "scripts/a.py", "a_dev.py"])
    assert.deepEqual(await rowsOf(file, "logger.info(token)\n"), []);
});

test("statements are told up to a limit", async () => {
  const count = async (lines: number) =>
    (await rowsOf("a.py", "logger.info(token)\n".repeat(lines))).length;
  assert.deepEqual(
    [await count(LOGGED_ROWS_MAX), await count(LOGGED_ROWS_MAX + 1)],
    [LOGGED_ROWS_MAX, LOGGED_ROWS_MAX],
  );
});
