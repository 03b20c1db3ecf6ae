import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentOf, servicesOf } from "./example-facts.ts";
import { workersOf } from "./workers.ts";

const cases: readonly (readonly [string, Readonly<Record<string, string>>, number | undefined])[] =
  [
    ["gunicorn -w 4 app", {}, 4],
    ["gunicorn --workers=3 app", { WEB_CONCURRENCY: "9" }, 3],
    ["uvicorn a:b --workers 2", {}, 2],
    ["gunicorn app", {}, 1],
    ["gunicorn app", { WEB_CONCURRENCY: "5" }, 5],
    ["uwsgi --http :8000 --processes 8", {}, 8],
    ["python app.py", { WEB_CONCURRENCY: "5" }, undefined],
  ];
for (const [command, env, count] of cases) {
  test(`workersOf: ${command} ${JSON.stringify(env)}`, () =>
    assert.equal(workersOf(servicesOf(command), environmentOf(env))?.count, count));
}
