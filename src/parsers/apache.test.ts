import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ApacheConfiguration,
  type ApacheNode,
  parseApache,
  SECTION_DEPTH_MAX,
} from "./apache.ts";

async function parse(
  text: string,
  files: Readonly<Record<string, string>> = {},
  defines: readonly string[] = [],
): Promise<ApacheConfiguration> {
  return parseApache(
    { file: "main", text },
    {
      defines: new Map(defines.map((name) => [name, ""])),
      async readInclude(pattern) {
        const prefix = pattern.replace(/\*.*$/, "");
        return Object.entries(files)
          .filter(([file]) => (pattern.includes("*") ? file.startsWith(prefix) : file === pattern))
          .map(([file, body]) => ({ file, text: body }));
      },
    },
  );
}

function shown({ name, args, children }: ApacheNode): string {
  const words = [name, ...args.map(({ text }) => text)].join(" ");
  return children === undefined ? words : `<${words}>{${children.map(shown).join("; ")}}`;
}

const TREES: readonly (readonly [name: string, text: string, expected: string])[] = [
  ["comments are whole lines", "# A b\n  # C d\nE f # g", "E f # g"],
  ["a comment goes on behind a backslash", "# A \\\nB c\nD e", "D e"],
  ["joined lines", "A b \\\n  c\r\nD e", "A b c; D e"],
  ["quotes", 'A "b c" \'d "e\' "f\\"g"', 'A b c d "e f"g'],
  [
    "sections",
    "<VirtualHost *:80>\nA\n<Location /x>\nB\n</Location>\n</VirtualHost>",
    "<VirtualHost *:80>{A; <Location /x>{B}}",
  ],
  ["names without regard to case", "<virtualhost *:80>\n</VIRTUALHOST>", "<virtualhost *:80>{}"],
  [
    "IfModule is taken as true, its negation as false",
    "<IfModule a.c>\nA\n</IfModule>\n<IfModule !a.c>\nB\n</IfModule>",
    "A",
  ],
  [
    "IfDefine",
    "<IfDefine X>\nA\n</IfDefine>\n<IfDefine !X>\nB\n</IfDefine>\n<IfDefine D>\nC\n</IfDefine>",
    "B; C",
  ],
  ["Define is sequential", "A ${v}\nDefine v 1\nA ${v}\nUnDefine v\nA ${v}", "A ${v}; A 1; A ${v}"],
  ["Define in a body that is off", "<IfDefine X>\nDefine v 1\n</IfDefine>\nA ${v}", "A ${v}"],
  [
    "includes",
    "<VirtualHost x>\nInclude in/*\n</VirtualHost>\nIncludeOptional none",
    "<VirtualHost x>{In a; In b}",
  ],
];
for (const [name, text, expected] of TREES)
  test(`apache: ${name}`, async () => {
    const { nodes, problems } = await parse(text, { "in/a": "In a", "in/b": "In b" }, ["D"]);
    assert.equal(nodes.map(shown).join("; "), expected);
    assert.deepEqual(problems, []);
  });

test("positions, and the condition around", async () => {
  const { nodes } = await parse("<IfModule x>\n  A \\\n b\n  C\n</IfModule>");
  assert.deepEqual(
    nodes.map(({ name, line, column, assumes, args }) => [
      name,
      line,
      column,
      assumes,
      args[0]?.column,
    ]),
    [
      ["A", 2, 3, ["<IfModule x>"], 6],
      ["C", 4, 3, ["<IfModule x>"], undefined],
    ],
  );
});

test("problems: sections that do not match, missing include, includes without end", async () => {
  const messages = async (text: string, files = {}) =>
    (await parse(text, files)).problems.map(({ line, message }) => [line, message]);
  assert.deepEqual(await messages("<A>\n</B>\n"), [
    [2, "</B> closes nothing that is open"],
    [1, "<A> is not closed"],
  ]);
  assert.deepEqual(await messages("Include gone"), [[1, "Include gone: no such file"]]);
  assert.deepEqual(await messages("Include me", { me: "Include me" }), [
    [1, "includes are nested too deep or too many"],
  ]);
});

test("sections nested to the limit are kept, past it left out with a problem", async () => {
  const nested = (count: number) => `${"<A>\n".repeat(count)}X\n${"</A>\n".repeat(count)}`;
  assert.deepEqual((await parse(nested(SECTION_DEPTH_MAX - 1))).problems, []);
  const { problems } = await parse(nested(SECTION_DEPTH_MAX));
  assert.deepEqual(
    problems.map(({ message }) => message),
    ["sections are nested too deep"],
  );
});

test("hostile text neither throws nor takes long", async () => {
  const started = process.cpuUsage();
  for (const text of [
    "<A>\n".repeat(30_000),
    "</A>\n".repeat(30_000),
    '"'.repeat(60_001),
    "\\\n".repeat(60_000),
    "A ${".repeat(30_000),
    `${"<".repeat(60_000)}`,
    " ".repeat(100_000),
    "Include x\n".repeat(5_000),
    "<IfModule a>\n".repeat(30_000),
    `<IfModule a>\n${"X\n".repeat(180_000)}</IfModule>\n`,
  ])
    await parse(text, { x: "Include x\nInclude x" });
  // The processor's time: a loaded machine makes no text hostile.
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 5_000_000);
});
