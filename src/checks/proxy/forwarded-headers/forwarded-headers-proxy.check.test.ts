import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleModel, found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { forwardedProtoSpoofable, xffAppended, xffPassthrough } from "./client-fields.ts";
import { proxyForwardedHeadersProxy } from "./forwarded-headers-proxy.check.ts";
import {
  forwardedHeaderMissing,
  forwardedProtoMissing,
  proxyHeadersLost,
} from "./missing-fields.ts";

const HOST = "proxy_set_header Host $host;";
const REAL = "proxy_set_header X-Real-IP $remote_addr;";
const FOR = "proxy_set_header X-Forwarded-For $remote_addr;";
const PROTO = "proxy_set_header X-Forwarded-Proto $scheme;";
const ALL = [HOST, REAL, FOR, PROTO].join(" ");

/** The location begins in line 5; the pass is in line 6, what it sets in line 7. */
const route = (
  location: string,
  server = "",
  path = "/",
  pass = "proxy_pass http://127.0.0.1:8000",
): string =>
  `map $http_x $y { default $http_x_forwarded_proto; }\nserver {\nlisten 443 ssl;\n${server}\nlocation ${path} {\n${pass};\n${location}\n}\n}`;

type Case = readonly [name: string, text: string, expected: readonly string[]];

const missing: readonly Case[] = [
  ["all", route(ALL), []],
  ["all in the server", route("", ALL), []],
  ["none", route(""), ["forwarded-header-missing:5 warn", "forwarded-proto-missing:5 warn"]],
  ["no scheme", route([HOST, REAL, FOR].join(" ")), ["forwarded-proto-missing:5 warn"]],
  [
    "an empty scheme",
    route(`${ALL} proxy_set_header X-Forwarded-Proto "";`),
    ["forwarded-proto-missing:5 warn"],
  ],
  [
    "the scheme in another field",
    route(`${HOST} ${REAL} ${FOR} proxy_set_header X-Scheme $scheme;`),
    [],
  ],
  [
    "Forwarded",
    route(`${HOST} ${REAL} proxy_set_header Forwarded "for=$remote_addr;proto=$scheme";`),
    [],
  ],
  ["no scheme over plain HTTP", route([HOST, REAL, FOR].join(" ")).replace("443 ssl", "80"), []],
  [
    "no scheme to a TLS application",
    route([HOST, REAL, FOR].join(" "), "", "/", "proxy_pass https://127.0.0.1:8443"),
    [],
  ],
  ["no address", route([HOST, PROTO].join(" ")), ["forwarded-header-missing:5 warn"]],
  ["no Host", route([REAL, FOR, PROTO].join(" ")), ["forwarded-header-missing:5 warn"]],
  [
    "another service",
    route("proxy_set_header Host a.s3.test;", ALL, "/", "proxy_pass https://a.s3.test"),
    [],
  ],
  ["a sub-request", route("internal; proxy_set_header Content-Length 0;", ALL), []],
  ["FastCGI", route("", "", "/", "fastcgi_pass 127.0.0.1:9000"), []],
  ["a redirect", route("return 301 https://a.test;"), []],
  ["a server that rejects", "server {\nlisten 443 ssl;\nssl_reject_handshake on;\n}", []],
  ["a stream", "stream {\nserver {\nlisten 443 ssl;\nproxy_pass 127.0.0.1:9;\n}\n}", []],
  [
    "lost",
    route("proxy_set_header Upgrade $http_upgrade;", ALL),
    ["forwarded-header-missing:5 warn", "proxy-headers-lost:7 warn"],
  ],
  [
    "lost but for the scheme",
    route(`${HOST} ${PROTO} ${REAL}`, ALL),
    ["proxy-headers-lost:7 warn"],
  ],
  ["repeated", route(`proxy_set_header Upgrade $http_upgrade; ${ALL}`, ALL), []],
  ["repeated in another case", route(ALL.toLowerCase(), ALL), []],
  ["nothing to lose", route(`proxy_set_header X-A b; ${ALL}`, "proxy_set_header X-B c;"), []],
  ["an empty one is no loss", route(ALL, 'proxy_set_header Forwarded "";'), []],
  [
    "lost between http and server",
    `http {\n${ALL}\nserver {\nlisten 80;\n${HOST}\n${REAL}\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\n}`,
    ["proxy-headers-lost:5 warn"],
  ],
  [
    "lost for a nested location",
    `server {\nlisten 80;\n${ALL}\nlocation / {\nproxy_set_header X-A b;\nlocation /a {\nproxy_pass http://127.0.0.1;\n}\n}\n}`,
    ["proxy-headers-lost:5 warn", "forwarded-header-missing:6 warn"],
  ],
  [
    "lost where nothing is handed on",
    `server {\n${ALL}\nlocation / {\nproxy_set_header X-A b;\n}\n}`,
    [],
  ],
];
for (const [name, text, expected] of missing) {
  const messages: readonly (readonly [string, RegExp])[] = [
    [
      route([HOST, PROTO].join(" ")),
      /without X-Real-IP, X-Forwarded-For: it cannot tell clients apart/,
    ],
    [
      route([HOST, FOR, PROTO].join(" ")),
      /without X-Real-IP: where a client sends one, that is passed on/,
    ],
    [route([REAL, FOR, PROTO].join(" ")), /without Host: it does not know its name/],
  ];
  for (const [text, message] of messages) {
    test(`proxy.forwarded-headers: ${message.source}`, () => {
      const [hit] = forwardedHeaderMissing.find(exampleModel(text));
      assert.match(hit?.message ?? "", message);
    });
  }

  test(`fields that are missing: ${name}`, () =>
    assert.deepEqual(
      found([proxyHeadersLost, forwardedProtoMissing, forwardedHeaderMissing], text),
      expected,
    ));
}

const set = (name: string, value: string, server = ""): string =>
  route(`proxy_set_header ${name} ${value};`, server);
const SPOOFED = ["forwarded-proto-spoofable:7 warn"];
const PASSED = ["xff-passthrough:7 warn"];
const APPENDED = ["xff-appended:7 note"];
const LB = "set_real_ip_from 10.0.0.5;";

const client: readonly Case[] = [
  ["the proxy's own", route(ALL), []],
  ["the client's scheme", set("X-Forwarded-Proto", "$http_x_forwarded_proto"), SPOOFED],
  ["the client's scheme through a map", set("X-Forwarded-Proto", "$y"), SPOOFED],
  [
    "the client's scheme in another field",
    set("X-Forwarded-Ssl", "$http_x_forwarded_ssl"),
    SPOOFED,
  ],
  [
    "the client chooses the scheme",
    `map $http_x_forwarded_proto $p { default http; https https; }\n${set("X-Forwarded-Proto", "$p").replace(/^.*\n/, "")}`,
    SPOOFED,
  ],
  ["a fixed scheme", set("X-Forwarded-Proto", "https"), []],
  ["another proxy before it", set("X-Forwarded-Proto", "$http_x_forwarded_proto", LB), []],
  [
    "another proxy before it, by its protocol",
    set("X-Forwarded-For", "$http_x_forwarded_for").replace("443 ssl", "443 ssl proxy_protocol"),
    [],
  ],
  [
    "only this machine gets there",
    set("X-Forwarded-Proto", "$http_x_forwarded_proto").replace("443", "127.0.0.1:443"),
    [],
  ],
  ["the client's address", set("X-Forwarded-For", "$http_x_forwarded_for"), PASSED],
  ["the client's address in X-Real-IP", set("X-Real-IP", "$http_x_real_ip"), PASSED],
  [
    "a CDN's field, which anybody may send",
    set("X-Forwarded-For", "$http_cf_connecting_ip"),
    PASSED,
  ],
  ["PROXY protocol's address", set("X-Forwarded-For", "$proxy_protocol_addr"), []],
  ["appended", set("X-Forwarded-For", "$proxy_add_x_forwarded_for"), APPENDED],
  ["appended by hand", set("X-Forwarded-For", '"$http_x_forwarded_for, $remote_addr"'), APPENDED],
  ["appended behind another proxy", set("X-Forwarded-For", "$proxy_add_x_forwarded_for", LB), []],
  ["taken away", set("X-Forwarded-For", '""'), []],
  ["not set", route(HOST), []],
  ["the last of two counts", route(`proxy_set_header X-Forwarded-For $http_x;\n${FOR}`), []],
];
for (const [name, text, expected] of client) {
  test(`fields clients write: ${name}`, () =>
    assert.deepEqual(
      found([forwardedProtoSpoofable, xffPassthrough, xffAppended], text),
      expected,
    ));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["all", route(ALL), "pass"],
  ["appended", route(ALL.replace("For $remote_addr", "For $proxy_add_x_forwarded_for")), "pass"],
  ["none", route(""), "warn"],
  ["no route", "server {\nroot /srv;\n}", "skip"],
];
for (const [name, text, status] of statuses) {
  test(`proxy.forwarded-headers/proxy: ${name} is ${status}`, () =>
    assert.equal(proxyForwardedHeadersProxy.evaluate({}, nginxWanted(text)).status, status));
}

test("proxy.forwarded-headers/proxy: what is lost is named, with both places and what to write", () => {
  const text = route("proxy_set_header Upgrade $http_upgrade;", `${HOST} ${PROTO}`);
  const outcome = proxyForwardedHeadersProxy.evaluate({}, nginxWanted(text));
  const finding =
    "findings" in outcome && outcome.findings.find(({ rule }) => rule === "proxy-headers-lost");
  assert.ok(finding);
  assert.equal(
    finding.message,
    "proxy_set_header here drops the outer ones: Host, X-Forwarded-Proto do not reach the application (*:443)",
  );
  assert.deepEqual(
    finding.evidence.map(({ line }) => line),
    [7, 4, 4, 5],
  );
  assert.deepEqual(finding.edits, [
    { file: "nginx.conf", line: 7, column: 1, action: "insert-after", text: `${HOST}\n${PROTO}` },
  ]);
});
