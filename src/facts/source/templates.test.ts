import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceFacts } from "../../../test/source-facts.ts";
import { knownValue } from "../../core/reading.ts";
import type { SourceSettings } from "../source-settings.fact.ts";
import { FILLING_FILES_MAX } from "./template-nonces.ts";
import { TEMPLATE_ROWS_MAX, TEMPLATES_MAX } from "./templates.ts";

async function sourceOf(files: Readonly<Record<string, string>>): Promise<SourceSettings> {
  const found = knownValue((await sourceFacts({ files })).source);
  assert.ok(found !== undefined);
  return found;
}

/** `slug place value` of what templates say. */
async function rowsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { settings } = await sourceOf(files);
  return settings
    .filter(({ slug }) => /^(?:sri|html)\./.test(slug))
    .map(({ slug, file, line, value }) => `${slug} ${file}:${line} ${value}`);
}

const FONTS = '<link href="https://fonts.googleapis.com/css" rel="stylesheet">';
const CDN = '<script src="https://cdn.example/a.js"></script>';

const CASES: readonly [name: string, markup: string, expected: readonly string[]][] = [
  ["a script", `\n${CDN}`, ["sri.external a.html:2 script without integrity"]],
  ["a style sheet", FONTS, ["sri.external a.html:1 stylesheet without integrity"]],
  [
    "with integrity",
    '<script src="//cdn.example/a.js" integrity="sha384-x"></script>',
    ["sri.external a.html:1 script with integrity"],
  ],
  ["an icon is no style sheet", '<link rel="icon" href="https://cdn.example/a.png">', []],
  ["the own origin", '<script src="/a.js"></script><script src="a.js"></script>', []],
  ["a host that the engine fills in", '<script src="{{ cdn }}/a.js"></script>', []],
  ["half a host", '<script src="https://{{ cdn }}/a.js"></script>', []],
  ["a static tag with quotes", '<script src="{% static "a.js" %}"></script>', []],
  ["commented out", `<!-- ${CDN} -->{# ${CDN} #}{% comment %}${CDN}{% endcomment %}`, []],
  ["data", '<script type="application/json">{}</script>', []],
  ["inline", "<p>\n<script>a()</script>", ["html.inline_script a.html:2 inline script"]],
  ["inline style", "<style>a{}</style>", ["html.inline_style a.html:1 inline style"]],
  ["an empty element", "<script></script>", []],
  [
    "with a nonce",
    '<script nonce="{{ csp_nonce() }}">a()</script>',
    ["html.inline_script a.html:1 inline script with a nonce"],
  ],
  [
    "with what can be no nonce in its place",
    '<script nonce="{csp-nonce}">a()</script>',
    ["html.inline_script a.html:1 inline script with a nonce"],
  ],
  [
    "with a nonce that is written out",
    '<script nonce="CSP_NONCE">a()</script><script nonce="r4nd0m">a()</script>',
    [
      "html.inline_script a.html:1 inline script with a nonce that never changes",
      "html.inline_script a.html:1 inline script with a nonce that never changes",
    ],
  ],
  [
    "with a nonce attribute of the engine",
    "<script {{ nonce_attribute }}>a()</script>",
    ["html.inline_script a.html:1 inline script with a nonce"],
  ],
  [
    "with another attribute of the engine",
    '<script id="{{ x }}">a()</script>',
    ["html.inline_script a.html:1 inline script"],
  ],
  [
    "with a nonce under a condition",
    '<script {% if n %}nonce="{{ n }}"{% endif %}>a()</script>',
    ["html.inline_script a.html:1 inline script with a nonce"],
  ],
  [
    "with a nonce that is written out",
    '<script nonce="abc">a()</script>',
    ["html.inline_script a.html:1 inline script with a nonce that never changes"],
  ],
  [
    "a document with nothing from elsewhere",
    "<html><script src=/a.js></script>",
    ["sri.external a.html:null none"],
  ],
];

for (const [name, markup, expected] of CASES) {
  test(`templates: ${name}`, async () =>
    assert.deepEqual(await rowsOf({ "a.html": markup }), expected));
}

const FILLED: readonly [name: string, file: string, text: string][] = [
  ["a program", "server.js", "page.replace(/\\/\\/csp-nonce\\/\\//g, nonce)"],
  ["a proxy", "nginx.conf", "sub_filter '//csp-nonce//' $request_id;"],
];
for (const [name, file, text] of FILLED)
  test(`templates: ${name} puts the nonce in its place`, async () => {
    const page = '<script nonce="//csp-nonce//">a()</script>';
    const inline = "html.inline_script a.html:1 inline script with a nonce";
    assert.deepEqual(await rowsOf({ "a.html": page, [file]: text }), [inline]);
    assert.deepEqual(await rowsOf({ "a.html": page, [file]: "x" }), [
      `${inline} that never changes`,
    ]);
  });

test("a placeholder is looked for in so many files", async () => {
  const filled = async (count: number) => {
    const names = Array.from({ length: count }, (_, at) => `a${String(at).padStart(4, "0")}.js`);
    const files = Object.fromEntries(names.map((each) => [each, ""]));
    const last = { "a.html": '<script nonce="CSP_NONCE">a()</script>', "z.js": "CSP_NONCE" };
    return (await rowsOf({ ...files, ...last }))[0]?.includes("never changes");
  };
  assert.equal(await filled(FILLING_FILES_MAX - 1), false);
  assert.equal(await filled(FILLING_FILES_MAX), true);
});

test("templates of other engines are read, and what is no page is not", async () => {
  const names = ["views/a.ejs", "views/a.hbs", "a.html.j2", "web/static/a.html"];
  const others = [
    "a.html.bak",
    "nginx.conf.j2",
    "tests/a.html",
    "emails/a.html",
    "htmlcov/a.html",
    "test_a.html",
  ];
  const files = Object.fromEntries([...names, ...others].map((name) => [name, CDN]));
  const found = (await rowsOf(files)).map((row) => row.split(/[ :]/)[1]);
  assert.deepEqual(found.toSorted(), names.toSorted());
});

test("templates are read up to a limit, which is told", async () => {
  const files = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}.html`, "<p>"]));
  const cut = /templates from here on/;
  const problemsOf = async (count: number) =>
    (await sourceOf(files(count))).problems.filter(({ detail }) => cut.test(detail)).length;
  assert.deepEqual([await problemsOf(TEMPLATES_MAX), await problemsOf(TEMPLATES_MAX + 1)], [0, 1]);
});

test("rows are told up to a limit", async () => {
  const text = "<style>a</style>".repeat(TEMPLATE_ROWS_MAX + 1);
  const rows = await rowsOf({ "a.html": text.slice(0, -16), "b.html": text });
  assert.equal(rows.length, TEMPLATE_ROWS_MAX);
});
