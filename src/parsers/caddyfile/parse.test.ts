import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCaddyAddress } from "./address.ts";
import type { CaddySource } from "./expand.ts";
import { type CaddyDirective, type Caddyfile, NESTING_MAX, parseCaddyfile } from "./parse.ts";

async function parse(
  text: string,
  files: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Caddyfile> {
  return parseCaddyfile(
    { file: "Caddyfile", text },
    {
      environment: (name) => environment[name],
      async readImport(pattern) {
        const prefix = pattern.replace(/\*.*$/, "");
        return Object.entries(files)
          .filter(([file]) => (pattern.includes("*") ? file.startsWith(prefix) : file === pattern))
          .map(([file, text]): CaddySource => ({ file, text }));
      },
    },
  );
}

/** `name arg arg { child; child }`. */
function shown({ name, args, block }: CaddyDirective): string {
  const words = [name, ...args.map(({ text }) => text)].join(" ");
  return block === undefined ? words : `${words} { ${block.map(shown).join("; ")} }`;
}

function sites({ sites: list }: Caddyfile): readonly string[] {
  return list.map(
    ({ addresses, directives }) =>
      `${addresses.map(({ text }) => text).join(",")}: ${directives.map(shown).join("; ")}`,
  );
}

const TREES: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "single site without braces",
    "a.test\nreverse_proxy :80\nroot * /x\n",
    ["a.test: reverse_proxy :80; root * /x"],
  ],
  [
    "several addresses over lines",
    "a.test, b.test,\nhttp://c.test {\n}\n",
    ["a.test,b.test,http://c.test: "],
  ],
  ["global options come first", "{\n\tauto_https off\n}\n:80 {\n}\n", [":80: "]],
  [
    "comment at word start only",
    "a.test {\n# tls internal\nrespond /a#b # c\n}",
    ["a.test: respond /a#b"],
  ],
  [
    "quotes with braces",
    'a.test {\nrespond "{ \\"x\\" }" 200\nrespond `}`\n}',
    ['a.test: respond { "x" } 200; respond }'],
  ],
  [
    "placeholders are no braces",
    "a.test {\nredir https://{host}{uri}\n}",
    ["a.test: redir https://{host}{uri}"],
  ],
  ["a line joined", "a.test {\nreverse_proxy a:1 \\\n  b:2\n}", ["a.test: reverse_proxy a:1 b:2"]],
  [
    "heredoc",
    "a.test {\nrespond <<HTML\n  <p>{</p>\n  HTML 200\n}",
    ["a.test: respond <p>{</p> 200"],
  ],
  [
    "nested blocks",
    "a.test {\nhandle /x/* {\nroute {\nreverse_proxy x:1 {\nto y:2\n}\n}\n}\n}",
    ["a.test: handle /x/* { route { reverse_proxy x:1 { to y:2 } } }"],
  ],
  ["snippet that nothing imports", "(s) {\nreverse_proxy a:1\n}\na.test {\n}", ["a.test: "]],
  [
    "snippet with arguments",
    '(s) {\nreverse_proxy {args[0]} {args[1:]}\n}\na.test {\nimport s "a:1" b:2 c:3\n}',
    ["a.test: reverse_proxy a:1 b:2 c:3"],
  ],
  [
    "older argument form",
    "(s) {\nreverse_proxy {args.0}:80\n}\na.test {\nimport s host\n}",
    ["a.test: reverse_proxy host:80"],
  ],
  [
    "snippet with a block",
    "(s) {\nhandle {\n{block}\n}\n}\na.test {\nimport s {\nrespond ok\n}\n}",
    ["a.test: handle { respond ok }"],
  ],
  ["import of a file with sites", "import sites/*\n", ["b.test: reverse_proxy b:1", "c.test: "]],
  ["windows line ends and BOM", "\uFEFFa.test {\r\n\trespond ok\r\n}\r\n", ["a.test: respond ok"]],
];

for (const [name, text, expected] of TREES)
  test(`Caddyfile: ${name}`, async () => {
    const files = { "sites/b": "b.test {\nreverse_proxy b:1\n}\n", "sites/c": "c.test {\n}\n" };
    const caddyfile = await parse(text, files);
    assert.deepEqual(sites(caddyfile), expected);
    assert.deepEqual(caddyfile.problems, []);
  });

test("environment: set, default, unknown", async () => {
  const text = "{$HOST} {\ntls {$CERT:/c.pem} {$KEY}\n}\n";
  const caddyfile = await parse(text, {}, { HOST: "a.test b.test" });
  assert.deepEqual(sites(caddyfile), ["a.test,b.test: tls /c.pem {$KEY}"]);
  assert.deepEqual(caddyfile.unresolved, ["KEY"]);
});

test("positions are those of the file on disk, behind values with line ends too", async () => {
  const text = "{$A}\n\ta.test {\n\treverse_proxy :1 # x\n}\n";
  const [site] = (await parse(text, {}, { A: "# a\n# b" })).sites;
  const [directive] = site?.directives ?? [];
  assert.equal(`${directive?.file}:${directive?.line}:${directive?.column}`, "Caddyfile:3:2");
  assert.equal(directive?.args[0]?.column, 16);
});

test("what an import brings in keeps its own file and line", async () => {
  const { sites: list } = await parse("a.test {\n\n\timport p\n}\n", {
    p: "\nreverse_proxy x:1\n",
  });
  const [directive] = list[0]?.directives ?? [];
  assert.deepEqual([directive?.file, directive?.line], ["p", 2]);
});

test("problems: missing import, open brace, stray brace, open quote", async () => {
  const messages = async (text: string) =>
    (await parse(text)).problems.map(({ message, line }) => [line, message]);
  assert.deepEqual(await messages("a.test {\nimport nope\n}\n"), [
    [2, "import nope: no such snippet or file"],
  ]);
  assert.deepEqual(await messages("a.test {\nrespond x\n"), [[2, "a { has no end"]]);
  assert.deepEqual(await messages("}\na.test {\n}\n"), [[1, "a } that closes nothing"]]);
  assert.deepEqual(await messages('a.test {\nrespond "x\n}\n'), [
    [2, "a quote or heredoc has no end"],
    [2, "a { has no end"],
  ]);
});

test("imports that feed themselves end", async () => {
  const { problems } = await parse(
    "(a) {\nimport a {args[0]}{args[0]}\nimport a x\n}\na.test {\nimport a xx\n}\n",
  );
  assert.ok(problems.some(({ message }) => message.includes("nested too deep or too many")));
});

test("nesting at the limit is read, past it skipped with a problem", async () => {
  const nested = (count: number) =>
    `a.test {\n${"handle {\n".repeat(count)}${"}\n".repeat(count)}}\n`;
  assert.deepEqual((await parse(nested(NESTING_MAX - 1))).problems, []);
  const deep = await parse(nested(NESTING_MAX + 1000));
  assert.deepEqual(
    deep.problems.map(({ message }) => message),
    ["blocks are nested too deep"],
  );
});

test("hostile text neither throws nor takes long", async () => {
  const texts = [
    "{".repeat(50_000),
    "}".repeat(50_000),
    '"'.repeat(50_001),
    "<<".repeat(50_000),
    "{$".repeat(50_000),
    "a,".repeat(50_000),
    "\\\n".repeat(50_000),
    "(a) {\n".repeat(20_000),
    "import a\n".repeat(20_000),
  ];
  const started = performance.now();
  for (const text of texts) await parse(text);
  assert.ok(performance.now() - started < 5_000);
});

const ADDRESSES: readonly (readonly [
  text: string,
  scheme: string,
  host: string,
  port: number | undefined,
])[] = [
  ["example.com", "", "example.com", undefined],
  ["HTTP://Example.com", "http", "example.com", undefined],
  [":80", "", "", 80],
  ["https://", "https", "", undefined],
  ["localhost:8080/path", "", "localhost", 8080],
  ["[::1]:443", "", "::1", 443],
  ["*.example.com", "", "*.example.com", undefined],
  ["2001:db8::1", "", "2001:db8::1", undefined],
];
for (const [text, scheme, host, port] of ADDRESSES)
  test(`site address ${text}`, () => {
    const address = parseCaddyAddress(text);
    assert.deepEqual(
      [address.scheme, address.host, address.port, address.isUnresolved],
      [scheme, host, port, false],
    );
  });

test("site addresses with unknown variables", () => {
  for (const text of ["{$HOST}", "{$HOST}:443", "a.test:{$PORT}", "{env.HOST}"])
    assert.equal(parseCaddyAddress(text).isUnresolved, true, text);
});
