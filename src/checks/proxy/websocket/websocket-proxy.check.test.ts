import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyWebsocketProxy,
  websocketFieldsMissing,
  websocketIncomplete,
  websocketNotPassed,
  websocketTimeout,
} from "./websocket-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const FIELDS =
  "proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme; proxy_read_timeout 1h;";
const UPGRADE = "proxy_set_header Upgrade $http_upgrade;";
const CONNECTION = 'proxy_set_header Connection "upgrade";';
const HTTP11 = "proxy_http_version 1.1;";
const ws = (location: string, path = "/ws", server = ""): string =>
  `map $http_upgrade $connection {\ndefault upgrade;\n"" close;\n}\nserver {\n${server}\nlocation ${path} {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}`;
const cases: readonly Case[] = [
  ["whole", ws(`${HTTP11} ${UPGRADE} ${CONNECTION} ${FIELDS}`), []],
  ["with a map", ws(`${HTTP11} ${UPGRADE} ${FIELDS} proxy_set_header Connection $connection;`), []],
  [
    "with the client's own Connection",
    ws(`${HTTP11} ${UPGRADE} ${FIELDS} proxy_set_header Connection $http_connection;`),
    [],
  ],
  [
    "any case, with others",
    ws(`${HTTP11} ${UPGRADE} ${FIELDS} proxy_set_header CONNECTION "keep-alive, Upgrade";`),
    [],
  ],
  ["version inherited", ws(`${UPGRADE} ${CONNECTION} ${FIELDS}`, "/ws", HTTP11), []],
  ["no version", ws(`${FIELDS}\n${UPGRADE} ${CONNECTION}`), ["websocket-incomplete:10 warn"]],
  ["no version, 1.29.7", ws(`${FIELDS}\n${UPGRADE} ${CONNECTION}`), [], { version: "1.29.7" }],
  [
    "no version, 1.29.6",
    ws(`${FIELDS}\n${UPGRADE} ${CONNECTION}`),
    ["websocket-incomplete:10 warn"],
    { version: "1.29.6" },
  ],
  [
    "version 1.0, 1.29.7",
    ws(`${FIELDS}\n${UPGRADE} ${CONNECTION} proxy_http_version 1.0;`),
    ["websocket-incomplete:10 warn"],
    { version: "1.29.7" },
  ],
  ["no Connection", ws(`${HTTP11} ${FIELDS}\n${UPGRADE}`), ["websocket-incomplete:10 warn"]],
  [
    "Connection closes",
    ws(`${HTTP11} ${FIELDS}\n${UPGRADE} proxy_set_header Connection close;`),
    ["websocket-incomplete:10 warn"],
  ],
  [
    "Connection taken away",
    ws(`${HTTP11} ${FIELDS}\n${UPGRADE} proxy_set_header Connection "";`),
    ["websocket-incomplete:10 warn"],
  ],
  [
    "a location that serves everything",
    ws(`${HTTP11} ${FIELDS}\n${UPGRADE}`, "/"),
    ["websocket-incomplete:10 warn"],
  ],
  [
    "Upgrade inherited",
    ws("", "/", `${HTTP11} ${UPGRADE} ${FIELDS}`),
    ["websocket-incomplete:6 warn"],
  ],
  ["Upgrade taken away", ws(`${FIELDS} proxy_set_header Upgrade "";`, "/"), []],
  ["no Upgrade at all", ws(FIELDS), ["websocket-not-passed:7 warn"]],
  ["no Upgrade, socket.io", ws(FIELDS, "~ ^/socket\\\\.io/"), ["websocket-not-passed:7 warn"]],
  ["no Upgrade, another path", ws(FIELDS, "/news"), []],
  ["no Upgrade, files", "server {\nlocation /ws {\nroot /srv;\n}\n}", []],
  [
    "without Host and scheme",
    ws(`${HTTP11} ${UPGRADE} ${CONNECTION} proxy_read_timeout 1h;`),
    ["websocket-headers-missing:7 warn"],
  ],
  [
    "quiet connections",
    ws(`${HTTP11} ${UPGRADE} ${CONNECTION} ${FIELDS.replace("proxy_read_timeout 1h;", "")}`),
    ["websocket-idle-timeout:7 note"],
  ],
  ["not over FastCGI", "server {\nlocation /ws {\nfastcgi_pass 127.0.0.1:9000;\n}\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.websocket: ${name}`, () =>
    assert.deepEqual(
      found(
        [websocketIncomplete, websocketNotPassed, websocketFieldsMissing, websocketTimeout],
        text,
        build,
      ),
      expected,
    ));
}

const statuses: readonly [text: string, status: string][] = [
  [ws(`${HTTP11} ${UPGRADE} ${CONNECTION} ${FIELDS}`), "pass"],
  [ws(FIELDS), "warn"],
  ["server {\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.websocket/proxy: ${status}`, () =>
    assert.equal(proxyWebsocketProxy.evaluate({}, nginxWanted(text)).status, status));
}
