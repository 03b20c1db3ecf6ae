import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import type { ProcessEntry } from "./processes.fact.ts";
import { collectProxyRoutes, type ProxySurroundings } from "./proxy-collect.ts";
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
  return collectProxyRoutes(
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

const NGINX: readonly (readonly [
  name: string,
  text: string,
  expected: readonly string[],
  because?: string,
])[] = [
  ["server at the top", `server { ${TLS} ${PASS} }`, ["a.test / -> 127.0.0.1:8000 @ *:443+"]],
  [
    "certificate inherited from http",
    `http { ssl_certificate c; ssl_certificate_key k; server { listen [::]:443 ssl; ${PASS} } }`,
    [" / -> 127.0.0.1:8000 @ :::443+"],
  ],
  [
    "listen 443 without ssl",
    `server { ${TLS.replace(" ssl;", ";")} ${PASS} }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443"],
    "listen 443 without ssl",
  ],
  [
    "ssl of another server on the socket",
    `server { listen 443; ${PASS} }\nserver { ${TLS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen 443 without ssl; only another server block has it, at nginx.conf:2",
  ],
  [
    "certificate only in a comment",
    `server { listen 443 ssl;\n# ssl_certificate /c; ssl_certificate_key /k;\n${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen has ssl but no ssl_certificate is in force",
  ],
  [
    "certificate in another server",
    `server { listen 443 ssl; ${PASS} } server { ${TLS} return 444; }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen has ssl but no ssl_certificate is in force",
  ],
  [
    "key missing",
    `server { listen 443 ssl; ssl_certificate c; ${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "listen has ssl but no ssl_certificate_key is in force",
  ],
  [
    "ssl on",
    `server { listen 443; ssl on; ssl_certificate c; ssl_certificate_key k; ${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:443"],
    "ssl on was removed in nginx 1.25.1, listen 443 has no ssl",
  ],
  [
    "handshake rejected",
    `server { ${TLS} ssl_reject_handshake on; ${PASS} }`,
    ["a.test / -> 127.0.0.1:8000 @ *:443"],
    "ssl_reject_handshake on",
  ],
  [
    "port 80 only",
    `server { listen 80; ${PASS} }`,
    [" / -> 127.0.0.1:8000 @ *:80"],
    "listen 80 without ssl",
  ],
  ["no listen at all", `server { ${PASS} }`, [" / -> 127.0.0.1:8000 @ *:80"]],
  [
    "both ports in one server",
    `server { listen 80; ${TLS} ${PASS} }`,
    ["a.test / -> 127.0.0.1:8000 @ *:80 *:443+"],
  ],
  [
    "upstream block",
    `upstream app { server a:1; server b; server c:3 down; server unix:/run/a.sock; } server { listen 80; location / { proxy_pass http://app/x; } }`,
    [" / -> a:1 b:80 unix:/run/a.sock:0 @ *:80"],
  ],
  [
    "unix socket",
    "server { listen 80; location / { proxy_pass http://unix:/run/app.sock:/; } }",
    [" / -> unix:/run/app.sock:0 @ *:80"],
  ],
  [
    "other passes",
    "server { listen 80; location /u { uwsgi_pass unix:/u.sock; } location /g { grpc_pass grpcs://g:50051; } location ~ \\.php$ { fastcgi_pass php:9000; } }",
    [" /u -> unix:/u.sock:0 @ *:80", " /g -> g:50051+ @ *:80", " ~ \\.php$ -> php:9000 @ *:80"],
  ],
  [
    "set variable",
    "server { listen 80; set $up web; location / { set $url http://$up:8000; proxy_pass $url; } }",
    [" / -> web:8000 @ *:80"],
  ],
  [
    "map variable",
    "map $http_x $b { default http://a:1; ~y http://b:2; } server { listen 80; location / { proxy_pass $b; } }",
    [" / -> a:1 b:2 @ *:80"],
  ],
  [
    "request decides",
    "server { listen 80; location / { proxy_pass http://$host:80; } }",
    [" / -> unresolved:$host:80:0 @ *:80"],
  ],
  [
    "path with a variable",
    "server { listen 80; location / { proxy_pass https://web$request_uri; } }",
    [" / -> unresolved:web$request_uri:0 @ *:80"],
  ],
  [
    "nested and websocket locations",
    `server { ${TLS} location /a { location /a/b { proxy_pass http://b:1; } } location /ws { proxy_pass http://w:1; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; } }`,
    ["a.test /a/b -> b:1 @ *:443+", "a.test /ws -> w:1 @ *:443+"],
  ],
  ["behind a return", `server { listen 80; return 301 https://$host$request_uri; ${PASS} }`, []],
  ["location outside of a server", PASS, []],
  ["stream", "stream { server { listen 5000; proxy_pass db:5432; } }", [" / -> db:5432 @ *:5000"]],
  [
    "set that refers to itself",
    "server { listen 80; set $a $a$a; location / { proxy_pass http://$a; } }",
    [],
  ],
];

for (const [name, text, expected, because] of NGINX)
  test(`nginx: ${name}`, async () => {
    const { routes } = await collect({ files: { "nginx.conf": text } });
    if (name === "set that refers to itself")
      assert.deepEqual(
        routes[0]?.upstreams.map(({ kind }) => kind),
        ["unresolved"],
      );
    else assert.deepEqual(routes.map(shown), expected);
    if (because !== undefined) assert.equal(routes[0]?.listeners[0]?.because, because);
  });

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

const APACHE: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "virtual host with TLS",
    "<VirtualHost *:443>\nServerName a.test\nServerAlias b.test\nSSLEngine on\nSSLCertificateFile /c.pem\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>",
    ["a.test,b.test / -> 127.0.0.1:8000 @ *:443+"],
  ],
  [
    "certificate in a comment",
    "<VirtualHost *:443>\nSSLEngine on\n# SSLCertificateFile /c.pem\nProxyPass / http://x:1/\n</VirtualHost>",
    [" / -> x:1 @ *:443"],
  ],
  [
    "SSLEngine in another host",
    "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile /c\n</VirtualHost>\n<VirtualHost *:80>\nProxyPass / http://x:1/\n</VirtualHost>",
    [" / -> x:1 @ *:80"],
  ],
  [
    "module condition, Define, Location",
    "Define up x\n<IfModule mod_ssl.c>\n<VirtualHost _default_:443>\nSSLEngine On\nSSLCertificateFile /c\n<Location /a>\nProxyPass http://${up}:1/ \\\n  timeout=5\n</Location>\n</VirtualHost>\n</IfModule>",
    [" /a -> x:1 @ *:443+"],
  ],
  [
    "IfDefine that is not",
    "<IfDefine NOPE>\n<VirtualHost *:80>\nProxyPass / http://x:1/\n</VirtualHost>\n</IfDefine>\nListen 80",
    [],
  ],
  [
    "rewrite with P, exclusion, websocket",
    "<VirtualHost *:80>\nRewriteEngine on\nRewriteRule ^/(.*)$ http://x:1/$1 [P,L]\nProxyPass /static !\nProxyPassMatch ^/ws ws://x:2/\n</VirtualHost>",
    [" ^/(.*)$ -> x:1 @ *:80", " ^/ws -> x:2 @ *:80"],
  ],
  [
    "rewrite engine off",
    "<VirtualHost *:80>\nRewriteRule ^/(.*)$ http://x:1/$1 [P]\n</VirtualHost>\nListen 80",
    [],
  ],
  [
    "balancer and socket",
    '<Proxy "balancer://app">\nBalancerMember http://a:1\nBalancerMember unix:/run/a.sock|http://localhost\n</Proxy>\n<VirtualHost *:80>\nProxyPass / balancer://app/\n</VirtualHost>',
    [" / -> a:1 unix:/run/a.sock:0 @ *:80"],
  ],
  [
    "port without Listen",
    "Listen 80\n<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile /c\nProxyPass / http://x:1/\n</VirtualHost>",
    [" / -> x:1 @ *:443"],
  ],
  [
    "main server",
    "Listen 8080\nServerName a.test\nProxyPass / http://x:1/",
    ["a.test / -> x:1 @ *:8080"],
  ],
];
for (const [name, text, expected] of APACHE)
  test(`apache: ${name}`, async () => {
    const { routes } = await collect({ files: { "sites-enabled/app.conf": text } });
    assert.deepEqual(routes.map(shown), expected);
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

const HAPROXY: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "frontend with TLS",
    "frontend f\n bind :80\n bind *:443 ssl crt /etc/c.pem alpn h2\n default_backend b\nbackend b\n server s1 127.0.0.1:8000 check\n server s2 web:8000 ssl verify none",
    [" / -> 127.0.0.1:8000 web:8000+ @ *:80 *:443+"],
  ],
  [
    "TLS in another frontend",
    "frontend a\n bind :443 ssl crt /c\n default_backend x\nfrontend b\n bind :80\n default_backend y\nbackend x\n server s x:1\nbackend y\n server s y:1",
    [" / -> x:1 @ *:443+", " / -> y:1 @ *:80"],
  ],
  [
    "crt in a comment",
    "frontend a\n bind :443 ssl # crt /c\n default_backend x\nbackend x\n server s x:1",
    [" / -> x:1 @ *:443"],
  ],
  [
    "use_backend with a host",
    "frontend a\n bind :80\n acl app hdr(host) -i a.test b.test\n use_backend x if app\nbackend x\n server s unix@/run/a.sock",
    ["a.test,b.test if app -> unix:/run/a.sock:0 @ *:80"],
  ],
  [
    "listen, default_backend from defaults",
    "defaults\n mode http\n default_backend x\nlisten l\n bind 10.0.0.1:80\n server s y:1\nbackend x\n server s x:1",
    [" / -> x:1 @ 10.0.0.1:80", " / -> y:1 @ 10.0.0.1:80"],
  ],
  [
    "disabled",
    "frontend a\n bind :80\n disabled\n default_backend x\nbackend x\n server s x:1",
    [],
  ],
  [
    "IPv6 and no server port",
    "frontend a\n bind :::8443 ssl crt /c\n default_backend x\nbackend x\n server s x",
    [" / -> x:8443 @ :::8443+"],
  ],
  [
    "dynamic backend",
    "frontend a\n bind :80\n use_backend %[req.hdr(host)]",
    [" / -> unresolved:%[req.hdr(host)]:0 @ *:80"],
  ],
];
for (const [name, text, expected] of HAPROXY)
  test(`haproxy: ${name}`, async () => {
    const { routes } = await collect({ files: { "haproxy.cfg": text } });
    assert.deepEqual(routes.map(shown), expected);
  });

function labels(list: Readonly<Record<string, string>>) {
  return Object.entries(list).map(([key, value], index) => ({
    key,
    value,
    isInterpolated: false,
    file: "compose.yml",
    line: index + 10,
  }));
}
const SERVICE = {
  file: "compose.yml",
  line: 1,
  isBuilt: true,
  command: "",
  environment: [],
  envFiles: [],
  ports: [],
  expose: [],
  labels: [],
  volumes: [],
  dependsOn: [],
} as const;

async function traefik(
  own: Readonly<Record<string, string>>,
  command = "--entrypoints.web.address=:80 --entrypoints.websecure.address=:8443",
): Promise<readonly string[]> {
  const compose = {
    files: ["compose.yml"],
    problems: [],
    project: {
      services: [
        { ...SERVICE, name: "proxy", image: "traefik:v3", command },
        { ...SERVICE, name: "web", expose: ["9000"], labels: labels(own) },
      ],
    },
  };
  const { routes } = await collect({ files: {}, surroundings: { compose } });
  return routes.map(shown);
}

test("traefik: labels", async () => {
  const rule = { "traefik.http.routers.Web.rule": "Host(`a.test`, `b.test`) && PathPrefix(`/x`)" };
  const secure = { ...rule, "traefik.http.routers.web.entrypoints": "websecure" };
  assert.deepEqual(
    await traefik({
      ...secure,
      "traefik.http.routers.web.tls": "true",
      "traefik.http.services.web.loadbalancer.server.port": "8000",
    }),
    ["a.test,b.test /x -> web:8000 @ *:8443+"],
  );
  assert.deepEqual(
    await traefik({ ...secure, "traefik.http.routers.web.tls.certresolver": "le" }),
    ["a.test,b.test /x -> web:9000 @ *:8443+"],
  );
  assert.deepEqual(await traefik(secure), ["a.test,b.test /x -> web:9000 @ *:8443"]);
  assert.deepEqual(await traefik({ ...secure, "traefik.http.routers.web.tls": "false" }), [
    "a.test,b.test /x -> web:9000 @ *:8443",
  ]);
  assert.deepEqual(await traefik(rule), ["a.test,b.test /x -> web:9000 @ *:80 *:8443"]);
  assert.deepEqual(await traefik(secure, "--entrypoints.websecure.http.tls.certresolver=le"), [
    "a.test,b.test /x -> web:9000 @ *:443+",
  ]);
  assert.deepEqual(await traefik({ ...rule, "traefik.enable": "false" }), []);
  assert.deepEqual(await traefik(rule, "--providers.docker.exposedbydefault=false"), []);
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
