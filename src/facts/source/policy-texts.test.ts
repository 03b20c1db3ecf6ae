import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";
import { POLICY_FILES_MAX } from "./policy-texts.ts";

/** `slug place kind value` of the policies in texts. */
async function rowsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const found = knownValue((await sourceFacts({ files })).source);
  assert.ok(found !== undefined);
  return found.settings
    .filter(({ slug }) => /^csp\.(?:unsafe|style_unsafe|nonce)$/.test(slug))
    .map(({ slug, file, line, kind, value }) => `${slug} ${file}:${line} ${kind} ${value}`);
}

const CASES: readonly [name: string, file: string, text: string, expected: readonly string[]][] = [
  [
    "a text in pieces",
    "a.py",
    `policy = (\n  "default-src 'self'; "\n  "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "\n  "style-src 'unsafe-inline'"\n)\n`,
    [
      "csp.unsafe a.py:3 literal unsafe-inline + unsafe-eval",
      "csp.style_unsafe a.py:4 literal unsafe-inline",
    ],
  ],
  [
    "styles alone",
    "a.py",
    `p = "style-src 'self' 'unsafe-inline'"\n`,
    ["csp.style_unsafe a.py:1 literal unsafe-inline"],
  ],
  [
    "the default of a variable",
    "a.py",
    `import os\nP = os.environ.get("P", "script-src 'unsafe-eval'")\n`,
    ["csp.unsafe a.py:2 env unsafe-eval"],
  ],
  ["commented out", "a.py", `# p = "script-src 'unsafe-inline'"\n`, []],
  ["a docstring", "a.py", `"""script-src 'unsafe-inline'"""\n`, []],
  [
    "a tuple of django-csp",
    "settings.py",
    `CSP_SCRIPT_SRC = (\n  "'self'",\n  "'unsafe-inline'",\n)\nCSP_STYLE_SRC = ["'unsafe-inline'"]\n`,
    [
      "csp.unsafe settings.py:3 literal unsafe-inline",
      "csp.style_unsafe settings.py:5 literal unsafe-inline",
    ],
  ],
  [
    "a dict of lists",
    "settings.py",
    `P = {"script-src": ["'self'", "'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}\n`,
    [
      "csp.unsafe settings.py:1 literal unsafe-eval",
      "csp.style_unsafe settings.py:1 literal unsafe-inline",
    ],
  ],
  [
    "helmet",
    "app.js",
    `app.use(helmet({ contentSecurityPolicy: { directives: {\n  scriptSrc: ["'self'", "'unsafe-inline'"],\n  styleSrc: ["'unsafe-inline'"] } } }));\n`,
    [
      "csp.unsafe app.js:2 literal unsafe-inline",
      "csp.style_unsafe app.js:3 literal unsafe-inline",
    ],
  ],
  [
    "a template over lines",
    "next.config.ts",
    "const csp = `\n  default-src 'self';\n  script-src 'self' 'unsafe-eval' 'unsafe-inline';\n  style-src 'unsafe-inline';\n`;\n",
    [
      "csp.unsafe next.config.ts:3 literal unsafe-inline + unsafe-eval",
      "csp.style_unsafe next.config.ts:4 literal unsafe-inline",
    ],
  ],
  [
    "a nonce for each answer",
    "a.py",
    `import secrets\ndef policy():\n    nonce = secrets.token_urlsafe(16)\n    return f"script-src 'nonce-{nonce}'"\n`,
    ["csp.nonce a.py:4 computed made for each answer, 16 bytes"],
  ],
  [
    "a nonce at import",
    "a.py",
    `import secrets\nNONCE = secrets.token_urlsafe(16)\ndef policy():\n    return f"script-src 'nonce-{NONCE}'"\n`,
    ["csp.nonce a.py:4 computed made once, when the program starts, 16 bytes"],
  ],
  [
    "a nonce of a class",
    "a.py",
    `import secrets\nclass A:\n    nonce = secrets.token_hex(8)\n    def policy(self):\n        return f"script-src 'nonce-{self.nonce}'"\n`,
    ["csp.nonce a.py:5 computed made once, when the program starts, 8 bytes"],
  ],
  [
    "a nonce that never changes",
    "a.py",
    `p = "script-src 'nonce-abcdefghijkl'"\n`,
    ["csp.nonce a.py:1 literal written out"],
  ],
  [
    "a nonce of another file",
    "a.py",
    `def p(nonce):\n    return "script-src 'nonce-%s'" % nonce\n`,
    ["csp.nonce a.py:2 computed made elsewhere"],
  ],
  [
    "a nonce of Node",
    "app.js",
    "app.use((req, res, next) => {\n  res.locals.nonce = crypto.randomBytes(16).toString('base64');\n  res.set('Content-Security-Policy', `script-src 'nonce-${res.locals.nonce}'`);\n});\n",
    ["csp.nonce app.js:3 computed made for each answer, 16 bytes"],
  ],
  [
    "a nonce of Node at start",
    "app.js",
    "const nonce = crypto.randomBytes(16).toString('base64');\napp.use((req, res) => res.set('a', `'nonce-${nonce}'`));\n",
    ["csp.nonce app.js:2 computed made once, when the program starts, 16 bytes"],
  ],
  [
    "a nonce by a library",
    "settings.py",
    'CSP_INCLUDE_NONCE_IN = ["script-src"]\n',
    ["csp.nonce settings.py:1 computed made for each answer"],
  ],
];

for (const [name, file, text, expected] of CASES) {
  test(`policy texts: ${name}`, async () =>
    assert.deepEqual(await rowsOf({ [file]: text }), expected));
}

test("tests, examples and files for development do not count", async () => {
  const text = `p = "script-src 'unsafe-inline'"\n`;
  const names = ["tests/a.py", "test_a.py", "examples/a.py", "a_example.py", "scripts/a.py"];
  assert.deepEqual(await rowsOf(Object.fromEntries(names.map((name) => [name, text]))), []);
});

test("files with policies are looked through up to a limit", async () => {
  const files = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`m${at}.py`, `p = "script-src 'unsafe-eval'"\n`]),
    );
  assert.equal((await rowsOf(files(POLICY_FILES_MAX))).length, POLICY_FILES_MAX);
  assert.equal((await rowsOf(files(POLICY_FILES_MAX + 1))).length, POLICY_FILES_MAX);
});
