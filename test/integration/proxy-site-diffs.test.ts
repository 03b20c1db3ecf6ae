import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { checks } from "../../src/checks/index.ts";
import type { ProxyWanted } from "../../src/checks/proxy-rules/wanted.ts";
import {
  apacheWanted,
  caddyWanted,
  haproxyWanted,
} from "../../src/checks/proxy-sites/example-sites.ts";
import type { Finding } from "../../src/core/check.ts";
import { absent } from "../../src/core/reading.ts";
import { applySplices, placeEdits } from "../../src/parsers/edits/splice.ts";
import type { EditLanguage } from "../../src/parsers/edits/statement.ts";
import { makePrefix, removePrefix } from "./nginx-process.ts";
import { apacheText, programMissing } from "./proxy-process.ts";

/*
 * Every suggested diff for Caddy, Apache and HAProxy, applied to a copy: the real program takes it, the finding is
 * gone and none is new.
 */

let folder = "";
before(() => {
  folder = makePrefix({});
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a.test"],
      ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
    ],
    { stdio: "ignore" },
  );
  execFileSync("sh", ["-c", 'cat "$0" "$1" > "$2"', "cert.pem", "key.pem", "both.pem"], {
    cwd: folder,
  });
});
after(() => removePrefix(folder));

interface Product {
  readonly program: string;
  readonly version: readonly string[];
  readonly language: EditLanguage;
  readonly read: (text: string) => ProxyWanted | Promise<ProxyWanted>;
  /** Arguments that make the program check this file. */
  readonly checking: (file: string) => readonly string[];
  /** `@D@` is a folder with certificates; each with the rules that suggest something in it. */
  readonly samples: readonly (readonly [text: string, suggesting: readonly string[]])[];
}

const APACHE_MODULES = ["headers", "ssl", "proxy", "proxy_http", "socache_shmcb"];
const TLS_HOST =
  "SSLEngine on\n  SSLCertificateFile @D@/cert.pem\n  SSLCertificateKeyFile @D@/key.pem";

const PRODUCTS: readonly Product[] = [
  {
    program: "caddy",
    version: ["version"],
    language: "caddyfile",
    read: (text) => caddyWanted(text),
    checking: (file) => ["validate", "--adapter", "caddyfile", "--config", file],
    samples: [
      ["a.test {\n\treverse_proxy 127.0.0.1:8000\n}\n", ["hsts-missing"]],
      [
        "{\n  admin 0.0.0.0:2019\n}\n\na.test, www.a.test {\n  root * /srv\n  file_server\n}\nb.test { # here\n  respond /up 200\n  reverse_proxy 127.0.0.1:8000\n}\n",
        ["hsts-missing", "hsts-missing", "admin-exposed"],
      ],
    ],
  },
  {
    program: "apache2",
    version: ["-v"],
    language: "apache",
    read: (text) => apacheWanted(text),
    checking: (file) => ["-t", "-f", file],
    samples: [
      [
        `Listen 18443\nServerTokens OS\nTraceEnable On\n<VirtualHost *:18443>\n  ServerName a.test\n  ${TLS_HOST}\n  SSLProtocol all -SSLv3\n  LimitRequestBody 0\n  ProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n`,
        [
          "server-tokens",
          "hsts-missing",
          "body-size-unlimited",
          "tls-legacy-protocol",
          "trace-enabled",
        ],
      ],
      [
        `Listen 18443\nServerTokens Prod\nTraceEnable Off\nSSLProtocol +TLSv1.1 \\\n  +TLSv1.2\nProxyRequests On\n<VirtualHost *:18443>\nServerName a.test\n${TLS_HOST}\nDocumentRoot /srv\n</VirtualHost>\n`,
        ["hsts-missing", "tls-legacy-protocol", "open-proxy"],
      ],
    ],
  },
  {
    program: "haproxy",
    version: ["-v"],
    language: "lines",
    read: haproxyWanted,
    checking: (file) => ["-c", "-f", file],
    samples: [
      [
        "global\n  ssl-default-bind-options no-sslv3 no-tlsv10 no-tls-tickets\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\nfrontend web\n  bind :18080\n  bind :18443 ssl crt @D@/both.pem # here\n  option accept-invalid-http-request\n  default_backend app\nbackend app\n  server one 127.0.0.1:8000\n",
        ["hsts-missing", "tls-legacy-protocol", "invalid-requests-accepted"],
      ],
      [
        "global\nssl-default-bind-options ssl-min-ver TLSv1.0\ndefaults\nmode http\ntimeout connect 5s\ntimeout client 5s\ntimeout server 5s\nlisten web\nbind :18443 ssl crt @D@/both.pem\nserver one 127.0.0.1:8000\n",
        ["hsts-missing", "tls-legacy-protocol"],
      ],
    ],
  },
];

/** Every finding of every check at the proxy layer. */
function findingsIn(wanted: ProxyWanted): readonly Finding[] {
  return checks
    .filter(
      ({ layer, control }) => layer === "proxy" && /^(?:proxy|hsts|headers)\./.test(control.id),
    )
    .flatMap((check) => {
      const others = Object.keys(check.wants).map((name) => [name, absent("not looked at")]);
      const outcome = check.evaluate({}, { ...Object.fromEntries(others), ...wanted });
      if (outcome.status === "pass") return outcome.notes ?? [];
      return outcome.status === "warn" || outcome.status === "fail" ? outcome.findings : [];
    });
}

function tally(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(findings, ({ rule }) => rule);
  return new Map([...groups].map(([rule, own]) => [rule, own.length]));
}

/** What the program has against a configuration; `undefined`: nothing. */
function refusal({ program, checking }: Product, text: string): string | undefined {
  const file = join(folder, "checked.conf");
  const whole = program === "apache2" ? apacheText(folder, APACHE_MODULES, text) : text;
  writeFileSync(file, whole.replaceAll("@D@", folder));
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const { status, stderr, stdout } = spawnSync(program, checking(file), {
    encoding: "utf8",
    env: { ...process.env, ...home },
  });
  return status === 0 ? undefined : `${stdout}${stderr}`.trim().split("\n").slice(-3).join(" | ");
}

for (const product of PRODUCTS) {
  const { program, version, language, read, samples } = product;
  test(`every suggestion for ${program} loads, mends its finding and brings no other`, {
    skip: programMissing(program, ...version) ?? false,
  }, async () => {
    for (const [text, suggesting] of samples) {
      assert.equal(refusal(product, text), undefined);
      const earlier = findingsIn(await read(text));
      const suggested = earlier.filter(({ edits }) => edits !== undefined);
      assert.deepEqual(suggested.map(({ rule }) => rule).toSorted(), suggesting.toSorted());
      for (const { rule, edits = [] } of suggested) {
        const { splices, unplaced } = placeEdits(text, edits, language);
        assert.deepEqual(unplaced, [], rule);
        const mended = applySplices(text, splices);
        assert.equal(refusal(product, mended), undefined, `${rule}\n${mended}`);
        const later = tally(findingsIn(await read(mended)));
        const before = tally(earlier);
        assert.ok((later.get(rule) ?? 0) < (before.get(rule) ?? 0), `${rule} stays\n${mended}`);
        const added = [...later].filter(([slug, count]) => count > (before.get(slug) ?? 0));
        assert.deepEqual(added, [], `${rule} brings others\n${mended}`);
      }
    }
  });
}
