import assert from "node:assert/strict";
import { test } from "node:test";
import type { VariableState } from "../python/machine.ts";
import { jsonOf } from "../python/value.ts";
import { createScriptMachine } from "./evaluate-script.ts";
import { exportedValue } from "./script-members.ts";
import { readScript } from "./script-module.ts";
import { asSetting, type ScriptValue } from "./script-value.ts";

/** What `a.ts` exports as `x`; other files are imported by their names. */
function valueOfX(
  text: string,
  env: Readonly<Record<string, string>> = {},
  others: Readonly<Record<string, string>> = {},
): ScriptValue {
  const texts: Readonly<Record<string, string>> = { ...others, "a.ts": text };
  const modules = new Map(
    Object.keys(texts).map((file) => [file, readScript(file, texts[file] ?? "")]),
  );
  const files = {
    moduleOf: (file: string) => modules.get(file),
    resolve: (_from: string, specifier: string) => {
      const file = `${specifier.replace("./", "")}.ts`;
      return file in texts ? file : undefined;
    },
  };
  const variable = (name: string): VariableState =>
    Object.hasOwn(env, name) ? { state: "set", text: env[name] ?? "" } : { state: "unset" };
  return exportedValue(createScriptMachine(files, variable), "a.ts", "x");
}

const UNKNOWN = "unknown";

const cases: readonly [text: string, expected: unknown, env?: Record<string, string>][] = [
  ["export const x = process.env.A ?? 'd'", "d"],
  ["export const x = process.env.A ?? 'd'", "", { A: "" }],
  ["export const x = process.env.A || 'd'", "d", { A: "" }],
  ["export const x = process.env['A'] === 'true'", true, { A: "true" }],
  ["export const x = process.env.A === 'true'", false, { A: "1" }],
  ["export const x = Boolean(process.env.A)", true, { A: "false" }],
  ["export const x = !!process.env.A", false],
  ["const { A = 'd' } = process.env; export const x = A", "d"],
  ["const { A: b } = process.env; export const x = b", "v", { A: "v" }],
  ["export const x = process.env.A ? 'strict' : 'lax'", "lax"],
  ["export const x = parseInt(process.env.A || '5', 10) * 1000", 5000],
  ["export const x = Number(process.env.A)", 7, { A: "7" }],
  ["export const x = 1000 * 60 * 60", 3_600_000],
  ["const n = 'b'; export const x = `a ${n}\n c`", "a b\n c"],
  ["const b = { s: 1, t: 2 }; export const x = { ...b, t: 3 }", { s: 1, t: 3 }],
  ["export const x = { ...(process.env.A && { s: 1 }), t: 3 }", { t: 3 }],
  [
    "const o = { c: {} as any }; if (process.env.A === 'p') { o.c.s = true } export const x = o",
    { c: { s: true } },
    { A: "p" },
  ],
  [
    "const o = { s: false }; if (process.env.A === 'p') o.s = true; export const x = o",
    { s: false },
  ],
  ["const l = ['a']; l.push('b'); export const x = l.join('; ')", "a; b"],
  ["export const x = process.env.A?.split(',').map((o) => o.trim())", ["a", "b"], { A: "a, b" }],
  ["export const x = ' A  b '.replace(/\\s{2,}/g, ' ').trim().toLowerCase()", "a b"],
  [
    "function f(k: string, d: string) { return process.env[k] || d } export const x = f('A', 'd')",
    "d",
  ],
  ["const f = (o = { s: 1 }) => o.s; export const x = f()", 1],
  [
    "function f(p: boolean) { if (p) return 1; return 2 } export const x = f(process.env.A === '1')",
    1,
    { A: "1" },
  ],
  ["const e = new Proxy(process.env, { get: read }); export const x = e.A ?? 'd'", "v", { A: "v" }],
  ["const e = new Proxy(make(), {}); export const x = e.A ?? 'd'", UNKNOWN],
  [
    "class E { a = process.env.A ?? 'd'; get b() { return this.a === 'd' } } export const x = new E().b",
    true,
  ],
  [
    "class E { a = this.on(process.env.A); private on(v) { return v === '1' } } export const x = new E().a",
    true,
    { A: "1" },
  ],
  ["let s; s = 'v'; export const x = s", "v"],
  ["let s = 'a'; if (q()) s = 'b'; export const x = s", UNKNOWN],
  ["const o = { s: 'a' }; for (const k of q()) o[k] = 1; export const x = o.s", UNKNOWN],
  ["export const x = q() ? 1 : 1", 1],
  ["export const x = q() ? 1 : 2", UNKNOWN],
  ["export const x = x", UNKNOWN],
  ["export const x = require('crypto').randomBytes(16).toString('hex')", UNKNOWN],
  ["import ms from 'ms'; export const x = ms('1 day')", 86_400_000],
  ["import b from './b'; export const x = b.on", true],
  ["import { on as o } from './b'; export const x = o", UNKNOWN],
  ["const { on } = require('./c'); export const x = on", "c"],
  ["import * as c from './c'; export const x = c.on", "c"],
  ["export { y as x } from './d'", "y"],
];

const OTHERS = {
  "b.ts": "const config = { on: true } as const; export default config",
  "c.ts": "module.exports = { on: 'c' }",
  "d.ts": "export * from './e'",
  "e.ts": "export const y = 'y'",
};

for (const [text, expected, env] of cases) {
  test(`${text}${env === undefined ? "" : ` with ${JSON.stringify(env)}`}`, () => {
    const json = jsonOf(asSetting(valueOfX(text, env, OTHERS)));
    assert.deepEqual(json === undefined ? UNKNOWN : json, expected);
  });
}

test("reads of variables and their defaults are remembered", () => {
  const value = valueOfX("const a = process.env.A || 'd'; export const x = a === 'd'");
  assert.deepEqual(value.origin.reads, [{ variable: "A", state: "unset", fallback: '"d"' }]);
});

test("a loop of calls ends", () => {
  const value = valueOfX(
    "function f(n) { return g(n) } function g(n) { return f(n) } export const x = f(1)",
  );
  assert.equal(value.kind, "unknown");
});

test("a pattern that could take long is not run", () => {
  const value = valueOfX(`export const x = "${"a".repeat(40)}b".replace(/(a+)+$/, "")`);
  assert.notEqual(value.kind, "text");
});

test("text that is no script is no module", () => {
  assert.equal(readScript("a.ts", "export const = {{{"), undefined);
});
