import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answerNginx } from "../../src/parsers/nginx/answer.ts";
import { parseNginx } from "../../src/parsers/nginx/parse.ts";
import { httpServers } from "../../src/parsers/nginx/server.ts";
import { startEcho } from "./echo-server.ts";
import { problemWith } from "./nginx-compare.ts";
import { compareRandom } from "./nginx-differential.ts";
import {
  ask,
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
 * What nginx answers must be what answerNginx says: status, Location, body, fields, what an upstream
 * server is asked. scripts/nginx-differential.ts runs as many random configurations as asked.
 */
const skip = nginxMissing() ?? false;

const RANDOM_CASES = 300;
const FIRST_SEED = 1;
const UNDECIDED_SHARE_MAX = 0.05;

test(`${RANDOM_CASES} random configurations`, { skip }, async () => {
  const { differences, refused, undecided, requests } = await compareRandom(
    FIRST_SEED,
    RANDOM_CASES,
  );
  assert.deepEqual(refused, []);
  assert.deepEqual(differences, []);
  assert.ok(requests > 5 * RANDOM_CASES);
  assert.ok(undecided < UNDECIDED_SHARE_MAX * requests, `${undecided} of ${requests} undecided`);
});

interface Row {
  readonly name: string;
  /** Of `http { }`; a server listens on `@A@`, `@ECHO@` is the port of an upstream server. */
  readonly body: string;
  readonly targets: readonly string[];
  readonly host?: string;
}

const one = (body: string): string => `server { listen 127.0.0.1:@A@; ${body} }`;

const ROWS: readonly Row[] = [
  {
    name: "ten rewrites are followed, the eleventh is 500",
    body: one(`location / { return 200 "end$uri"; }
      ${Array.from({ length: 12 }, (_, at) => `location = /${at} { rewrite ^ /${at + 1} last; }`).join(" ")}`),
    targets: ["/11", "/3", "/2", "/1", "/0"],
  },
  {
    name: "error_page in a circle",
    body: one(`recursive_error_pages on; error_page 404 /a; location /a { return 404; }`),
    targets: ["/a", "/a?x=1"],
  },
  {
    name: "error_page: with and without =, to a name, to another server, of a return with text",
    body: one(`error_page 404 /e; error_page 403 = /e; error_page 410 =200 /e; error_page 401 @n;
      error_page 402 https://pay.test$uri; error_page 405 =301 /e; error_page 301 =200 @n;
      location = /e { add_header X-Block e; return 200 "e$uri$is_args$args"; }
      location @n { add_header X-Block n always; return 418 "n$uri"; }
      ${[401, 402, 403, 404, 405, 410].map((code) => `location /${code} { return ${code}; }`).join(" ")}
      location /text { return 404 text; } location /moved { return 301 /x; }`),
    targets: ["/401", "/402", "/403", "/404?a=1", "/405", "/410", "/text", "/moved"],
  },
  {
    name: "add_header in if: the last one that holds is in force, and what follows it still runs",
    body: one(`add_header X-Block server; location / { add_header X-Block loc; set $a 1;
      if ($arg_a) { add_header X-Block a; set $a 2; }
      if ($arg_b) { add_header X-Block b; }
      if ($arg_c) { set $a 3; }
      set $b $a; return 200 "$a$b"; }`),
    targets: ["/", "/?a=1", "/?b=1", "/?a=1&b=1", "/?c=1", "/?a=1&c=1", "/?a=0&b=0"],
  },
  {
    name: "proxy_pass: URI part, patterns, if, variables, rewrites",
    body: `map $arg_m $up { default 127.0.0.1:@ECHO@; path 127.0.0.1:@ECHO@/from-map; }
      upstream app { server 127.0.0.1:@ECHO@; }
      ${one(`location /plain/ { proxy_pass http://127.0.0.1:@ECHO@; }
      location /slash/ { proxy_pass http://app/; }
      location /deep { proxy_pass http://app/up/; }
      location = /exact { proxy_pass http://app/q?x=1; }
      location ~ ^/re/(.*)$ { proxy_pass http://127.0.0.1:@ECHO@/$1?$args; }
      location /var/ { proxy_pass http://$up; }
      location /break/ { rewrite ^/break/(.*)$ /new/$1 break; proxy_pass http://app/up/; }
      location /break2/ { rewrite ^/break2/(.*)$ /new/$1?k=1 break; proxy_pass http://app; }
      location /if2/ { proxy_pass http://app/up/; if ($arg_i) { set $x 1; } }
      location /if3/ { proxy_pass http://app/up/; if ($arg_i) { proxy_pass http://app; } }
      location /args/ { set $args "n=1"; proxy_pass http://app; }
      location /hdr/ { proxy_pass http://app; proxy_set_header Host $host:$server_port;
        proxy_set_header X-Gone ""; proxy_set_header X-Real $remote_addr; proxy_hide_header X-Up; }`)}`,
    targets: [
      ...["/plain/a%20b//c?x=%20", "/slash/a%20b?x=1", "/slash/", "/deep", "/deep/x", "/deepx"],
      ...["/exact?y=2", "/re/a%2Fb?z=1", "/var/a%20b?m=1", "/var/x?m=path", "/break/a%20b?x=1"],
      ...["/break2/a%3Fb?x=1", "/if2/x?i=1", "/if3/x?i=1", "/if3/x", "/args/x?i=1"],
      ...["/hdr/?x", "/slash/%25%3F%23%22%3C%5E%60%7B%7C", "/slash/caf%C3%A9"],
    ],
  },
  {
    name: "captures: of a server name, a location, a map, a failed pattern, escaped ones",
    body: `map $uri $m { default "-"; "~^/map/(?<tail>.*)$" "<$1$tail>"; }
      server { listen 127.0.0.1:@A@; server_name ~^(?<sub>\\w+)\\.(.*)$;
      location / { return 200 "$sub $1 $2"; }
      location ~ ^/loc/(\\w+)/(?<n>\\w+)?(z)?$ { return 200 "$1,$2,$n,$3"; }
      location /map/ { return 200 "$m,$1"; }
      location /fail/ { if ($uri ~ ^/(fail)/) { set $a $1; } if ($uri ~ (nothing)) { } return 200 "$a,$1"; }
      location /esc/ { rewrite ^/esc/(.*)$ /out/$1?q=$1 last; }
      location /out/ { return 200 "$uri $args"; }
      location /red/ { rewrite ^/red/(.*)$ https://r.test/$1?q=$1 permanent; }
      location /red2/ { rewrite ^/red2/(.*)$ /to/$1? redirect; }
      location /set/ { if ($uri ~ ^/set/(.*)$) { set $a $1; } return 200 "$a"; } }`,
    host: "www.a.test",
    targets: [
      ...["/", "/loc/a/b", "/loc/a/", "/loc/a/z", "/map/x", "/fail/", "/esc/a%20b%26c?z=1"],
      ...[
        "/esc/a+b",
        "/esc/ab",
        "/red/a%20b%3Fc%25?z=1",
        "/red2/a%26b?gone",
        "/set/a%20b",
        "/set/ab",
      ],
    ],
  },
  {
    name: "access: order, satisfy, inheritance",
    body: one(`location /all/ { allow 10.0.0.0/8; deny all; }
      location /me/ { allow 127.0.0.1; deny all; return 403 no-effect; }
      location /net/ { deny 127.0.0.0/8; allow all; error_page 403 =200 /no; }
      location /any/ { satisfy any; deny all; auth_basic x; auth_basic_user_file none; }
      location /any2/ { satisfy any; allow 127.0.0.1; auth_basic x; auth_basic_user_file none; root /nonexistent; }
      location /pass/ { auth_basic x; auth_basic_user_file none; error_page 401 @login;
        location /pass/open/ { auth_basic off; root /nonexistent; } }
      location @login { return 302 /login?from=$request_uri; }
      location /ret/ { deny all; return 200 "a return comes before access"; }
      location /no { return 200 "no"; }
      location /post/ { limit_except GET { deny all; } return 200 post; }`),
    targets: [
      "/all/",
      "/me/",
      "/net/",
      "/any/",
      "/any2/",
      "/pass/?x=1",
      "/pass/open/",
      "/ret/",
      "/post/",
    ],
  },
  {
    name: "redirects completed: names, ports",
    body: `server { listen 127.0.0.1:@A@; server_name first.test second.test;
        location = /a { return 301 /x; } location = /b { return 302 x; } location = /c { return 307 //x; }
        location /app/ { proxy_pass http://127.0.0.1:@ECHO@; }
        location /rel/ { absolute_redirect off; return 301 /x; }
        location /port/ { port_in_redirect off; return 301 /x; }
        location /name/ { server_name_in_redirect on; return 301 /x; }
        location = /e { return 301 ""; } }`,
    host: "SECOND.test:99",
    targets: ["/a", "/b", "/c", "/app", "/app?x=1", "/rel/", "/port/", "/name/"],
  },
];

for (const { name, body, targets, host = "x.test" } of ROWS) {
  describe(name, { skip }, () => {
    test(`${targets.length} requests`, async () => {
      const [port = 0] = await freePorts(1);
      const echo = await startEcho();
      const prefix = makePrefix({});
      const written = body.replaceAll("@A@", String(port)).replaceAll("@ECHO@", String(echo.port));
      const text = wrapHttp(prefix, written);
      writeFiles(prefix, { "nginx.conf": text });
      let stop = async (): Promise<void> => {};
      try {
        const child = await startNginx(prefix, port);
        stop = () => stopNginx(child);
        const { servers } = httpServers(parseNginx(text, "nginx.conf"));
        for (const target of targets) {
          const answer = await ask(port, target, [`Host: ${host}`]);
          const { outcomes } = answerNginx(
            servers,
            {
              scheme: "http",
              address: "127.0.0.1",
              port,
              client: "127.0.0.1",
              host,
              target,
              fields: [["Connection", "close"]],
            },
            () => "missing",
          );
          const [only, ...others] = outcomes;
          assert.ok(only);
          assert.deepEqual(others, [], target);
          const problem = problemWith(only, { method: "GET" }, answer);
          assert.equal(problem, undefined, `${target}: ${problem}`);
        }
      } finally {
        await stop();
        await echo.close();
        removePrefix(prefix);
      }
    });
  });
}
