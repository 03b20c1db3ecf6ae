import assert from "node:assert/strict";
import { test } from "node:test";
import { insideSource } from "../../../test/inside-source.ts";

const APP = `import os
from flask import Flask
app = Flask(__name__)
STAGE = os.getenv("APP_ENV", "development")
OTHER = os.environ["FLASK_CONFIG"]
LIVE = os.environ.get("PRODUCTION")
NAME = os.getenv("SKIP_SETTINGS", "ENV")
# os.getenv("OLD_ENV")
if __name__ == "__main__":
    app.run(host="127.0.0.1", debug=True)
`;

test("the stage that a program asks for, and debug of a start by itself, decide nothing", async () => {
  const { settings } = await insideSource({ "app.py": APP, "tests/app.py": APP });
  const told = settings.filter(({ slug }) => slug === "env.mode" || slug === "flask.debug");
  assert.deepEqual(
    told.map(
      ({ slug, property, kind, value, file, line }) =>
        `${slug} ${property ?? "-"} ${kind} ${value} ${file}:${line}`,
    ),
    [
      "env.mode - env env APP_ENV, default development app.py:4",
      "env.mode - env env FLASK_CONFIG app.py:5",
      "env.mode - env env PRODUCTION app.py:6",
      "flask.debug - literal true app.py:10",
    ],
  );
});
