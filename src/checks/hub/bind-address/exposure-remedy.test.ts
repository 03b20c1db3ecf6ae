import assert from "node:assert/strict";
import { test } from "node:test";

import {
  boundTo,
  HUB,
  listening,
  pathFacts,
  publishedPort,
  runBy,
  UNIT,
  WEB,
} from "../../route/example-facts.ts";
import { hubBindAddressHost } from "./bind-address-host.check.ts";

const FIXES: readonly (readonly [
  name: string,
  given: Parameters<typeof pathFacts>[0],
  fix: string,
])[] = [
  [
    "the long form of a port",
    {
      services: runBy({
        services: [WEB],
        published: [publishedPort("", { text: "target: 8000, published: 8000" })],
      }),
    },
    "In docker-compose.yml line 7 add to that port: host_ip: 127.0.0.1, then run: docker compose up -d web",
  ],
  [
    "a container port alone",
    {
      services: runBy({
        services: [WEB],
        published: [publishedPort("", { text: "8000", hostPort: "" })],
      }),
    },
    'In docker-compose.yml line 7 write "127.0.0.1:8000:8000", then run: docker compose up -d web',
  ],
  [
    "gunicorn's own configuration",
    {
      services: runBy({
        services: [UNIT],
        binds: [
          boundTo("0.0.0.0", 8000, {
            text: 'bind = "0.0.0.0:8000"',
            file: "gunicorn.conf.py",
            line: 1,
          }),
        ],
      }),
    },
    'In gunicorn.conf.py line 1 use bind = "127.0.0.1:8000", then run: systemctl restart monitor',
  ],
  [
    "the port the proxy needs",
    { services: runBy({ services: [UNIT], binds: [boundTo("0.0.0.0", 443)] }) },
    "In /etc/systemd/system/monitor.service line 7 use --bind 127.0.0.1:8000 (or --bind unix:/run/app/app.sock), then run: systemctl restart monitor",
  ],
  [
    "a process nobody supervises",
    {
      listeners: [listening("0.0.0.0")],
      services: runBy({
        services: [
          {
            kind: "process",
            name: "gunicorn",
            command: "gunicorn config.wsgi",
            isApplication: true,
            isInContainer: false,
            pids: [10],
            restart: "kill 10  # then start it again: gunicorn config.wsgi",
            sourcedFiles: [],
          },
        ],
      }),
    },
    "Run: kill 10; then start it again with --bind 127.0.0.1:8000 (or --bind unix:/run/app/app.sock), in place of its address in: gunicorn config.wsgi",
  ],
  [
    "docker's forwarder",
    { listeners: [listening("0.0.0.0", 8000, "docker-proxy", 44)] },
    'Publish the container\'s port on loopback: "127.0.0.1:8000:PORT" under ports: in the compose file, or docker run -p 127.0.0.1:8000:PORT; then create the container anew',
  ],
];

for (const [name, given, fix] of FIXES)
  test(`hub.bind-address/host: the fix for ${name}`, () => {
    const outcome = hubBindAddressHost.evaluate({ mode: HUB }, pathFacts(given));
    assert.equal("findings" in outcome && outcome.findings[0].fix, fix);
  });
