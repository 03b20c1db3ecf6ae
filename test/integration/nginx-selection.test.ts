import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { effectiveList, ownDirectives } from "../../src/parsers/nginx/inherit.ts";
import { type LocationSelection, selectLocation } from "../../src/parsers/nginx/location.ts";
import { parseNginx } from "../../src/parsers/nginx/parse.ts";
import { httpServers, type NginxServer, selectServer } from "../../src/parsers/nginx/server.ts";
import {
  type Answer,
  ask,
  canListen,
  freePorts,
  makePrefix,
  nginxMissing,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";

/*
 * Each file of test/data/nginx/live is the body of an http block; @A@ to @D@ are ports. Every server
 * sends its name in X-Server, every location returns its own name. What nginx really answers must be
 * what selectServer and selectLocation say.
 */
interface Case {
  /** `Host` field; `undefined` sends none (HTTP/1.0). */
  readonly host?: string;
  readonly target: string;
  readonly port?: "A" | "B" | "C" | "D";
  readonly address?: string;
}

const hosts = (...names: readonly string[]): readonly Case[] =>
  names.map((host) => ({ host, target: "/" }));
const targets = (host: string, ...paths: readonly string[]): readonly Case[] =>
  paths.map((target) => ({ host, target }));

const CASES: Readonly<Record<string, readonly Case[]>> = {
  names: [
    ...hosts("exact.test", "EXACT.test", "exact.test.", "exact.test:8080", "other.test"),
    ...hosts("a.wild.test", "a.b.wild.test", "x.deep.wild.test", "deep.wild.test", "wild.test"),
    ...hosts("dotted.test", "www.dotted.test", "a.b.dotted.test", "dotted.testx"),
    ...hosts("www.tail.com", "www.tail.co.uk", "www.tail.long.org", "www.tail", "www.tail."),
    ...hosts("node7.test", "node77.test", "nodex.test", "api-v2.test", "api-v2.test.evil"),
    ...hosts(
      "twice.test",
      "hidden.test",
      "a.hidden.test",
      "_",
      "127.0.0.1",
      "[::1]",
      "star.x.test",
    ),
    ...hosts("both.test", "x.both.test", "camel.test", "CAMEL.TEST", "a..test", "a/b", "-.test"),
    { target: "/" },
  ],
  sockets: [
    { host: "one.test", target: "/", port: "A" },
    { host: "two.test", target: "/", port: "A" },
    { host: "one.test", target: "/", port: "A", address: "127.0.0.2" },
    { host: "two.test", target: "/", port: "A", address: "127.0.0.2" },
    { host: "two.test", target: "/", port: "A", address: "127.0.0.3" },
    { host: "one.test", target: "/", port: "B" },
    { host: "two.test", target: "/", port: "B" },
    { host: "three.test", target: "/", port: "B", address: "127.0.0.9" },
    { host: "one.test", target: "/", port: "C" },
    { host: "two.test", target: "/", port: "C" },
    { host: "two.test", target: "/", port: "D" },
    { host: "unknown.test", target: "/", port: "D" },
  ],
  locations: [
    ...targets("basic.test", "/", "/exact", "/exact/", "/exactly", "/Exact", "/images/a.png"),
    ...targets(
      "basic.test",
      "/images/raw/a.png",
      "/static/a.png",
      "/static/x",
      "/a.PNG",
      "/a.png?x=.css",
    ),
    ...targets("basic.test", "/docs", "/docs/", "/docs/a/b", "/docsx", "/docs/index.php", "/x.php"),
    ...targets(
      "basic.test",
      "/glued/1",
      "/glued2/a",
      "/GLUED/1",
      "/caret/x.php",
      "/a b",
      "/%61pi",
      "/api",
    ),
    ...targets("none.test", "/", "/only", "/only/x", "/other"),
    ...targets(
      "nested.test",
      "/a/",
      "/a/b/",
      "/a/b/c",
      "/a/x.php",
      "/a/b/x.php",
      "/a/b/x.css",
      "/x.php",
    ),
    ...targets(
      "nested.test",
      "/n/",
      "/n/in/x.php",
      "/n/in/x.txt",
      "/q/x.php",
      "/q/in/x.php",
      "/re/5/x",
    ),
    ...targets(
      "nested.test",
      "/re/5/deep/x",
      "/re/5/y.php",
      "/e/",
      "/e/exact",
      "/e/exact/",
      "/e/exactly.php",
    ),
  ],
  uris: [
    ...targets(
      "merge.test",
      "/a//b",
      "/a/./b",
      "/a/x/../b",
      "/a/b/..",
      "/a/b/.",
      "/%2e%2e/a",
      "/../a",
    ),
    ...targets(
      "merge.test",
      "/a/%2e%2e/.git/config",
      "/.git/config",
      "/%2Egit/config",
      "//.git//config",
    ),
    ...targets(
      "merge.test",
      "/a%2fb",
      "/a%2Fb/",
      "/a%00",
      "/a%zz",
      "/a%",
      "/caf%C3%A9",
      "/café",
      "/a/...//b",
    ),
    ...targets(
      "merge.test",
      "/a?x=/../..",
      "/a/b#/../c",
      "/a%3Fb",
      "/a%23b",
      "/..",
      "/.",
      "/a/../..",
      "/A/b",
    ),
    ...targets("keep.test", "/a//b", "/a/b", "//a/b", "/a//../b", "/a///b"),
    ...[
      "/a//b",
      "/a/b",
      "//a/b",
      "/a//../b",
      "/a///b",
      "//..//a/b",
      "/a/b/.//..",
      "/a//",
      "/a/./",
    ].map((target): Case => ({ host: "keep.test", target, port: "B" })),
  ],
  slashes: [
    ...targets(
      "slash.test",
      "/app",
      "/app/",
      "/app/x",
      "/plain",
      "/plain/",
      "/both",
      "/both/",
      "/exact",
    ),
    ...targets(
      "slash.test",
      "/exact/",
      "/exact/x",
      "/php",
      "/twice",
      "/twice/",
      "/in/deep",
      "/in/deep/",
      "/re/x/deep",
      "/APP",
    ),
  ],
  sockets6: [
    { host: "one.test", target: "/", port: "A" },
    { host: "two.test", target: "/", port: "A" },
    { host: "one.test", target: "/", port: "A", address: "::1" },
    { host: "two.test", target: "/", port: "A", address: "::1" },
    { host: "two.test", target: "/", port: "B" },
    { host: "two.test", target: "/", port: "B", address: "::1" },
    { host: "one.test", target: "/", port: "B", address: "::1" },
    { host: "two.test", target: "/", port: "D", address: "::1" },
  ],
  internal: [
    ...targets(
      "internal.test",
      "/",
      "/secret",
      "/secret/x",
      "/secret/nested/x",
      "/@named",
      "/missing",
    ),
    ...targets("internal.test", "/open/x.inc", "/open/x.txt"),
  ],
  patterns: [
    ...targets(
      "re.test",
      "/.env",
      "/a/.git/config",
      "/.well-known/acme",
      "/x.bak",
      "/x.BAK",
      "/x.sql.gz",
    ),
    ...targets(
      "re.test",
      "/api/v1/users",
      "/api/v12/users",
      "/api/vx/users",
      "/user/42",
      "/user/4242424",
    ),
    ...targets(
      "re.test",
      "/files/a.tar.gz",
      "/files/a.gz",
      "/UPPER/x",
      "/upper/x",
      "/wp-admin/x",
      "/word",
    ),
    ...targets(
      "re.test",
      "/words",
      "/brace{2}",
      "/brace22",
      "/é",
      "/end%0A",
      "/end",
      "/dot%0Ax",
      "/dot-x",
    ),
  ],
};

const missing = nginxMissing();
const hasIpv6 = await canListen("::1");
const PORTS = ["A", "B", "C", "D"] as const;

for (const [name, cases] of Object.entries(CASES)) {
  describe(`nginx live: ${name}`, { skip: whyNot(name) ?? false }, () => {
    let prefix = "";
    let stop = async (): Promise<void> => {};
    let ports: Readonly<Record<string, number>> = {};
    let text = "";

    before(async () => {
      const free = await freePorts(PORTS.length);
      ports = Object.fromEntries(PORTS.map((letter, index) => [letter, free[index] ?? 0]));
      const file = join(import.meta.dirname, `../data/nginx/live/${name}.conf`);
      const body = readFileSync(file, "utf8");
      prefix = makePrefix({});
      text = wrapHttp(
        prefix,
        body.replace(/@([A-D])@/g, (_, letter) => String(ports[letter])),
      );
      writeFiles(prefix, { "nginx.conf": text });
      const child = await startNginx(prefix, ports["A"] ?? 0);
      stop = () => stopNginx(child);
    });
    after(async () => {
      await stop();
      removePrefix(prefix);
    });

    test(`${cases.length} requests go where we say`, async () => {
      const tree = parseNginx(text, "nginx.conf");
      assert.deepEqual(tree.problems, []);
      const { servers, problems } = httpServers(tree);
      assert.deepEqual(problems, []);
      const wrong: string[] = [];
      for (const one of cases) {
        const answer = await asked(one, ports);
        const said = selected(servers, one, ports);
        if (said !== answer) wrong.push(`${JSON.stringify(one)}: nginx ${answer}, we ${said}`);
      }
      assert.deepEqual(wrong, []);
    });
  });
}

type Ports = Readonly<Record<string, number>>;

async function asked(
  { host, target, port = "A", address = "127.0.0.1" }: Case,
  ports: Ports,
): Promise<string> {
  const fields = host === undefined ? [] : [`Host: ${host}`];
  const version = host === undefined ? "1.0" : "1.1";
  return seen(await ask(ports[port] ?? 0, target, fields, { address, version }));
}

function selected(
  servers: readonly NginxServer[],
  { host = "", target, port = "A", address = "127.0.0.1" }: Case,
  ports: Ports,
): string {
  const selection = selectServer(servers, { address, port: ports[port] ?? 0, host });
  switch (selection.state) {
    case "selected":
      return expected(selectLocation(selection.server, target, selection.socket));
    case "bad-request":
      return "-/400";
    case "no-listener":
    case "undecidable":
      return selection.state;
  }
}

function whyNot(name: string): string | undefined {
  return missing ?? (name === "sockets6" && !hasIpv6 ? "::1 cannot be listened on" : undefined);
}

/** `server/location`, or the status where nothing of ours answered. */
function seen({ status, fields, body }: Answer): string {
  const server = fields.find(([name]) => name === "x-server")?.[1] ?? "-";
  const location = fields.find(([name]) => name === "location")?.[1];
  if (status === 200) return `${server}/${body.trim()}`;
  if (status === 301 && location?.endsWith("/")) return `${server}/slash`;
  return `${status === 400 ? "-" : server}/${status}`;
}

function expected(selection: LocationSelection): string {
  if (selection.state === "bad-request") return "-/400";
  if (selection.state === "undecidable") return `undecidable: ${selection.because}`;
  const server = effectiveList(selection.path, "add_header")[0]?.args[1]?.text ?? "-";
  if (selection.state === "slash-redirect") return `${server}/slash`;
  if (selection.state === "server" || selection.isInternal) return `${server}/404`;
  const answer = ownDirectives(selection.path, "return")[0]?.args[1]?.text;
  return `${server}/${answer ?? "404"}`;
}
