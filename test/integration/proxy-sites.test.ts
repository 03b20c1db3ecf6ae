import assert from "node:assert/strict";
import { type ChildProcess, execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { routesFor } from "../../src/checks/proxy-sites/answering.ts";
import type { FieldChange, ProxySite, SiteRoute } from "../../src/facts/proxy-site.ts";
import { apacheSites } from "../../src/facts/proxy-sites/apache.ts";
import { caddyProxySites } from "../../src/facts/proxy-sites/caddy.ts";
import { haproxySites } from "../../src/facts/proxy-sites/haproxy.ts";
import { parseApache } from "../../src/parsers/apache.ts";
import { parseCaddyfile } from "../../src/parsers/caddyfile/parse.ts";
import { parseHaproxy } from "../../src/parsers/haproxy.ts";
import { freePorts, makePrefix, removePrefix } from "./nginx-process.ts";
import {
  type Answer,
  apacheText,
  get,
  programMissing,
  startApplication,
  startProxy,
  stopProxy,
} from "./proxy-process.ts";

/* What the model of a site says of a request, and what the real proxy then does with it. */

let application: { server: Server; port: number } | undefined;
before(async () => {
  application = await startApplication();
});
after(() => application?.server.close());

interface Case {
  readonly name: string;
  /** `@P@` is the port to listen on, `@U@` the application's, `@D@` a folder of its own. */
  readonly text: string;
  readonly paths: readonly string[];
}

/** The one route that answers a plain request; every case is written so that there is one. */
function predicted(sites: readonly ProxySite[], port: number, path: string): SiteRoute {
  const site = sites.find(({ listeners }) => listeners.some((one) => one.port === port));
  const routes = site === undefined ? [] : routesFor(site, { path, scheme: "http" });
  assert.equal(routes.length, 1, `${path}: ${routes.map(({ text }) => text).join(" | ")}`);
  return routes[0] ?? assert.fail();
}

/** The fields an answer should have, from those the application sends. */
function fieldsAfter(
  changes: readonly FieldChange[],
  from: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, readonly string[]> {
  const fields = new Map(Object.entries(from));
  for (const field of changes.filter(({ scheme }) => scheme !== "https"))
    fields.set(field.name, changed(fields.get(field.name) ?? [], field));
  return fields;
}

function changed(
  values: readonly string[],
  { change, value = "" }: FieldChange,
): readonly string[] {
  switch (change) {
    case "set":
      return [value];
    case "remove":
      return [];
    case "add":
      return [...values, value];
    case "default":
      return values.length > 0 ? values : [value];
  }
}

const FROM_APPLICATION = { "x-app": ["1"], "x-taken": ["1"] };
/** Fields looked at in answers; the rest is each product's own. */
const LOOKED_AT = /^x-(?:app|taken|own|always|late|more|if)$|^strict-transport-security$/;

function assertAnswer(route: SiteRoute, answer: Answer, what: string): void {
  const { action } = route;
  const isPassed = action.kind === "pass";
  switch (action.kind) {
    case "redirect":
      assert.equal(answer.status, action.status, what);
      assert.equal(answer.fields["location"]?.[0]?.startsWith("https://"), action.isToHttps, what);
      break;
    case "answer":
      assert.equal(answer.status, action.status, what);
      break;
    case "pass":
      assert.equal(answer.status, 200, what);
      assert.match(answer.body, /^\{/, what);
      break;
    case "files":
      assert.equal(answer.body, "a file\n", what);
      break;
    case "own-page":
      assert.equal(answer.status, 200, what);
      assert.doesNotMatch(answer.body, /^\{"/, what);
      break;
    case "unknown":
      assert.fail(what);
  }
  const expected = fieldsAfter(route.responseFields, isPassed ? FROM_APPLICATION : {});
  for (const [name, values] of expected)
    if (LOOKED_AT.test(name))
      assert.deepEqual(answer.fields[name] ?? [], values, `${what} ${name}`);
  if (!isPassed) return;
  const sent = JSON.parse(answer.body) as Record<string, string>; // the application's own JSON
  for (const name of ["x-forwarded-for", "x-forwarded-proto", "x-real-ip"]) {
    const changes = route.requestFields.filter((one) => one.name === name);
    const isThere = fieldsAfter(changes, { [name]: ["spoofed"] }).get(name) ?? [];
    assert.equal(sent[name] !== undefined, isThere.length > 0, `${what} sends ${name}`);
    const isKept = isThere.includes("spoofed");
    assert.equal(sent[name]?.includes("spoofed") ?? false, isKept, `${what} keeps ${name}`);
  }
}

/** A client that says it comes from elsewhere. */
const SPOOFED = {
  host: "a.test",
  "x-forwarded-for": "spoofed",
  "x-forwarded-proto": "spoofed",
  "x-real-ip": "spoofed",
};

interface Product {
  readonly name: string;
  readonly missing: string | undefined;
  readonly cases: readonly Case[];
  sites(text: string, prefix: string): Promise<readonly ProxySite[]>;
  start(text: string, prefix: string, port: number): Promise<ChildProcess>;
}

function compare(product: Product): void {
  const { name, missing, cases } = product;
  describe(`${name} does what its model says`, { skip: missing ?? false }, () => {
    for (const one of cases) test(one.name, () => compareCase(product, one));
  });
}

async function compareCase({ sites, start }: Product, one: Case): Promise<void> {
  const [port = 0] = await freePorts(1);
  const prefix = makePrefix({ "www/index.html": "a file\n", "www/.env": "a file\n" });
  for (const folder of [prefix, join(prefix, "www")]) chmodSync(folder, 0o755);
  let child: ChildProcess | undefined;
  try {
    const text = one.text
      .replaceAll("@P@", String(port))
      .replaceAll("@U@", String(application?.port))
      .replaceAll("@D@", prefix);
    const found = await sites(text, prefix);
    child = await start(text, prefix, port);
    for (const path of one.paths) {
      const answer = await get(port, path, SPOOFED);
      assertAnswer(predicted(found, port, path), answer, path);
    }
  } finally {
    if (child !== undefined) await stopProxy(child);
    removePrefix(prefix);
  }
}

async function readCaddy(text: string, file: string) {
  return parseCaddyfile(
    { file, text },
    { environment: () => undefined, readImport: async () => [] },
  );
}

const CADDY = "{\n admin off\n auto_https off\n}\nhttp://a.test:@P@ {\n bind 127.0.0.1\n";

compare({
  name: "Caddy",
  missing: programMissing("caddy", "version"),
  sites: async (text, prefix) =>
    caddyProxySites(await readCaddy(text, "Caddyfile"), `${prefix}/Caddyfile`),
  async start(text, prefix, port) {
    writeFileSync(join(prefix, "Caddyfile"), text);
    const home = { XDG_DATA_HOME: prefix, XDG_CONFIG_HOME: prefix, HOME: prefix };
    const args = ["run", "--config", join(prefix, "Caddyfile"), "--adapter", "caddyfile"];
    return startProxy("caddy", args, port, home);
  },
  cases: [
    {
      name: "directives run in Caddy's own order",
      text: `${CADDY} reverse_proxy 127.0.0.1:@U@\n redir /old* https://a.test{uri} permanent\n respond /no 403\n header X-Own 1\n}`,
      paths: ["/", "/old/x", "/no", "/no/more"],
    },
    {
      name: "of handles the longest path wins, and only one runs",
      text: `${CADDY} handle {\n  reverse_proxy 127.0.0.1:@U@\n }\n handle /a/* {\n  header X-Own 1\n  respond 204\n }\n handle_path /a/b/* {\n  respond 410\n }\n}`,
      paths: ["/", "/a/x", "/a/b/c", "/a"],
    },
    {
      name: "route runs as written",
      text: `${CADDY} route {\n  respond /x* 404\n  reverse_proxy 127.0.0.1:@U@\n  redir https://a.test{uri} 301\n }\n}`,
      paths: ["/", "/x/y"],
    },
    {
      name: "fields: set, add, default, remove, of proxies too",
      text: `${CADDY} header {\n  X-Always 1\n  -X-Taken\n  ?X-App 2\n }\n header ?X-If 1\n reverse_proxy 127.0.0.1:@U@ {\n  header_up -X-Forwarded-Proto\n  header_up X-Real-IP {remote_host}\n  header_down +X-More 2\n }\n}`,
      paths: ["/"],
    },
    {
      name: "named matchers and what they refuse",
      text: `${CADDY} @dot path */.*\n error @dot 404\n root * @D@/www\n file_server\n}`,
      paths: ["/", "/.env"],
    },
    {
      name: "dotfiles are served where nothing says otherwise",
      text: `${CADDY} root * @D@/www\n file_server\n}`,
      paths: ["/", "/.env"],
    },
    {
      name: "hidden files",
      text: `${CADDY} handle /metrics {\n  metrics\n }\n handle {\n  redir https://{host}{uri}\n }\n}`,
      paths: ["/", "/metrics"],
    },
    { name: "nothing said", text: `${CADDY} respond /a 201\n}`, paths: ["/", "/a"] },
  ],
});

const HAPROXY = `global
 maxconn 50
defaults
 mode http
 timeout client 5s
 timeout server 5s
 timeout connect 5s
frontend web
 bind 127.0.0.1:@P@
`;
const BACKEND = " default_backend app\nbackend app\n server a 127.0.0.1:@U@\n";

compare({
  name: "HAProxy",
  missing: programMissing("/usr/sbin/haproxy", "-v"),
  sites: async (text) => haproxySites(parseHaproxy([{ file: "haproxy.cfg", text }])),
  async start(text, prefix, port) {
    writeFileSync(join(prefix, "haproxy.cfg"), text);
    return startProxy("/usr/sbin/haproxy", ["-db", "-f", join(prefix, "haproxy.cfg")], port);
  },
  cases: [
    {
      name: "a redirect but for challenges",
      text: `${HAPROXY} acl acme path_beg /.well-known/acme-challenge/\n http-request redirect scheme https code 301 unless { ssl_fc } || acme\n${BACKEND}`,
      paths: ["/", "/x", "/.well-known/acme-challenge/t"],
    },
    {
      name: "rules in their order, then redirect, then backends",
      text: `${HAPROXY} redirect location https://a.test/ if { path_beg /old }\n http-request deny deny_status 429 if { path /old/no }\n http-request return status 204 if { path_beg /ok } or { path /fine }\n use_backend b if { path_beg /b }\n${BACKEND}backend b\n http-request deny if { path_end .git }\n http-response set-header X-Own b\n server a 127.0.0.1:@U@\n`,
      paths: ["/", "/old/x", "/old/no", "/ok", "/fine", "/b", "/fine/no"],
    },
    {
      name: "fields of answers: own ones, the application's",
      text: `${HAPROXY} option forwardfor\n http-request del-header X-Forwarded-For\n http-request set-header X-Forwarded-Proto http\n http-response set-header X-Own 1\n http-response del-header X-Taken\n http-after-response set-header X-Always 1\n http-request return status 204 if { path /own }\n${BACKEND}`,
      paths: ["/", "/own"],
    },
    {
      name: "forwardfor of defaults appends",
      text: `${HAPROXY.replace(" mode http\n", " mode http\n option forwardfor\n")}${BACKEND}`,
      paths: ["/"],
    },
    {
      name: "statistics where their path is asked for",
      text: `${HAPROXY} stats enable\n stats uri /stats\n${BACKEND}`,
      paths: ["/", "/stats"],
    },
    {
      name: "no backend",
      text: `${HAPROXY} http-request return status 200 if { path /a }\n`,
      paths: ["/", "/a"],
    },
  ],
});

const VHOST = "Listen 127.0.0.1:@P@\n<VirtualHost 127.0.0.1:@P@>\nServerName a.test\n";
const MODULES = ["alias", "dir", "headers", "proxy", "proxy_http", "rewrite", "status"];

compare({
  name: "Apache",
  missing: programMissing("/usr/sbin/apache2", "-v"),
  sites: async (text, prefix) =>
    apacheSites(
      await parseApache(
        { file: "httpd.conf", text: apacheText(prefix, MODULES, text) },
        { defines: new Map(), readInclude: async () => [] },
      ),
      prefix,
    ),
  async start(text, prefix, port) {
    chmodSync(prefix, 0o777);
    writeFileSync(join(prefix, "httpd.conf"), apacheText(prefix, MODULES, text));
    return startProxy("/usr/sbin/apache2", ["-X", "-f", join(prefix, "httpd.conf")], port);
  },
  cases: [
    {
      name: "ProxyPass stands before Redirect and SetHandler",
      text: `${VHOST}Redirect permanent / https://a.test/\n<Location /server-status>\nSetHandler server-status\n</Location>\nProxyPass / http://127.0.0.1:@U@/\n</VirtualHost>`,
      paths: ["/", "/server-status"],
    },
    {
      name: "what is kept out of ProxyPass",
      text: `${VHOST}ProxyPass /server-status !\nProxyPass /old !\nProxyPass / http://127.0.0.1:@U@/\nRedirect permanent /old https://a.test/\n<Location /server-status>\nSetHandler server-status\n</Location>\n</VirtualHost>`,
      paths: ["/", "/old", "/old/x", "/server-status"],
    },
    {
      name: "a rewrite stands before both",
      text: `${VHOST}RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteCond %{REQUEST_URI} !^/\\.well-known/acme-challenge/\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]\nProxyPass / http://127.0.0.1:@U@/\n</VirtualHost>`,
      paths: ["/", "/x", "/.well-known/acme-challenge/t"],
    },
    {
      name: "sections: files, locations, patterns",
      text: `${VHOST}DocumentRoot @D@/www\n<Directory />\nRequire all denied\n</Directory>\n<Directory @D@/www>\nRequire all granted\n</Directory>\n<FilesMatch "^\\.">\nRequire all denied\n</FilesMatch>\n<Location /private>\nRequire all denied\n</Location>\nRedirectMatch 410 /gone$\n</VirtualHost>`,
      paths: ["/", "/.env", "/private/x", "/x/gone"],
    },
    {
      name: "a directory nobody granted",
      text: `${VHOST}DocumentRoot @D@/www\n<Directory />\nRequire all denied\n</Directory>\n</VirtualHost>`,
      paths: ["/"],
    },
    {
      name: "fields, and modules that are not loaded",
      text: `Header always set X-Always 1\n${VHOST}<IfModule mod_headers.c>\nHeader set X-Own 1\n</IfModule>\n<IfModule mod_ssl.c>\nHeader set X-Late 1\n</IfModule>\n<IfModule !mod_ssl.c>\nHeader set X-More 1\n</IfModule>\nHeader unset X-Taken\nProxyPass / http://127.0.0.1:@U@/\nProxyAddHeaders Off\nRequestHeader unset X-Forwarded-For\nRequestHeader set X-Forwarded-Proto https\n</VirtualHost>`,
      paths: ["/"],
    },
    {
      name: "the client's address is appended",
      text: `${VHOST}ProxyPass / http://127.0.0.1:@U@/\nRequestHeader unset X-Real-IP\n</VirtualHost>`,
      paths: ["/"],
    },
    {
      name: "a virtual host's ProxyPass, then the main server's",
      text: `ProxyPass /b http://127.0.0.1:@U@/\n${VHOST}RedirectMatch 404 ^/b$\nRedirect 302 /c https://a.test/\nProxyPass /c http://127.0.0.1:@U@/\n</VirtualHost>`,
      paths: ["/b", "/c"],
    },
  ],
});

/** Names of handlers in the order of `caddy adapt`'s JSON. */
function handlersOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(handlersOf);
  if (typeof value !== "object" || value === null) return [];
  const { handler } = value as { handler?: unknown }; // an object of caddy's own JSON
  const inner = Object.values(value).flatMap(handlersOf);
  const isRoute = typeof handler === "string" && LEAF_HANDLERS.has(handler);
  return isRoute ? [handler, ...inner] : inner;
}

const LEAF_HANDLERS = new Set(["static_response", "reverse_proxy", "file_server", "metrics"]);
const LEAF_OF = {
  redirect: "static_response",
  answer: "static_response",
  pass: "reverse_proxy",
  files: "file_server",
  "own-page": "metrics",
  unknown: "",
} as const;

test("leaves come in the order of caddy adapt", {
  skip: programMissing("caddy", "version") ?? false,
}, async () => {
  const prefix = makePrefix({});
  try {
    const text = `a.test {
 reverse_proxy 127.0.0.1:1
 file_server /static/*
 respond /a 200
 respond /longer/path 201
 redir /x https://b.test
 metrics /metrics
 handle /h/* {
  respond 1
 }
 handle {
  redir https://c.test
  reverse_proxy 127.0.0.1:2
 }
 @q query a=b
 respond @q 403
}
`;
    writeFileSync(join(prefix, "Caddyfile"), text);
    const args = ["adapt", "--adapter", "caddyfile", "--config", join(prefix, "Caddyfile")];
    const adapted: unknown = JSON.parse(
      execFileSync("caddy", args, {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, HOME: prefix },
      }),
    );
    const [site] = caddyProxySites(await readCaddy(text, "Caddyfile"), `${prefix}/Caddyfile`);
    const own = site?.routes.slice(0, -1).map(({ action }) => LEAF_OF[action.kind]);
    assert.deepEqual(own, handlersOf(adapted));
  } finally {
    removePrefix(prefix);
  }
});
