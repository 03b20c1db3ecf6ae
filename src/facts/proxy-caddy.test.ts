import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseCaddyfile } from "../parsers/caddyfile/parse.ts";
import { caddyRoutes } from "./proxy-caddy.ts";
import type { ProxyRoute } from "./proxy-routes.fact.ts";

async function read(
  text: string,
): Promise<{ routes: readonly ProxyRoute[]; roots: readonly string[] }> {
  const caddyfile = await parseCaddyfile(
    { file: "Caddyfile", text },
    { environment: () => undefined, readImport: async () => [] },
  );
  const { routes, roots } = caddyRoutes(caddyfile, "/etc/caddy/Caddyfile");
  return { routes, roots: roots.map(({ path }) => path) };
}

/** `names -> upstreams @ listeners`, `+` for a listener that ends TLS. */
function shown({ names, listeners, upstreams, path }: ProxyRoute): string {
  const at = listeners.map(({ address, port, isTls }) => `${address}:${port}${isTls ? "+" : ""}`);
  const to = upstreams.map(
    ({ kind, host, port, isTls }) =>
      `${kind === "tcp" ? "" : `${kind}:`}${host}:${port}${isTls ? "+" : ""}`,
  );
  return `${names.join(",")} ${path} -> ${to.join(" ")} @ ${at.join(" ")}`;
}

const PROXY = "\treverse_proxy 127.0.0.1:8000\n}\n";
const CASES: readonly (readonly [name: string, text: string, expected: string, oracle?: false])[] =
  [
    ["host name", `a.test {\n${PROXY}`, "a.test * -> 127.0.0.1:8000 @ *:443+"],
    ["wildcard", `*.a.test {\n${PROXY}`, "*.a.test * -> 127.0.0.1:8000 @ *:443+"],
    ["address", `192.0.2.1 {\n${PROXY}`, "192.0.2.1 * -> 127.0.0.1:8000 @ *:443+"],
    ["http://", `http://a.test {\n${PROXY}`, "a.test * -> 127.0.0.1:8000 @ *:80"],
    [
      "http:// with tls",
      `http://a.test {\n\ttls internal\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:80",
    ],
    [":80", `:80 {\n${PROXY}`, " * -> 127.0.0.1:8000 @ *:80"],
    ["host on :80", `a.test:80 {\n${PROXY}`, "a.test * -> 127.0.0.1:8000 @ *:80"],
    ["host on another port", `a.test:8443 {\n${PROXY}`, "a.test * -> 127.0.0.1:8000 @ *:8443+"],
    [":443 alone is plain", `:443 {\n${PROXY}`, " * -> 127.0.0.1:8000 @ *:443"],
    [
      ":443 with tls internal is plain",
      `:443 {\n\ttls internal\n${PROXY}`,
      " * -> 127.0.0.1:8000 @ *:443",
    ],
    [
      ":443 with a certificate",
      `:443 {\n\ttls /c.pem /k.pem\n${PROXY}`,
      " * -> 127.0.0.1:8000 @ *:443+",
    ],
    ["tls internal", `a.test {\n\ttls internal\n${PROXY}`, "a.test * -> 127.0.0.1:8000 @ *:443+"],
    [
      "auto_https off",
      `{\n\tauto_https off\n}\na.test {\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:443",
    ],
    [
      "auto_https off, certificate",
      `{\n\tauto_https off\n}\na.test {\n\ttls /c.pem /k.pem\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:443+",
    ],
    [
      "auto_https disable_redirects",
      `{\n\tauto_https disable_redirects\n}\na.test {\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:443+",
    ],
    [
      "auto_https disable_certs",
      `{\n\tauto_https disable_certs\n}\na.test {\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:443",
    ],
    [
      "both schemes",
      `http://a.test, https://a.test {\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:80 *:443+",
    ],
    [
      "own ports",
      `{\n\thttp_port 8080\n\thttps_port 8443\n}\na.test, :8080 {\n\tbind 127.0.0.1\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ 127.0.0.1:8443+ 127.0.0.1:8080",
    ],
    [
      "host beside :443 is plain",
      `a.test, :443 {\n${PROXY}`,
      "a.test * -> 127.0.0.1:8000 @ *:443 *:443",
    ],
    [
      "upstream forms",
      "a.test {\n\treverse_proxy /api/* unix//run/a.sock :8000 localhost:8001-8002 {\n\t\tto web\n\t}\n}\n",
      "a.test /api/* -> unix:/run/a.sock:0 localhost:8000 localhost:8001 localhost:8002 web:80 @ *:443+",
      false,
    ],
    [
      "https upstream",
      "a.test {\n\treverse_proxy https://web\n}\n",
      "a.test * -> web:443+ @ *:443+",
    ],
    [
      "transport tls",
      "a.test {\n\treverse_proxy web:1 {\n\t\ttransport http {\n\t\t\ttls\n\t\t}\n\t}\n}\n",
      "a.test * -> web:1+ @ *:443+",
    ],
    [
      "placeholder upstream",
      "a.test {\n\treverse_proxy {env.UP}\n}\n",
      "a.test * -> unresolved:{env.UP}:0 @ *:443+",
    ],
    [
      "matcher of an outer handle",
      "a.test {\n\thandle_path /x/* {\n\t\treverse_proxy web:1\n\t}\n}\n",
      "a.test /x/* -> web:1 @ *:443+",
    ],
    [
      "snippet",
      "(p) {\n\treverse_proxy {args.0}\n}\na.test {\n\troute {\n\t\timport p web:1\n\t}\n}\n",
      "a.test * -> web:1 @ *:443+",
    ],
    [
      "named route",
      "&(p) {\n\treverse_proxy web:1\n}\na.test {\n\tinvoke p\n}\n",
      "a.test * -> web:1 @ *:443+",
      false,
    ],
    ["unknown variable", `{$SITE} {\n${PROXY}`, "{$site} * -> 127.0.0.1:8000 @ *:443", false],
    [
      "on demand",
      `https:// {\n\ttls internal {\n\t\ton_demand\n\t}\n${PROXY}`,
      " * -> 127.0.0.1:8000 @ *:443+",
    ],
  ];

for (const [name, text, expected] of CASES)
  test(`caddy: ${name}`, async () => {
    const { routes } = await read(text);
    assert.deepEqual(routes.map(shown), [expected]);
  });

test("comments are not routes and not tls", async () => {
  const { routes } = await read(
    "a.test:80 {\n\t# tls /c.pem /k.pem\n\t# reverse_proxy x:1\n\trespond ok\n}\n",
  );
  assert.deepEqual(routes, []);
});

test("a route says where it, its site and its certificate stand", async () => {
  const { routes } = await read(
    "a.test {\n\ttls /c.pem /k.pem\n\n\treverse_proxy http://u:p@web:1\n}\n",
  );
  const [route] = routes;
  assert.equal(route?.line, 4);
  assert.equal(route?.excerpt, "reverse_proxy http://***@web:1");
  assert.deepEqual(route?.listeners, [
    {
      address: "*",
      port: 443,
      isTls: true,
      because: "tls directive with certificate and key",
      certificate: { file: "/c.pem", exists: undefined, at: "Caddyfile:2" },
      file: "Caddyfile",
      line: 1,
    },
  ]);
});

test("roots", async () => {
  const { roots } = await read(
    "a.test {\n\troot * /srv/www\n\thandle /s/* {\n\t\troot static\n\t\tfile_server {\n\t\t\troot /x\n\t\t}\n\t}\n}\n",
  );
  assert.deepEqual(roots, ["/srv/www", "/etc/caddy/static", "/x"]);
});

/** The parts of Caddy's own JSON that say the same as a route. */
interface Adapted {
  readonly apps: {
    readonly http: {
      readonly http_port?: number;
      readonly servers: Readonly<Record<string, { readonly listen: readonly string[] }>>;
    };
  };
}

const caddy = spawnSync("caddy", ["version"], { encoding: "utf8" });
test("caddy adapt listens on the same ports and dials the same upstreams", {
  skip: caddy.error === undefined ? false : "caddy is not installed",
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-caddy-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "Caddyfile");
  for (const [name, text, , oracle] of CASES) {
    if (oracle === false) continue;
    writeFileSync(file, text);
    const { stdout, status, stderr } = spawnSync(
      "caddy",
      ["adapt", "--adapter", "caddyfile", "--config", file],
      { encoding: "utf8" },
    );
    assert.equal(status, 0, `${name}: ${stderr}`);
    const { servers } = (JSON.parse(stdout) as Adapted).apps.http;
    const { routes } = await read(text);
    const ports = (list: readonly string[]) => [...new Set(list)].toSorted();
    assert.deepEqual(
      ports(
        routes.flatMap(({ listeners }) =>
          listeners.map(({ address, port }) => `${address === "*" ? "" : address}:${port}`),
        ),
      ),
      ports(Object.values(servers).flatMap(({ listen }) => listen)),
      name,
    );
    const dials = [...stdout.matchAll(/"dial":"([^"]+)"/g)].map(([, dial = ""]) =>
      dial.replace(/^:/, "localhost:"),
    );
    const own = routes.flatMap(({ upstreams }) =>
      upstreams.map(({ kind, host, port }) =>
        kind === "unix" ? `unix/${host}` : kind === "tcp" ? `${host}:${port}` : host,
      ),
    );
    assert.deepEqual(ports(own), ports(dials), name);
  }
});
