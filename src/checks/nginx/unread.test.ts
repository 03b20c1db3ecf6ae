import assert from "node:assert/strict";
import { test } from "node:test";
import { bodySizeNotSet } from "../proxy/body-size/body-size-proxy.check.ts";
import { forwardedProtoMissing } from "../proxy/forwarded-headers/missing-fields.ts";
import { http2Missing } from "../proxy/http2/http2-proxy.check.ts";
import { mtlsOptionalUnchecked } from "../proxy/mtls-optional-unchecked/mtls-optional-unchecked-proxy.check.ts";
import { rateLimitMissing } from "../proxy/rate-limit/rate-limit-proxy.check.ts";
import { tlsCiphersNotSet } from "../proxy/tls-ciphers/tls-ciphers-proxy.check.ts";
import { tlsLegacyProtocol } from "../proxy/tls-protocols/tls-protocols-proxy.check.ts";
import { tlsSessionTickets } from "../proxy/tls-session-tickets/tls-session-tickets-proxy.check.ts";
import { found } from "./example-model.ts";

/* Of what an include that was not read may hold nothing is called missing. */

const ABSENCES = [
  tlsLegacyProtocol,
  tlsCiphersNotSet,
  tlsSessionTickets,
  http2Missing,
  rateLimitMissing,
  bodySizeNotSet,
  forwardedProtoMissing,
];
const SLUGS = [
  "body-size-not-set",
  "forwarded-proto-missing",
  "http2-missing",
  "rate-limit-missing",
  "tls-ciphers-not-set",
  "tls-legacy-protocol",
  "tls-session-tickets",
];

const text = (http: string, server: string, location: string): string =>
  `http {\n${http}\nserver {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1;\n${location}\n}\n}\n}`;
const slugs = (configuration: string): readonly string[] =>
  found(ABSENCES, configuration)
    .map((one) => one.split(":")[0] ?? "")
    .sort();

const cases: readonly [name: string, configuration: string, expected: readonly string[]][] = [
  ["everything was read", text("", "", ""), SLUGS],
  ["a file of http was not", text("include x.conf;", "", ""), []],
  [
    "a file of the server was not",
    text("", "include /etc/letsencrypt/options-ssl-nginx.conf;", ""),
    [],
  ],
  [
    "a file of the location was not",
    text("", "", "include proxy_params;"),
    ["http2-missing", "tls-ciphers-not-set", "tls-legacy-protocol", "tls-session-tickets"],
  ],
  ["files that come with nginx hold none of it", text("include mime.types;", "", ""), SLUGS],
];
for (const [name, configuration, expected] of cases) {
  test(`absences: ${name}`, () => assert.deepEqual(slugs(configuration), expected));
}

test("what is there is judged all the same", () => {
  const configuration = text("include x.conf;\nssl_protocols TLSv1;", "", "");
  assert.deepEqual(found([tlsLegacyProtocol], configuration), ["tls-legacy-protocol:3 fail"]);
});

const verified: readonly [name: string, server: string, expected: readonly string[]][] = [
  ["nothing", "", ["mtls-optional-unchecked:3 fail"]],
  ["a file", "location / {\ninclude x;\n}", []],
  ["a script", "access_by_lua_file /srv/a.lua;", []],
  [
    "parameters of FastCGI",
    "location / {\ninclude fastcgi_params;\n}",
    ["mtls-optional-unchecked:3 fail"],
  ],
];
for (const [name, server, expected] of verified) {
  test(`a client certificate may be looked at in ${name}`, () => {
    const configuration = `server {\nlisten 443 ssl;\nssl_verify_client optional;\n${server}\n}`;
    assert.deepEqual(found([mtlsOptionalUnchecked], configuration), expected);
  });
}
