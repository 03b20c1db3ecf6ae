import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../test/deploy-outcome.ts";
import { composePublishedPortsConfig } from "./published-ports-config.check.ts";

type Case = readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  status: string,
  findings: readonly string[],
];

const service = (name: string, image: string, ...ports: readonly string[]): string =>
  `  ${name}:\n    image: ${image}\n    ports:\n${ports.map((port) => `      - ${port}\n`).join("")}`;
const project = (...services: readonly string[]): Readonly<Record<string, string>> => ({
  "compose.yaml": `services:\n${services.join("")}`,
});

const CASES: readonly Case[] = [
  ["no compose file", { "README.md": "" }, "skip", []],
  ["a proxy on 80 and 443", project(service("web", "nginx:1.27", "80:80", "443:443")), "pass", []],
  ["loopback", project(service("db", "postgres:17", "127.0.0.1:5432:5432")), "pass", []],
  ["a private address", project(service("db", "postgres:17", "10.0.0.4:5432:5432")), "pass", []],
  [
    "a database on every address",
    project(service("db", "postgres:17", '"5432:5432"')),
    "fail",
    ["data-published db 5432 compose.yaml:5 fail"],
  ],
  [
    "a database on another port of the host",
    project(service("pg", "bitnami/postgresql:17", "15432:5432")),
    "fail",
    ["data-published pg 5432 compose.yaml:5 fail"],
  ],
  [
    "a database by its port, the image unknown",
    project(service("db", "registry.local/own:3", "5432:5432")),
    "fail",
    ["data-published db 5432 compose.yaml:5 fail"],
  ],
  [
    "the long syntax",
    {
      "compose.yaml":
        "services:\n  cache:\n    image: redis:7\n    ports:\n      - target: 6379\n        published: 6379\n",
    },
    "fail",
    ["data-published cache 6379 compose.yaml:5 fail"],
  ],
  [
    "a debugger beside the application",
    project(service("web", "me/app:1", '"5001:5000"', '"5678:5678"')),
    "fail",
    [
      "debugger-published web 5678 compose.yaml:6 fail",
      "application-published web 5000 compose.yaml:5 warn",
    ],
  ],
  [
    "n8n has the debugger's port",
    project(service("n", "n8nio/n8n:1", "5678:5678")),
    "warn",
    ["application-published n 5678 compose.yaml:5 warn"],
  ],
  [
    "an admin surface",
    project(service("adminer", "adminer:5", "8080:8080")),
    "fail",
    ["admin-published adminer 8080 compose.yaml:5 fail"],
  ],
  [
    "the application without a proxy",
    project(service("web", "me/app:1", "8000:8000")),
    "warn",
    ["application-published web 8000 compose.yaml:5 warn"],
  ],
  [
    "the application past the proxy",
    project(service("web", "me/app:1", "8000:8000"), service("proxy", "caddy:2", "80:80")),
    "warn",
    ["bypasses-proxy web 8000 compose.yaml:5 warn"],
  ],
  [
    "TLS of its own, redirected from 80",
    project(service("web", "me/app:1", "80:80", "443:443")),
    "pass",
    [],
  ],
  [
    "mail and UDP are meant for everybody",
    project(service("mail", "me/mail:1", "25:25", "5000:5000/udp")),
    "pass",
    [
      "protocol-published mail 25 compose.yaml:5 note",
      "protocol-published mail 5000 compose.yaml:6 note",
    ],
  ],
  [
    "a cache over UDP",
    project(service("mc", "memcached:1.6", "11211:11211/udp")),
    "fail",
    ["data-published mc 11211 compose.yaml:5 fail"],
  ],
  [
    "unquoted 80:80 and a range",
    project(service("web", "me/app:1", "80:80", "3000-3003:3000-3003")),
    "warn",
    [
      "application-published web 80 compose.yaml:5 warn",
      "application-published web 3000-3003 compose.yaml:6 warn",
    ],
  ],
  [
    "a variable's default",
    project(service("web", "me/app:1", `"\${BIND:-127.0.0.1}:8000:8000"`)),
    "pass",
    [],
  ],
  [
    "a variable from .env beside the file",
    {
      ...project(service("db", "postgres:17", `"\${BIND:-127.0.0.1}:5432:5432"`)),
      ".env": "BIND=0.0.0.0\n",
    },
    "fail",
    ["data-published db 5432 compose.yaml:5 fail"],
  ],
  [
    "an address nobody sets",
    project(service("db", "postgres:17", `"\${BIND}:5432:5432"`)),
    "warn",
    ["data-published db 5432 compose.yaml:5 warn"],
  ],
  [
    "an override file that is merged by itself",
    {
      "compose.yaml": "services:\n  db:\n    image: postgres:17\n",
      "compose.override.yaml": 'services:\n  db:\n    ports: ["5432:5432"]\n',
    },
    "fail",
    ["data-published db 5432 compose.override.yaml:3 fail"],
  ],
  [
    "an override file beside a production file",
    {
      "compose.yml": "services:\n  db:\n    image: postgres:17\n",
      "compose.override.yml": 'services:\n  db:\n    ports: ["5432:5432"]\n',
      "compose.deploy.yml": "services:\n  db:\n    restart: always\n",
    },
    "warn",
    ["data-published db 5432 compose.override.yml:3 warn"],
  ],
  [
    "what a production file adds",
    {
      "compose.yml": "services:\n  db:\n    image: postgres:17\n",
      "compose.prod.yml": 'services:\n  db:\n    ports: ["5432:5432"]\n',
    },
    "fail",
    ["data-published db 5432 compose.prod.yml:3 fail"],
  ],
  [
    "a file that says it is for development",
    {
      "compose.yaml": `# This file is for the **development** setup.\n${project(service("db", "postgres:17", "5432:5432"))["compose.yaml"]}`,
    },
    "skip",
    [],
  ],
  [
    "production is named beside development",
    {
      "compose.yaml": `# Compose file for production and development\n${project(service("db", "postgres:17", "5432:5432"))["compose.yaml"]}`,
    },
    "fail",
    ["data-published db 5432 compose.yaml:6 fail"],
  ],
  [
    "a development file alone",
    { "docker-compose-dev.yml": "services: {db: {image: postgres, ports: ['5432:5432']}}" },
    "skip",
    [],
  ],
  [
    "an example alone",
    { "compose.override.yaml.example": "services: {db: {ports: ['5432:5432']}}" },
    "skip",
    [],
  ],
  [
    "a service of a profile",
    {
      "compose.yaml":
        "services:\n  db:\n    image: postgres:17\n    profiles: [tools]\n    ports: ['5432:5432']\n",
    },
    "warn",
    ["data-published db 5432 compose.yaml:5 warn"],
  ],
  [
    "a comment",
    { "compose.yaml": 'services:\n  db:\n    image: postgres:17\n    # ports: ["5432:5432"]\n' },
    "pass",
    [],
  ],
  [
    "the dashboard of Traefik without login",
    {
      "compose.yaml":
        "services:\n  proxy:\n    image: traefik:3\n    command: [--api.insecure=true]\n    ports: ['80:80', '8090:8080']\n",
    },
    "fail",
    ["admin-published proxy 8080 compose.yaml:5 fail"],
  ],
  [
    "Traefik's second entry point",
    {
      "compose.yaml":
        "services:\n  proxy:\n    image: traefik:3\n    ports: ['80:80', '8090:8080']\n",
    },
    "pass",
    [],
  ],
  [
    "a proxy that is built",
    {
      "compose.yaml": "services: {edge: {build: ., ports: ['8000:80']}}",
      Dockerfile: "FROM nginx:1.27\n",
    },
    "pass",
    [],
  ],
  [
    "an anchor merged into a service",
    {
      "compose.yaml":
        "x-db: &db\n  image: postgres:17\n  ports:\n    - 5432:5432\nservices:\n  db:\n    <<: *db\n",
    },
    "fail",
    ["data-published db 5432 compose.yaml:4 fail"],
  ],
  [
    "a file that is included",
    {
      "compose.yaml": "include: [infra/db.yml]\nservices: {web: {build: .}}\n",
      "infra/db.yml": "services:\n  db:\n    image: mongo:7\n    ports: ['27017:27017']\n",
    },
    "fail",
    ["data-published db 27017 infra/db.yml:4 fail"],
  ],
  [
    "a service of another file",
    {
      "compose.yaml": "services:\n  db:\n    extends: {file: common.yml, service: base}\n",
      "common.yml": "services:\n  base:\n    image: mongo:7\n    ports: ['27017:27017']\n",
    },
    "fail",
    ["data-published db 27017 common.yml:4 fail"],
  ],
  [
    "an included file that is not there",
    { "compose.yaml": "include: [db.yml]\nservices: {web: {build: .}}\n" },
    "unknown",
    [],
  ],
  [
    "a project below the root without the application",
    { "extras/compose.yml": "services:\n  db:\n    image: mongo:7\n    ports: ['27017:27017']\n" },
    "warn",
    ["data-published db 27017 extras/compose.yml:4 warn"],
  ],
  [
    "a unit in the tree beside it",
    {
      "deploy/docker/compose.yml":
        "services:\n  web: {build: .}\n  db:\n    image: mongo:7\n    ports: ['27017:27017']\n",
      "deploy/app.service": "[Service]\nExecStart=/srv/app/venv/bin/gunicorn app:app\n",
    },
    "warn",
    ["data-published db 27017 deploy/docker/compose.yml:5 warn"],
  ],
  ["YAML that does not parse", { "compose.yaml": "services:\n\tdb: {}\n" }, "unknown", []],
];

for (const [name, files, status, findings] of CASES) {
  test(`compose.published-ports: ${name} is ${status}`, async () => {
    const told = await outcomeOf(composePublishedPortsConfig, files);
    assert.deepEqual([told.status, told.findings], [status, findings]);
  });
}
