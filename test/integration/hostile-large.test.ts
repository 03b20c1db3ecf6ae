import { closeSync, openSync, writeSync } from "node:fs";

import { behind, compose, env, express, nginx, row, settings, testCases } from "./hostile-cases.ts";
import { FAULTY, SOUND_ENV } from "./hostile-deployments.ts";

/** Too large, too deep, or without an end: bounded, and told in a sentence. */

const megabytes = (count: number, line: string) => (path: string) => {
  const chunk = line.repeat(Math.ceil(1_000_000 / line.length));
  const file = openSync(path, "w");
  for (let written = 0; written < count; written += 1) writeSync(file, chunk);
  closeSync(file);
};
const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join("");

testCases([
  row(
    "a .env of 100 MB",
    { ...FAULTY.settings, ".env": megabytes(100, "A=1\n") },
    "env.parse",
    "unknown",
    /\.env cannot be read: .*larger than the limit/,
  ),
  row(
    "a settings.py of 100 MB",
    { ...FAULTY.settings, "config/settings.py": megabytes(100, "DEBUG = False\n") },
    "env.debug",
    "unknown",
    /config\/settings\.py.*larger than the limit/,
  ),
  row(
    "an nginx.conf of 50 MB",
    { ...FAULTY.hub, "conf.d/app.conf": "", "nginx.conf": megabytes(50, "# x\n") },
    "hub.https-termination",
    "unknown",
    /nginx\.conf.*cannot be read.*too-large/,
  ),
  row(
    "a .env of 100,000 lines",
    env(times(100_000, (index) => `KEY_${index}=value\n`)),
    "env.parse",
    "unknown",
    /\.env cannot be read: .*larger than the limit/,
  ),
  row(
    "a .env of 20,000 secrets",
    env(`${SOUND_ENV}${times(20_000, (index) => `S${index}_SECRET=abc${index}xyz\n`)}`),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "a .env of one line of 900 kB",
    env(`${SOUND_ENV}X=${"a".repeat(900_000)}`),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "a .env that doubles 40 times",
    env(
      `${SOUND_ENV}A0=aaaa\n${times(40, (index) => `A${index + 1}=\${A${index}}\${A${index}}\n`)}`,
    ),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "a .env of 100,000 nested defaults",
    env(`${SOUND_ENV}X=${"${A:-".repeat(100_000)}\n`),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "10,000 brackets in settings",
    settings(`DEBUG = ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`),
    "env.debug",
    "unknown",
    /config\/settings\.py cannot be read: nested too deeply/,
  ),
  row(
    "10,000 open brackets in settings",
    settings(`DEBUG = ${"(".repeat(10_000)}\n`),
    "env.debug",
    "unknown",
    /config\/settings\.py cannot be read: nested too deeply/,
  ),
  row(
    "100,000 additions in settings",
    settings(`DEBUG = ${"1+".repeat(100_000)}1\n`),
    "env.debug",
    "unknown",
    /nested too deeply/,
  ),
  row(
    "a list doubled 60 times in settings",
    settings(
      `ALLOWED_HOSTS = []\n${"ALLOWED_HOSTS = [ALLOWED_HOSTS, ALLOWED_HOSTS]\n".repeat(60)}`,
    ),
    "hosts.allowed",
    "unknown",
    /a collection too large/,
  ),
  row(
    "settings that never end",
    settings("def f(x):\n    return f(x) + f(x)\nDEBUG = f(1)\n"),
    "env.debug",
    "unknown",
    /DEBUG at config\/settings\.py:3 cannot be resolved/,
  ),
  row(
    "settings that import themselves",
    {
      ...FAULTY.settings,
      "config/settings.py": "from .base import *\n",
      "config/base.py": "from .settings import *\nDEBUG = True\n",
    },
    "env.debug",
    "fail",
    /DEBUG is on \(config\/base\.py:2\)/,
  ),
  row(
    "settings in a chain of 300 files",
    {
      ...settings("from .m0 import *\n"),
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [
          `config/m${index}.py`,
          `from .m${index + 1} import *\n`,
        ]),
      ),
    },
    "env.debug",
    "unknown",
    /what \.m\d+ sets is not known/,
  ),
  row(
    "an nginx.conf that includes itself",
    nginx("events {}\nhttp { include @ROOT@/nginx.conf; }\n"),
    "hub.https-termination",
    "unknown",
    /nginx\.conf includes itself/,
  ),
  row(
    "nginx blocks 10,000 deep",
    nginx(`events {}\nhttp { ${"location / {".repeat(10_000)}${"}".repeat(10_000)} }\n`),
    "hub.https-termination",
    "unknown",
    /nginx\.conf/,
  ),
  row(
    "nginx patterns that explode",
    nginx(
      `events {}\nhttp { server { listen 80; server_name ~^(a+)+$ ~^((((a*)*)*)*)*x; location ~ ^/(.*)*(.*)*(.*)*x$ { return 200; } location / { proxy_pass http://127.0.0.1:8000; } } }\n`,
    ),
    "hub.https-termination",
    "warn",
    /without TLS/,
  ),
  row(
    "a Caddyfile that imports itself",
    behind("Caddyfile", "import Caddyfile\n"),
    "hub.https-termination",
    "unknown",
    /Caddyfile.*/,
  ),
  row(
    "Caddy snippets that import each other",
    behind(
      "Caddyfile",
      "(a) {\n import b\n}\n(b) {\n import a\n}\nmonitor.example.test {\n import a\n reverse_proxy 127.0.0.1:8000\n}\n",
    ),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "Caddy blocks 10,000 deep",
    behind(
      "Caddyfile",
      `monitor.example.test {\n${"handle {\n".repeat(10_000)}${"}\n".repeat(10_000)}}\n`,
    ),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "an apache2.conf that includes itself, in sections 10,000 deep",
    behind("apache2.conf", `Include @ROOT@/apache2.conf\n${"<IfModule x>\n".repeat(10_000)}`),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "a YAML alias bomb",
    compose(
      `a: &a [x,x,x,x,x,x,x,x,x]\n${times(
        20,
        (index) =>
          `b${index}: &b${index} [${Array(9)
            .fill(index === 0 ? "*a" : `*b${index - 1}`)
            .join(",")}]\n`,
      )}services:\n  web:\n    environment: *b19\n`,
    ),
    "env.debug",
    "unknown",
    /docker-compose\.yml.*expands to too many nodes/,
  ),
  row(
    "a YAML alias to itself",
    compose("services: &s\n  web: *s\n"),
    "env.debug",
    "unknown",
    /docker-compose\.yml.*nests too deeply/,
  ),
  row(
    "YAML 10,000 deep",
    compose(`services: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`),
    "env.debug",
    "unknown",
    /docker-compose\.yml.*not valid YAML/,
  ),
  row(
    "compose services that extend each other",
    compose(
      "services:\n  web:\n    extends:\n      service: db\n    environment:\n      DJANGO_DEBUG: '1'\n  db:\n    extends: web\n",
    ),
    "env.debug",
    "fail",
    /DJANGO_DEBUG/,
  ),
  row(
    "a package.json 100,000 deep",
    express({
      "package.json": `{"dependencies":${'{"express":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
    }),
    "env.debug",
    "pass",
    /Express/,
  ),
  row(
    "a server.js 20,000 deep",
    express({ "server.js": `require("express");${"(".repeat(20_000)}1${")".repeat(20_000)}` }),
    "env.stage",
    "pass",
    /production/,
  ),
  row(
    "requirements that include each other",
    { ...FAULTY.settings, "requirements.txt": "-r b.txt\n", "b.txt": "-r requirements.txt\n" },
    "env.debug",
    "fail",
    /DEBUG is on/,
  ),
]);
