import assert from "node:assert/strict";
import { test } from "node:test";
import { answerNginx, OUTCOMES_MAX } from "./answer.ts";
import type { NginxOutcome } from "./answer-outcome.ts";
import type { NginxDisk, NginxRequest } from "./answer-run.ts";
import { answerSteps, contentText } from "./answer-steps.ts";
import { ANSWER_TEXT_MAX, CANDIDATES_MAX } from "./answer-text.ts";
import { VARIABLE_DEPTH_MAX } from "./answer-variable.ts";
import { parseNginx } from "./parse.ts";
import { httpServers } from "./server.ts";

/* What a real nginx answers to some 2,400 requests is compared in test/integration/nginx-answer.test.ts. */

const PLAIN: NginxRequest = { scheme: "http", host: "a.test", target: "/x?q=1", fields: [] };

function outcomes(
  text: string,
  request: Partial<NginxRequest> = {},
  disk?: NginxDisk,
): readonly NginxOutcome[] {
  const tree = parseNginx(text, "f");
  assert.deepEqual(tree.problems, []);
  const answer = answerNginx(httpServers(tree).servers, { ...PLAIN, ...request }, disk);
  assert.ok(answer.isComplete);
  return answer.outcomes;
}

const said = (
  text: string,
  request: Partial<NginxRequest> = {},
  disk?: NginxDisk,
): readonly string[] =>
  outcomes(text, request, disk).map(({ content, assumes }) =>
    [...assumes.map(({ about, taken }) => `[${about}: ${taken}]`), contentText(content)].join(" "),
  );

const server = (body: string): string => `server { listen 80; ${body} }`;

/** `Required<NginxRequest>` without fields: nothing is known of them. */
const UNKNOWN_FIELDS = { fields: undefined } as unknown as Partial<NginxRequest>;

const ROWS: readonly (readonly [
  name: string,
  body: string,
  request: Partial<NginxRequest>,
  expected: readonly string[],
])[] = [
  [
    "return of a server",
    server("return 301 https://$host$request_uri;"),
    {},
    ["301 to https://a.test/x?q=1"],
  ],
  ["nothing listens", server(""), { port: 81 }, ["cannot be told: nothing listens on port 81"]],
  [
    "no TLS there",
    server(""),
    { scheme: "https", port: 80 },
    ["cannot be told: port 80 does not speak TLS"],
  ],
  ["a bad host", server("return 200;"), { host: "a b" }, ["400 with nginx's own page"]],
  ["a bad target", server("return 200;"), { target: "/../x" }, ["400 with nginx's own page"]],
  [
    "plain HTTP on a TLS port",
    "server { listen 443 ssl; error_page 497 =301 https://$host$request_uri; }",
    { port: 443 },
    ["301 to https://a.test/x?q=1"],
  ],
  [
    "plain HTTP on a TLS port, without a page for it",
    "server { listen 443 ssl; }",
    { port: 443 },
    ["400 with nginx's own page"],
  ],
  [
    "an unknown field decides, and what is set is the same each time",
    server(`if ($http_x_p != "https") { return 301 https://a; } return 200 x;`),
    UNKNOWN_FIELDS,
    [
      '[if ($http_x_p != https ): does not hold] 200 with the text "x"',
      "[if ($http_x_p != https ): holds] 301 to https://a",
    ],
  ],
  [
    "a field that is not sent is empty",
    server(`if ($http_x_p != "https") { return 301 https://a; } return 200 x;`),
    {},
    ["301 to https://a"],
  ],
  [
    "a map of an unknown value with one result",
    `map $http_x $m { default 1; a 1; } ${server("if ($m) { return 403; } return 200 x;")}`,
    UNKNOWN_FIELDS,
    ["403 with nginx's own page"],
  ],
  [
    "a map of an unknown value is compared by what it may be",
    `map $http_x $m { default 1; a 2; } ${server("if ($m = 3) { return 403; } return 200 x;")}`,
    UNKNOWN_FIELDS,
    ['200 with the text "x"'],
  ],
  [
    "the beginning of a redirect is known",
    server("return 301 https://$http_x$uri;"),
    UNKNOWN_FIELDS,
    ["301 to https://$http_x/x"],
  ],
  [
    "a pattern outside the matcher",
    server("location ~ (x)\\1 { return 200 a; } location / { return 200 b; }"),
    {},
    [
      '[the location for /x: location ~ (x)\\1 {] 200 with the text "a"',
      '[the location for /x: location / {] 200 with the text "b"',
    ],
  ],
  [
    "split_clients is open, with its values",
    `split_clients $remote_addr $s { 50% one; * two; } ${server('if ($s = "three") { return 403; } return 200 $s;')}`,
    {},
    ['200 with the text "$s"'],
  ],
  [
    "geo: the longest network",
    `geo $g { default d; 10.0.0.0/8 ten; 10.1.0.0/16 sub; ::1 six; } ${server("return 200 $g;")}`,
    { client: "10.1.2.3" },
    ['200 with the text "sub"'],
  ],
  [
    "geo: IPv6, and ranges stay open",
    `geo $g { default d; ::1 six; } geo $r { ranges; default d; 10.0.0.0-10.0.0.9 x; } ${server("return 200 $g$r;")}`,
    { client: "::1" },
    ['200 with the text "six$r"'],
  ],
  [
    "the client decides",
    server("allow 10.0.0.0/8; deny all; location / { proxy_pass http://u:1; }"),
    {},
    [
      "[the client's address is allowed: yes] what u:1 answers asked for /x?q=1",
      "[the client's address is allowed: no] 403 with nginx's own page",
    ],
  ],
  [
    "deny all needs no client",
    server("deny all; location / { proxy_pass http://u:1; }"),
    {},
    ["403 with nginx's own page"],
  ],
  [
    "a password that is not sent",
    server("location / { auth_basic x; auth_basic_user_file f; proxy_pass http://u:1; }"),
    {},
    ["401 with nginx's own page"],
  ],
  [
    "auth_basic without a file of users protects nothing",
    server("location / { auth_basic x; proxy_pass http://u:1; }"),
    {},
    ["what u:1 answers asked for /x?q=1"],
  ],
  [
    "auth_request has three ways, and error_page follows it",
    server(`location / { auth_request /a; error_page 401 =302 /login; proxy_pass http://u:1; }
      location /login { return 200 login; }`),
    {},
    [
      "[/a answers: 2xx] what u:1 answers asked for /x?q=1",
      '[/a answers: 401] 302 with the text "login"',
      "[/a answers: 403] 403 with nginx's own page",
    ],
  ],
  [
    "try_files without a look at the disk",
    server(
      "root /srv; location / { try_files $uri @app; } location @app { proxy_pass http://u:1; }",
    ),
    {},
    [
      "[/srv/x is a file: yes] 200 with the file /srv/x",
      "[/srv/x is a file: no] what u:1 answers asked for /x?q=1",
    ],
  ],
  ["files without a look at the disk", server("root /srv;"), {}, ["the file /srv/x"]],
  [
    "files without a look at the disk, where error_page makes something of a POST",
    server("root /srv; error_page 405 =200 @a; location @a { return 200 a; }"),
    { method: "POST" },
    [
      '[/srv/x is a file: yes] 200 with the text "a"',
      "[/srv/x is a file: no] [/srv/x is a directory: yes] 301 to http://a.test/x/?q=1",
      "[/srv/x is a file: no] [/srv/x is a directory: no] 404 with nginx's own page",
    ],
  ],
  [
    "a map that needs itself",
    `map $b $a { default $b; } map $a $b { default $a; } ${server("return 200 $a;")}`,
    {},
    ['200 with the text "$a"'],
  ],
  [
    "set by a module",
    server("set_by_lua_block $l { return 1 } return 301 https://$l/;"),
    {},
    ["301 to https://$l/"],
  ],
  [
    "scripts make the content",
    server("location / { content_by_lua_block { ngx.say(1) } }"),
    {},
    ['what "content_by_lua_block" makes'],
  ],
  ["closed", server("return 444;"), {}, ["the connection is closed without an answer"]],
  [
    "an internal location is 404 from outside, and no more after a rewrite",
    server(`location /x { internal; return 200 x; } location /y { rewrite ^ /x last; }`),
    { target: "/y" },
    ['200 with the text "x"'],
  ],
  [
    "a regex name captures",
    `server { listen 80; server_name "~^(?<sub>\\w+)\\.test$"; return 301 https://$sub.example$uri; }`,
    {},
    ["301 to https://a.example/x"],
  ],
];
for (const [name, body, request, expected] of ROWS) {
  test(name, () => assert.deepEqual(said(body, request), expected));
}

test("the disk is asked for what it knows", () => {
  const body = server("root /srv; location / { index a.html; try_files $uri $uri/ =404; }");
  const disk: NginxDisk = (path) =>
    path === "/srv/d" || path === "/srv/d/"
      ? "directory"
      : path === "/srv/d/a.html"
        ? "file"
        : "missing";
  assert.deepEqual(said(body, { target: "/d" }, disk), ["301 to http://a.test/d/"]);
  assert.deepEqual(said(body, { target: "/d/" }, disk), ["200 with the file /srv/d/a.html"]);
  assert.deepEqual(said(body, { target: "/e" }, disk), ["404 with nginx's own page"]);
});

test("fields of the answer, by status, by always, of the innermost block", () => {
  const body =
    server(`add_header A server; location / { add_header A "$scheme"; add_header B b always;
    add_header C ""; expires 1h; return 404 x; } location /ok { add_header A ok; expires -1; return 200; }
    location /pass { add_header A a; add_header B b always; proxy_hide_header X-P; proxy_pass http://u:1;
      proxy_set_header X-F "$proxy_add_x_forwarded_for"; }
    location /in { more_set_headers -s 200 'A: m' 'B: $uri'; more_clear_headers Server; return 200; }`);
  const fields = (target: string): readonly string[] =>
    outcomes(body, { target, client: "192.0.2.1" }).flatMap(({ responseFields, requestFields }) =>
      [...requestFields, ...responseFields].map(
        ({ name, value, action, isConditional, at }) =>
          `${name} ${action} ${value.text}${isConditional ? "?" : ""} @${at.line}`,
      ),
    );
  assert.deepEqual(fields("/x"), ["B add b @1"]);
  assert.deepEqual(fields("/ok"), [
    "Expires replace $expires @2",
    "Cache-Control replace no-cache @2",
    "A add ok @2",
  ]);
  assert.deepEqual(fields("/pass"), [
    "Host replace u:1 @3",
    "Connection replace close @3",
    "X-F replace 192.0.2.1 @4",
    "X-P remove  @3",
    "A add a? @3",
    "B add b @3",
  ]);
  assert.deepEqual(
    fields("/in"),
    ["A replace m @5", "B replace /in @5", "Server remove  @5", "A add server @1"].toSorted(
      (a, b) => Number(b.startsWith("A add")) - Number(a.startsWith("A add")),
    ),
  );
});

test("where an alias is lost: behind a rewrite, until its location is found", () => {
  const field = (rewriting: string): string | undefined =>
    outcomes(
      server(
        `location /a/ { alias /w/; add_header X "$request_filename" always; ${rewriting} }
         location /b/ { alias /v/; add_header X "$request_filename" always; return 302 /y; }`,
      ),
      { target: "/a/x" },
    )[0]?.responseFields.find(({ name }) => name === "X")?.value.text;
  assert.equal(field("return 302 /y;"), "/w/x");
  assert.equal(field("rewrite ^/nothing /y; return 302 /y;"), "/w/x");
  assert.equal(field("rewrite ^ /y redirect;"), undefined);
  assert.equal(field("rewrite ^ https://r.test/ permanent;"), undefined);
  assert.equal(field("rewrite ^ /c/; return 302 /y;"), undefined);
  assert.equal(field("rewrite ^/a/(.*) /b/$1;"), "/v/x");
});

test("the same condition after an internal redirect is another question", () => {
  const body = server(
    "root /w; if (-e $request_filename) { return 302 /there$uri; } location /a { error_page 404 = /b/; try_files /nothing =404; }",
  );
  const answers = said(body, { target: "/a" }, (path) =>
    path === "/w/nothing" ? "missing" : undefined,
  );
  assert.deepEqual(
    answers.map((one) => one.replace(/^(?:\[.*\] )?/, "")),
    [
      "302 to http://a.test/there/b/index.html",
      "the file /w/b/",
      "302 to http://a.test/there/b/",
      "302 to http://a.test/there/a",
    ],
  );
});

test("index takes a variable as it was last worked out", () => {
  const body = server("root /w; error_page 404 /b/; index $arg_a index.html;");
  const there: readonly string[] = ["/w/b/", "/w/b/index.html"];
  const disk: NginxDisk = (path) =>
    there.includes(path) ? (path.endsWith("/") ? "directory" : "file") : "missing";
  assert.deepEqual(said(body, { target: "/y/?a=x" }, disk), ["404 with the file /w/b/index.html"]);
});

test("a map of what is not known may have captured, for what comes after it", () => {
  const text = `map $http_x $m { "~^(.)" one; default two; } ${server(
    'location ~ ^/(.) { set $v "$m"; return 200 "$1"; }',
  )}`;
  assert.deepEqual(said(text, UNKNOWN_FIELDS), ['200 with the text "$1"']);
  assert.deepEqual(said(text), ['200 with the text "x"']);
});

test("caveats, and what is in force", () => {
  const [only] = outcomes(
    server(`limit_req zone=a; client_max_body_size 2m; location / { access_by_lua_file x.lua;
      limit_conn b 1; satisfy any; allow all; proxy_pass http://u:1; }`),
  );
  assert.ok(only);
  assert.deepEqual(
    only.caveats.map(({ what, line }) => [what, line]),
    [["access_by_lua_file", 1]],
  );
  const { access } = only;
  assert.deepEqual(
    [access.limitRequests.length, access.limitConnections.length, access.bodySize?.args[0]?.text],
    [1, 1, "2m"],
  );
  assert.deepEqual([access.satisfiesAny, access.rules.length], [true, 1]);
});

test("a file that could not be read is a caveat, but for types and parameters", () => {
  const [only] = outcomes(
    server(
      "include mime.types; location / { include snippets/x.conf; include fastcgi_params; return 200; }",
    ),
  );
  assert.deepEqual(
    only?.caveats.map(({ what, detail }) => `${what}: ${detail}`),
    ["include: snippets/x.conf could not be read, and may change the answer"],
  );
});

test("steps tell what decided, and where", () => {
  const [only] = outcomes(
    server("\nset $a 1;\nlocation / {\nif ($a) {\nadd_header X y;\nreturn 200 ok;\n}\n}"),
  );
  assert.ok(only);
  assert.deepEqual(
    answerSteps(only).map(({ what, file, line, detail }) => `${what} ${file}:${line} ${detail}`),
    [
      'server f:1 "", the default of its socket',
      'set f:2 $a is "1"',
      "location f:3 location / {",
      "if f:4 ($a) holds",
      "return f:6 return 200 ok;",
      'answer f:6 200 with the text "ok"',
      "response field f:5 X: y",
    ],
  );
});

test("limits: outcomes, candidates, text, depth of variables", () => {
  const ifs = (count: number): string =>
    server(
      Array.from({ length: count }, (_, at) => `if ($http_h${at}) { set $a ${at}; }`).join(" "),
    );
  const asked = (count: number): ReturnType<typeof answerNginx> => {
    const { servers } = httpServers(parseNginx(ifs(count), "f"));
    return answerNginx(servers, { ...PLAIN, ...UNKNOWN_FIELDS });
  };
  const bits = Math.log2(OUTCOMES_MAX);
  assert.deepEqual([asked(bits).outcomes.length, asked(bits).isComplete], [OUTCOMES_MAX, true]);
  assert.deepEqual(
    [asked(bits + 1).outcomes.length, asked(bits + 1).isComplete],
    [OUTCOMES_MAX, false],
  );

  const map = (count: number): string =>
    `map $http_x $m { default 0; ${Array.from({ length: count - 1 }, (_, at) => `k${at} ${at + 1};`).join(" ")} }
     ${server("if ($m = none) { return 403; } return 200 x;")}`;
  assert.equal(said(map(CANDIDATES_MAX), UNKNOWN_FIELDS).length, 1);
  assert.equal(said(map(CANDIDATES_MAX + 1), UNKNOWN_FIELDS).length, 2);

  const doubled = (times: number): string =>
    server(`set $a aa; ${"set $a $a$a; ".repeat(times)} return 200 $a;`);
  const times = Math.log2(ANSWER_TEXT_MAX) - 1;
  assert.equal(said(doubled(times))[0]?.length, ANSWER_TEXT_MAX + '200 with the text ""'.length);
  assert.deepEqual(said(doubled(times + 1)), ['200 with the text "$text"']);

  const chain = (length: number): string => {
    const maps = Array.from({ length }, (_, at) => `map 1 $m${at} { default $m${at + 1}; }`);
    return `${maps.join(" ")} map 1 $m${length} { default end; } ${server("return 200 $m0;")}`;
  };
  assert.deepEqual(said(chain(VARIABLE_DEPTH_MAX - 1)), ['200 with the text "end"']);
  assert.deepEqual(said(chain(VARIABLE_DEPTH_MAX)), [
    `200 with the text "$m${VARIABLE_DEPTH_MAX}"`,
  ]);
});

test("thousands of servers: a request takes no longer for it", () => {
  const few = microsecondsPerRequest(100);
  const many = microsecondsPerRequest(5_000);
  // Looking at every server for every request took 50 times as long.
  assert.ok(many < 10 * few, `${many} µs instead of ${few} µs`);
});

function microsecondsPerRequest(count: number): number {
  const hosts = Array.from({ length: count }, (_, at) => `h${at}.test`);
  const body = hosts.map((host) => `server { server_name ${host}; return 301 https://${host}; }`);
  const { servers } = httpServers(parseNginx(body.join("\n"), "f"));
  const ask = (host: string): void => {
    assert.equal(answerNginx(servers, { ...PLAIN, host }).outcomes[0]?.by, "exact");
  };
  ask("h0.test");
  const before = process.cpuUsage().user;
  for (let at = 0; at < REQUESTS; at += 1) ask(`h${at % count}.test`);
  return (process.cpuUsage().user - before) / REQUESTS;
}

const REQUESTS = 2_000;
