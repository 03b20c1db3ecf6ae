import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import type { ProcessEntry } from "./processes.fact.ts";
import { collectProxyReadings, type ProxySurroundings } from "./proxy-collect.ts";
import type { ProxyRoute, ProxyRoutes } from "./proxy-routes.fact.ts";

const ROOT = "/srv/app";

interface Scene {
  readonly files: Readonly<Record<string, string | MemoryFile>>;
  readonly hostFacts?: boolean;
  readonly processes?: readonly (Partial<ProcessEntry> & { readonly command: string })[];
  readonly surroundings?: Partial<ProxySurroundings>;
}

/** Files of the tree are named without their root. */
async function collect({
  files,
  hostFacts = false,
  processes,
  surroundings,
}: Scene): Promise<ProxyRoutes> {
  const tree = Object.entries(files).filter(([path]) => !path.startsWith("/"));
  const all = Object.entries(files).map(
    ([path, file]) => [path.startsWith("/") ? path : `${ROOT}/${path}`, file] as const,
  );
  return collectProxyReadings(
    createMemoryHost({ files: Object.fromEntries([[`${ROOT}/.keep`, ""], ...all]) }),
    { directory: ROOT, hostFacts },
    {
      processes: processes?.map((each, index) => ({
        pid: index + 1,
        name: "",
        user: "root",
        ...each,
      })),
      compose: undefined,
      environment: undefined,
      tree: {
        files: tree.map(([path, file]) => ({
          path,
          kind: typeof file !== "string" && file.link !== undefined ? "link" : "file",
        })),
        directories: [],
        isTruncated: false,
        unreadable: [],
      },
      ...surroundings,
    },
  );
}

function shown({ names, listeners, upstreams, path }: ProxyRoute): string {
  const at = listeners.map(({ address, port, isTls }) => `${address}:${port}${isTls ? "+" : ""}`);
  const to = upstreams.map(
    ({ kind, host, port, isTls }) =>
      `${kind === "tcp" ? "" : `${kind}:`}${host}:${port}${isTls ? "+" : ""}`,
  );
  return `${names.join(",")} ${path} -> ${to.join(" ")} @ ${at.join(" ")}`;
}

const TLS =
  "listen 443 ssl; server_name a.test; ssl_certificate /c.pem; ssl_certificate_key /k.pem;";
const PASS = "location / { proxy_pass http://127.0.0.1:8000; }";

test("nginx: included snippets, globs, and what only sites-available holds", async () => {
  const { routes, configurations, problems } = await collect({
    files: {
      "nginx/nginx.conf":
        "http { include snippets/tls.conf; include /etc/nginx/conf.d/*.conf; include sites-enabled/*; }",
      "nginx/snippets/tls.conf": "ssl_certificate c;\nssl_certificate_key k;",
      "nginx/conf.d/app.conf": `server { listen 443 ssl; ${PASS} }`,
      "nginx/sites-available/old": `server { listen 81; ${PASS} }`,
      "nginx/sites-available/on": `server { listen 82; ${PASS} }`,
      "nginx/sites-enabled/on": { link: "../sites-available/on" },
    },
  });
  assert.deepEqual(
    routes.map((route) => [route.file, shown(route)]),
    [
      ["nginx/conf.d/app.conf", " / -> 127.0.0.1:8000 @ *:443+"],
      ["nginx/sites-enabled/on", " / -> 127.0.0.1:8000 @ *:82"],
    ],
  );
  assert.deepEqual(
    configurations.map(({ file }) => file),
    ["nginx/nginx.conf"],
  );
  assert.deepEqual(problems, []);
});

test("a tree file that the installed configuration includes counts once", async () => {
  const { configurations, routes } = await collect({
    hostFacts: true,
    processes: [{ command: "nginx: master process /usr/sbin/nginx -g daemon on;" }],
    files: {
      "/etc/nginx/nginx.conf": "http { include /etc/nginx/sites-enabled/*; }",
      "/etc/nginx/sites-enabled/app": { link: `${ROOT}/deploy/app.nginx` },
      "/c.pem": "",
      "deploy/app.nginx": `server { ${TLS} ${PASS} }`,
      "deploy/other.nginx": `server { listen 81; ${PASS} }`,
    },
  });
  assert.deepEqual(configurations, [
    {
      proxy: "nginx",
      file: "/etc/nginx/nginx.conf",
      foundBy: "/etc/nginx/nginx.conf of running nginx (pid 1)",
      isInstalled: true,
    },
    {
      proxy: "nginx",
      file: "deploy/other.nginx",
      foundBy: "in the tree, not read by the installed proxy",
      isInstalled: false,
    },
  ]);
  assert.deepEqual(
    routes.map(({ isInstalled, listeners }) => [isInstalled, listeners[0]?.certificate?.exists]),
    [
      [true, true],
      [false, undefined],
    ],
  );
});

test("a certificate that is not there ends no TLS", async () => {
  const { routes } = await collect({
    hostFacts: true,
    files: { "/etc/nginx/nginx.conf": `http { server { ${TLS} ${PASS} } }` },
  });
  assert.deepEqual(routes[0]?.listeners[0], {
    address: "*",
    port: 443,
    isTls: false,
    because: "certificate /c.pem does not exist",
    certificate: { file: "/c.pem", exists: false, at: "/etc/nginx/nginx.conf:1" },
    file: "/etc/nginx/nginx.conf",
    line: 1,
  });
});

test("without host facts nothing of this machine is read", async () => {
  const { configurations, problems } = await collect({
    processes: [{ command: "nginx: master process nginx -c /etc/nginx/nginx.conf" }],
    files: {
      "/etc/nginx/nginx.conf": `http { server { ${PASS} } }`,
      "linked.nginx": { link: "/etc/nginx/nginx.conf" },
    },
  });
  assert.deepEqual(configurations, []);
  assert.deepEqual(problems, [
    {
      proxy: "nginx",
      file: "/proc/1/cmdline",
      detail: "nginx runs and its configuration was not found",
      isUnreadable: true,
    },
  ]);
});

test("what may not be read is a problem, and costs nothing else", async () => {
  const { problems, routes } = await collect({
    hostFacts: true,
    files: {
      "/etc/nginx/nginx.conf": `http { include secret.conf; include gone.conf; server { listen 80; ${PASS} } }`,
      "/etc/nginx/secret.conf": { text: "", unreadable: true },
      "/etc/haproxy/haproxy.cfg": { text: "", unreadable: true },
    },
  });
  assert.equal(routes.length, 1);
  assert.deepEqual(
    problems.map(({ proxy, file, isUnreadable }) => [proxy, file, isUnreadable]),
    [
      ["nginx", "/etc/nginx/nginx.conf", true],
      ["nginx", "/etc/nginx/nginx.conf", false],
      ["haproxy", "/etc/haproxy/haproxy.cfg", true],
    ],
  );
});

test("running proxies: exporters, tools and workers are none", async () => {
  const { running } = await collect({
    files: {},
    processes: [
      { command: "nginx: master process /usr/sbin/nginx" },
      { command: "nginx: worker process", parent: 1 },
      {
        command: "/usr/bin/nginx-prometheus-exporter -nginx.scrape-uri http://x",
        name: "nginx-prometheu",
      },
      { command: "nginx-exporter", name: "nginx" },
      { command: "/usr/bin/caddy run --config /etc/caddy/Caddyfile" },
      { command: "caddy fmt" },
      { command: "/usr/sbin/apache2 -k start" },
      { command: "/usr/sbin/apache2 -k start", parent: 7 },
      { command: "vim nginx.conf" },
      { command: "", name: "haproxy" },
      { command: "envoy -c /etc/envoy.yaml" },
    ],
  });
  assert.deepEqual(
    running?.map(({ proxy, pid }) => [proxy, pid]),
    [
      ["nginx", 1],
      ["caddy", 5],
      ["apache", 7],
      ["haproxy", 10],
      ["envoy", 11],
    ],
  );
  assert.equal((await collect({ files: {} })).running, undefined);
});

test("apache: installed, with includes and roots", async () => {
  const { routes, roots, problems } = await collect({
    hostFacts: true,
    files: {
      "/etc/apache2/apache2.conf":
        "Include ports.conf\nIncludeOptional sites-enabled/*.conf\nIncludeOptional none/*.conf",
      "/etc/apache2/ports.conf": "Listen 80",
      "/etc/apache2/sites-enabled/a.conf":
        "<VirtualHost *:80>\nDocumentRoot /var/www/a\nProxyPass /x http://x:1\n</VirtualHost>",
    },
  });
  assert.deepEqual(
    routes.map(({ file, line }) => [file, line]),
    [["/etc/apache2/sites-enabled/a.conf", 3]],
  );
  assert.deepEqual(roots, [
    { path: "/var/www/a", file: "/etc/apache2/sites-enabled/a.conf", line: 2 },
  ]);
  assert.deepEqual(problems, []);
});

test("traefik: file provider", async () => {
  const { routes, problems } = await collect({
    files: {
      "traefik/traefik.yml":
        "entryPoints:\n  web:\n    address: ':80'\n  websecure:\n    address: ':443'\n",
      "traefik/dynamic/app.yml":
        "http:\n  routers:\n    app:\n      rule: Host(`a.test`)\n      entryPoints: [websecure]\n      service: app\n      tls: {}\n  services:\n    app:\n      loadBalancer:\n        servers:\n          - url: http://10.0.0.5:8000\n",
      "traefik/dynamic/broken.yml": "http: [\n",
    },
  });
  assert.deepEqual(
    routes.map((route) => [route.file, route.line, shown(route)]),
    [["traefik/dynamic/app.yml", 4, "a.test / -> 10.0.0.5:8000 @ *:443+"]],
  );
  assert.deepEqual(
    problems.map(({ file, isUnreadable }) => [file, isUnreadable]),
    [["traefik/dynamic/broken.yml", false]],
  );
});

test("caddy: variables from .env, never a secret", async () => {
  const assignment = (key: string, value: string) => ({
    key,
    value,
    layer: "dotenv" as const,
    file: ".env",
    reader: "docker compose",
  });
  const { routes } = await collect({
    files: { Caddyfile: "{$DOMAIN} {\n\treverse_proxy {$API_TOKEN}\n}\n" },
    surroundings: {
      environment: {
        assignments: [assignment("DOMAIN", "a.test"), assignment("API_TOKEN", "hunter2")],
        unreadable: [],
        isProcessSeen: false,
      },
    },
  });
  assert.deepEqual(routes.map(shown), ["a.test * -> unresolved:{$API_TOKEN}:0 @ *:443+"]);
});

test("files that are no configuration, samples and tests are left out", async () => {
  const server = `server { listen 80; ${PASS} }`;
  const { configurations } = await collect({
    files: {
      "redis.conf": "maxmemory 100mb\nbind 127.0.0.1\n",
      "supervisord.conf": "[program:web]\ncommand=gunicorn\n",
      "nginx.conf.example": server,
      "tests/nginx.conf": server,
      "deploy/monitor.conf": server,
      "Caddyfile.bak": ":80",
    },
  });
  assert.deepEqual(
    configurations.map(({ proxy, file }) => [proxy, file]),
    [["nginx", "deploy/monitor.conf"]],
  );
});

const REFUSED: readonly (readonly [
  name: string,
  file: string,
  text: string,
  refused: readonly string[],
])[] = [
  ["nginx", "nginx.conf", `server { ${TLS} ${PASS} }`, []],
  ["nginx, block open", "nginx.conf", `server { ${TLS} ${PASS}`, ["nginx.conf:1"]],
  ["nginx, stray brace", "nginx.conf", `server { ${TLS} ${PASS} }\n}`, ["nginx.conf:2"]],
  ["nginx, include not there", "nginx.conf", `include x.conf; server { ${TLS} ${PASS} }`, []],
  ["Caddy", "Caddyfile", "a.test {\n reverse_proxy :8000\n}\n", []],
  ["Caddy, block open", "Caddyfile", "a.test {\n reverse_proxy :8000\n", ["Caddyfile:2"]],
  ["Caddy, stray brace", "Caddyfile", "a.test {\n reverse_proxy :8000\n}\n}\n", ["Caddyfile:4"]],
  [
    "Apache, section open",
    "apache.conf",
    "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:8000/\n",
    ["apache.conf:1"],
  ],
];

for (const [name, file, text, refused] of REFUSED)
  test(`a configuration its proxy would refuse: ${name}`, async () => {
    const { routes, problems } = await collect({ files: { [file]: text } });
    assert.deepEqual(
      problems.filter(({ isRefused }) => isRefused).map((one) => `${one.file}:${one.line}`),
      refused,
    );
    assert.deepEqual(
      routes.map(({ isRefused }) => isRefused),
      [refused.length > 0 ? true : undefined],
    );
  });

test("nginx: files of its own package that are not there hide no route", async () => {
  const own =
    "include mime.types; include /etc/nginx/fastcgi_params; include /etc/letsencrypt/options-ssl-nginx.conf;";
  const { problems } = await collect({
    files: { "nginx.conf": `http { ${own} include other.conf; server { ${TLS} ${PASS} } }` },
  });
  assert.deepEqual(
    problems.map(({ detail }) => detail),
    ["/srv/app/other.conf does not exist"],
  );
});

const LISTEN = "listen 443 ssl;\nssl_certificate_key k;\n";
const HTTPD = "ProxyPass / http://127.0.0.1:8000/\nSSLCertificateFile /c.pem\n";
/** The include, not read, that may hold what a listener lacks. */
const UNREAD: readonly (readonly [
  name: string,
  files: Scene["files"],
  unread: readonly (string | undefined)[],
])[] = [
  ["none", { "nginx.conf": `server { ${LISTEN} ${PASS} }` }, [undefined]],
  [
    "in the server",
    { "nginx.conf": `server { ${LISTEN} include /etc/ssl/tls.conf;\n${PASS} }` },
    ["nginx.conf:3"],
  ],
  [
    "may not be read",
    {
      "nginx.conf": `server { ${LISTEN} include tls.conf;\n${PASS} }`,
      "tls.conf": { text: "", unreadable: true },
    },
    ["nginx.conf:3"],
  ],
  [
    "in http, before the servers",
    { "nginx.conf": `http {\ninclude tls.conf;\nserver { ${LISTEN} ${PASS} } }` },
    ["nginx.conf:2"],
  ],
  [
    "in another server",
    { "nginx.conf": `server { ${LISTEN} ${PASS} }\nserver {\ninclude tls.conf; }` },
    [undefined],
  ],
  [
    "listen without ssl",
    { "nginx.conf": `server { listen 443; include x;\n${PASS} }` },
    [undefined],
  ],
  [
    "certificate there",
    { "nginx.conf": `server { ${TLS} include x.conf;\n${PASS} }` },
    [undefined],
  ],
  [
    "certbot's options of Apache",
    {
      "apache.conf": `<VirtualHost *:443>\n${HTTPD}Include /etc/letsencrypt/options-ssl-apache.conf\n</VirtualHost>`,
    },
    ["apache.conf:4"],
  ],
  [
    "Apache on port 80",
    { "apache.conf": `<VirtualHost *:80>\n${HTTPD}Include x.conf\n</VirtualHost>` },
    [undefined],
  ],
];

for (const [name, files, unread] of UNREAD)
  test(`an include that was not read: ${name}`, async () => {
    const { routes } = await collect({ files });
    assert.deepEqual(
      routes.flatMap(({ listeners }) => listeners.map((listener) => listener.unread)),
      unread,
    );
  });
