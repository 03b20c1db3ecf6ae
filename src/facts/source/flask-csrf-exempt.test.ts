import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const HEAD = `from flask import Flask, Blueprint, session
from flask_wtf.csrf import CSRFProtect
from flask_limiter import Limiter
app = Flask(__name__)
csrf = CSRFProtect(app)
guard = CSRFProtect()
limiter = Limiter(app=app)
api = Blueprint("api", __name__)
`;

const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "a view that takes POST",
    '@csrf.exempt\n@app.route("/a", methods=["GET", "post"])\ndef a(): pass\n',
    ["a :9"],
  ],
  ["by the method's own decorator", '@app.post("/a")\n@csrf.exempt\ndef a(): pass\n', ["a :10"]],
  ["a view that is only read", '@app.route("/a")\n@csrf.exempt\ndef a(): pass\n', []],
  ["a view whose route stands elsewhere", "@csrf.exempt\ndef a(): pass\n", ["a :9"]],
  ["a blueprint", "csrf.exempt(api)\n", ["api :9"]],
  ["under another name", "guard.exempt(api)\n", ["api :9"]],
  ["exempt from a limit", '@limiter.exempt\n@app.post("/a")\ndef a(): pass\n', []],
  ["a comment", "# csrf.exempt(api)\n", []],
];
for (const [name, text, expected] of cases) {
  test(`Flask: exempt from CSRF protection: ${name}`, async () => {
    const { settings } = await insideSource({ "app.py": HEAD + text });
    const found = settings.filter(({ property }) => property === "csrf.exempt-view");
    assert.deepEqual(
      found.map(({ subject, line }) => `${subject} :${line}`),
      expected,
    );
  });
}

test("Flask: forms of Flask-WTF whose switch is off check nothing", async () => {
  const text = `from flask import Flask, session
from flask_wtf import FlaskForm
app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = False
class Form(FlaskForm):
    pass
`;
  const enabled = async (source: string) =>
    (await insideSource({ "app.py": source })).settings
      .filter(({ property }) => property === "csrf.enabled")
      .map(({ line, resolved }) => [
        line,
        resolved.state === "known" ? resolved.value : resolved.state,
      ]);
  assert.deepEqual(await enabled(text), [[4, false]]);
  assert.deepEqual(await enabled(text.replace("False", "True")), [[null, "unknown"]]);
});
