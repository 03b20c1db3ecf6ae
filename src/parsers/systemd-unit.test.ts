import assert from "node:assert/strict";
import { test } from "node:test";
import {
  mergeUnits,
  parseUnit,
  splitUnitWords,
  unitEnvironment,
  unitList,
  unitValue,
} from "./systemd-unit.ts";

const unit = (text: string) => parseUnit(text, "monitor.service");

test("entries have section, key, value, file and line; comments and stray lines are dropped", () => {
  const { entries } = unit(
    "\uFEFFStray=1\r\n[Unit]\r\nDescription = Web  app \r\n  # User=root\r\n; User=root\r\n[Service]\r\nnonsense\r\nUser=svc\r\n",
  );
  assert.deepEqual(entries, [
    {
      section: "Unit",
      key: "Description",
      value: "Web  app",
      file: "monitor.service",
      line: 3,
    },
    { section: "Service", key: "User", value: "svc", file: "monitor.service", line: 8 },
  ]);
});

test("a backslash continues a line over comment lines, two do not", () => {
  const { entries } = unit(
    "[Service]\nExecStart=/bin/a \\\n# --bind 0.0.0.0:1\n  ; x\n  --bind 127.0.0.1:8000 \\\n  app\nA=b\\\\\nUser=x\nGroup=end\\",
  );
  assert.deepEqual(
    entries.map(({ key, value, line }) => [key, value.replace(/ +/g, " "), line]),
    [
      ["ExecStart", "/bin/a --bind 127.0.0.1:8000 app", 2],
      ["A", "b\\\\", 7],
      ["User", "x", 8],
      ["Group", "end", 9],
    ],
  );
});

test("an empty value resets a list, the last single value wins, drop-ins come after", () => {
  const merged = mergeUnits([
    unit("[Service]\nUser=root\nEnvironmentFile=/a\nEnvironmentFile=-/b\nExecStart=/old"),
    parseUnit(
      "[Service]\nUser=svc\nExecStart=\nExecStart=/new\nEnvironmentFile=/c",
      "monitor.service.d/a.conf",
    ),
  ]);
  const values = (key: string) => unitList(merged, "Service", key).map(({ value }) => value);
  assert.equal(unitValue(merged, "Service", "User")?.value, "svc");
  assert.equal(unitValue(merged, "Service", "User")?.file, "monitor.service.d/a.conf");
  assert.equal(unitValue(merged, "Unit", "User"), undefined);
  assert.deepEqual(values("ExecStart"), ["/new"]);
  assert.deepEqual(values("EnvironmentFile"), ["/a", "-/b", "/c"]);
});

const WORDS: readonly (readonly [string, readonly string[]])[] = [
  ["A=b C=d", ["A=b", "C=d"]],
  ['"A=b c" D=e', ["A=b c", "D=e"]],
  ["'A=b c'\t D=", ["A=b c", "D="]],
  ['A="b c"d', ["A=b cd"]],
  ['"A=b \\"c\\" \\\\"', ['A=b "c" \\']],
  ["'A=it\\'s\\x41\\101\\u00e9\\s'", ["A=it'sAA\u00e9 "]],
  ["A=b D=\\q E=f", ["A=b"]],
  ['A=b "C=d', ["A=b"]],
  ['""', [""]],
  ["A=\\x00", []],
];
for (const [text, words] of WORDS) {
  test(`words of ${text}`, () => assert.deepEqual(splitUnitWords(text), words));
}

test("Environment=: several per line, last wins, reset, invalid names ignored, %% is %", () => {
  const { entries } = unit(
    `[Service]\nEnvironment=X=1\nEnvironment=\nEnvironment="A=b c" B=100%% 9=x =y C\nEnvironment=A=z H=%h/.env\n[Other]\nEnvironment=N=1`,
  );
  assert.deepEqual(
    unitEnvironment({ entries }).map(({ key, value, line }) => [key, value, line]),
    [
      ["B", "100%", 4],
      ["A", "z", 5],
      ["H", "%h/.env", 5],
    ],
  );
});
