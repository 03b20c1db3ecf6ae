import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type IncludeAccess, readNginx } from "../../src/parsers/nginx/include.ts";
import { type BlockPath, effectiveList, effectiveScalar } from "../../src/parsers/nginx/inherit.ts";
import { locationProblems, selectLocation } from "../../src/parsers/nginx/location.ts";
import type { NginxTree } from "../../src/parsers/nginx/parse.ts";
import { httpServers } from "../../src/parsers/nginx/server.ts";
import {
  type Answer,
  ask,
  freePorts,
  makePrefix,
  nginxMissing,
  nginxRefuses,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";

/* What a file says, and what nginx then does: words, includes, inherited values. */

const skip = nginxMissing() ?? false;

/** Runs nginx on a body of `http { }` and the files beside it; `@A@` and `@B@` are ports. */
async function withNginx(
  body: string,
  files: Readonly<Record<string, string>>,
  use: (port: number, tree: NginxTree) => Promise<void>,
): Promise<void> {
  const [a = 0, b = 0] = await freePorts(2);
  const prefix = makePrefix(files);
  const text = body.replaceAll("@A@", String(a)).replaceAll("@B@", String(b));
  writeFiles(prefix, { "nginx.conf": wrapHttp(prefix, text) });
  const child = await startNginx(prefix, a);
  try {
    await use(a, await readNginx(join(prefix, "nginx.conf"), diskAccess(prefix)));
  } finally {
    await stopNginx(child);
    removePrefix(prefix);
  }
}

function diskAccess(prefixDirectory: string): IncludeAccess {
  return {
    prefixDirectory,
    read: (path) => {
      try {
        return { state: "known", value: readFileSync(path, "utf8") };
      } catch {
        return { state: "missing" };
      }
    },
    list: (directory) => {
      try {
        return { state: "known", value: readdirSync(directory) };
      } catch {
        return { state: "missing" };
      }
    },
  };
}

function pathOf(tree: NginxTree, target: string): BlockPath {
  const [server] = httpServers(tree).servers;
  assert.ok(server);
  const selection = selectLocation(server, target);
  assert.ok(selection.state === "selected" || selection.state === "server");
  return selection.path;
}

function field({ fields }: Answer, name: string): readonly string[] {
  return fields.filter(([one]) => one === name).map(([, value]) => value);
}

test("words: nginx sends what we read", { skip }, async () => {
  const words = [
    '"plain"',
    "bare",
    "a#b",
    "'single \\'quoted\\' \"double\"'",
    '"a\\tb\\nc\\rd"',
    "bare\\ttab",
    "back\\\\slash\\x\\.",
    "blank\\ inside",
    "semi\\;colon\\{",
    '"{;}#"',
    "close}d",
    '"two\nlines"',
    "caf\u00e9",
    '"#"',
    "'\\\\n'",
  ];
  const body = words.map((word, index) => `location = /${index} { return 200 ${word} ; }`);
  await withNginx(
    `server { listen @A@; ${body.join("\n# note; }\n")} }`,
    {},
    async (port, tree) => {
      assert.deepEqual(tree.problems, []);
      for (const index of words.keys()) {
        const answer = await ask(port, `/${index}`, ["Host: x"]);
        const word = pathOf(tree, `/${index}`).at(-1)?.block?.[0]?.args[1]?.text;
        assert.equal(answer.body, word, words[index]);
      }
    },
  );
});

test("includes: nginx loads the same files in the same order", { skip }, async () => {
  const header = (name: string): string => `add_header X-File "${name}";\n`;
  const names = [
    "10-a.conf",
    "9.conf",
    "B.conf",
    "a.conf",
    "b.conf",
    "é.conf",
    ".hidden.conf",
    "c.conf~",
  ];
  const patterns = [
    "f/*.conf",
    "f/[a-b].conf",
    "f/?.conf",
    "f/[!a].conf",
    "*/b.conf",
    "f/.h*",
    "f/nothing*",
  ];
  const files = {
    ...Object.fromEntries(names.map((name) => [`f/${name}`, header(name)])),
    "g/b.conf": header("g/b"),
    "f2/nested/inner.conf": "include f2/nested/leaf.inc;\n",
    "f2/nested/leaf.inc": header("leaf"),
    "top.inc": header("top"),
  };
  const body = [...patterns, "top.inc", "./f2//nested/*.conf"].map(
    (pattern, index) =>
      `location = /${index} { return 200 x; include ${pattern}; include top.inc; }`,
  );
  await withNginx(`server { listen @A@; ${body.join("\n")} }`, files, async (port, tree) => {
    assert.deepEqual(tree.problems, []);
    for (const index of body.keys()) {
      const answer = await ask(port, `/${index}`, ["Host: x"]);
      const list = effectiveList(pathOf(tree, `/${index}`), "add_header");
      assert.deepEqual(
        field(answer, "x-file"),
        list.map(({ args }) => args[1]?.text),
        body[index],
      );
    }
  });
});

test("inheritance: the fields nginx adds and hands on are the effective ones", {
  skip,
}, async () => {
  const body = `
    add_header X-H http; proxy_set_header X-P http; proxy_set_header X-Q http;
    server { listen @A@; proxy_set_header X-P server;
      location /plain { return 200 x; }
      location /own { add_header X-H own; add_header X-H two; return 200 x;
        location /own/in { return 200 x; }
        location /own/more { add_header X-Other in; return 200 x; } }
      location /empty { add_header "" ""; return 200 x; }
      location /if { add_header X-H loc; if ($host) { add_header X-H if; return 200 x; } }
      location /pass { proxy_pass http://127.0.0.1:@B@; }
      location /pass2 { proxy_set_header X-Q loc; proxy_pass http://127.0.0.1:@B@; }
    }
    server { listen @B@; server_name up; return 200 "$http_x_p,$http_x_q"; }`;
  await withNginx(body, {}, async (port, tree) => {
    for (const target of ["/plain", "/own", "/own/in", "/own/more", "/empty"]) {
      const expected = effectiveList(pathOf(tree, target), "add_header")
        .filter(({ args }) => args[0]?.text === "X-H")
        .map(({ args }) => args[1]?.text);
      assert.deepEqual(field(await ask(port, target, ["Host: x"]), "x-h"), expected, target);
    }
    const location = pathOf(tree, "/if");
    const inIf = location.at(-1)?.block?.find(({ name }) => name === "if");
    assert.ok(inIf);
    const values = effectiveList([...location, inIf], "add_header").map(
      ({ args }) => args[1]?.text,
    );
    assert.deepEqual(field(await ask(port, "/if", ["Host: x"]), "x-h"), values);
    for (const target of ["/pass", "/pass2"]) {
      const list = effectiveList(pathOf(tree, target), "proxy_set_header");
      const value = (name: string): string =>
        list.find(({ args }) => args[0]?.text === name)?.args[1]?.text ?? "";
      const answer = await ask(port, target, ["Host: x"]);
      assert.equal(answer.body, `${value("X-P")},${value("X-Q")}`, target);
    }
  });
});

test("inheritance: root and alias are rivals, access rules one list", { skip }, async () => {
  const files = { "one/f": "one", "two/f": "two", "two/in/f": "in", "one/al/x/f": "never" };
  const body = `
    server { listen @A@; root one; allow all;
      location /al/ { alias two/; location /al/in/ { } }
      location /in/ { root two; }
      location /closed { deny all; location /closed/open { allow all; return 200 x; } }
    }`;
  await withNginx(body, files, async (port, tree) => {
    for (const [target, content] of [
      ["/f", "one"],
      ["/al/f", "two"],
      ["/al/in/f", "in"],
      ["/in/f", "in"],
    ] as const) {
      assert.equal((await ask(port, target, ["Host: x"])).body, content, target);
    }
    const effective = (target: string): string => {
      const found = effectiveScalar(pathOf(tree, target), "root", "alias");
      return `${found?.name} ${found?.args[0]?.text}`;
    };
    assert.deepEqual(["/f", "/al/f", "/al/in/f", "/in/f"].map(effective), [
      "root one",
      "alias two/",
      "alias two/",
      "root two",
    ]);
    const rules = (target: string): readonly string[] =>
      effectiveList(pathOf(tree, target), "allow", "deny").map(({ name }) => name);
    assert.equal((await ask(port, "/closed", ["Host: x"])).status, 403);
    assert.deepEqual(rules("/closed"), ["deny"]);
    assert.deepEqual(rules("/closed/open"), ["allow"]);
  });
});

describe("what nginx refuses has a problem here, what it accepts has none", { skip }, () => {
  const http = (body: string): string => `events {}\nhttp {\naccess_log off;\n${body}\n}\n`;
  const LONG = 4096;
  const TEXTS: Readonly<Record<string, string>> = {
    "comment of 4095": http(`#${"x".repeat(LONG - 2)}\n`),
    "comment of 4096": http(`#${"x".repeat(LONG - 1)}\n`),
    "word of 4095": http(`server { set $a ${"x".repeat(LONG - 1)}; }`),
    "word of 4096": http(`server { set $a ${"x".repeat(LONG)}; }`),
    "quoted word of 4094": http(`server { set $a "${"x".repeat(LONG - 2)}"; }`),
    "quoted word of 4095": http(`server { set $a "${"x".repeat(LONG - 1)}"; }`),
    "two-byte characters": http(`server { set $a ${"\u00e9".repeat(LONG / 2)}; }`),
    "byte order mark": `\ufeff${http("")}`,
    "no blank after a quote": http('server { set $a "x"y; }'),
    "quote, then }": http('server { set $a "x"}'),
    "parenthesis after a quote": http('server { if ($host = "a"){ return 404; } }'),
    "stray ;": http(";"),
    "stray {": http("{}"),
    "stray }": http("}"),
    "missing ;": http("server { listen 18080 }"),
    "missing }": "events {}\nhttp {",
    "open quote": http('server { set $a "x; }'),
    "word at the end": `${http("")}x`,
    "comment at the end": `${http("")}# x`,
    "carriage returns": http("server {\rlisten 18080;\rset $a b;\r}").replaceAll("\n", "\r\n"),
    "braces of variables": http("server { set $b 1; set $a ${b}c; }"),
    "escaped blanks": http("server { set $a x\\ y; set $b x\\;y; set $c x\\{y; }"),
    "include of two": http("include a b;"),
    "include with a block": http("include a {}"),
    "include of a missing file": http("include missing.conf;"),
    "include that matches nothing": http("include missing/*.conf;"),
    "include of itself": http("include nginx.conf;"),
    "unknown parameter of listen": http("server { listen 18080 fast; }"),
    "port 0": http("server { listen 0; }"),
    "port 65535": http("server { listen 65535; }"),
    "port 65536": http("server { listen 65536; }"),
    "port range": http("server { listen 18080-18082; }"),
    "port range backwards": http("server { listen 18082-18080; }"),
    "port without host": http("server { listen :18080; }"),
    "IPv6 without brackets": http("server { listen ::1; }"),
    "location with two paths": http("server { location = /a /b { } }"),
    "location with a wrong modifier": http("server { location ! /a { } }"),
    "location without a block": http("server { location /a; }"),
  };
  for (const [name, text] of Object.entries(TEXTS)) {
    test(name, async () => {
      const prefix = makePrefix({ "nginx.conf": text });
      try {
        const refusal = nginxRefuses(prefix);
        const tree = await readNginx(join(prefix, "nginx.conf"), diskAccess(prefix));
        const { servers, problems } = httpServers(tree);
        const locations = servers.flatMap(({ path }) => locationProblems(path));
        const all = [...tree.problems, ...problems, ...locations];
        assert.equal(all.length > 0, refusal !== undefined, refusal ?? JSON.stringify(all));
      } finally {
        removePrefix(prefix);
      }
    });
  }
});
