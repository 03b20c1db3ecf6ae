import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { Listener } from "../../../facts/listeners.fact.ts";
import type { ProcessEntry } from "../../../facts/processes.fact.ts";
import type { Bind, PublishedPort, Service, Services } from "../../../facts/services.fact.ts";
import { hubBindAddressHost } from "./bind-address-host.check.ts";

const mode: DeploymentMode = {
  roles: ["hub"],
  label: "hub",
  decidedBy: "CLUSTER_ENABLED=1 (.env:5)",
  generation1: [],
  generation2: [],
  isOpen: false,
};
const notRecorded = unknown("not-recorded", "no listeners.json");
const unit: Service = {
  kind: "unit",
  name: "monitor.service",
  command: "/srv/app/venv/bin/gunicorn config.wsgi",
  isApplication: true,
  isInContainer: false,
  pids: [],
  file: "/etc/systemd/system/monitor.service",
  line: 7,
  restart: "systemctl restart monitor",
  sourcedFiles: [],
};
const web: Service = {
  ...unit,
  kind: "compose",
  name: "web",
  isInContainer: true,
  file: "docker-compose.yml",
  line: 2,
  restart: "docker compose up -d web",
};

function tcp(address: string, port: number, command?: string, pid?: number): Listener {
  return { proto: "tcp", address, port, ...(command && { command }), ...(pid && { pid }) };
}
function bind(address: string, port: number, rest: Partial<Bind> = {}): Bind {
  const text = `--bind ${address}:${port}`;
  const at = { service: "monitor.service", isUnixSocket: false, isInContainer: false };
  return {
    ...at,
    address,
    port,
    text,
    file: "/etc/systemd/system/monitor.service",
    line: 7,
    ...rest,
  };
}
function port(address: string, rest: Partial<PublishedPort> = {}): PublishedPort {
  const text = address === "" ? "8000:8000" : `${address}:8000:8000`;
  const ports = { hostPort: "8000", containerPort: "8000", protocol: "tcp" };
  const at = { file: "docker-compose.yml", line: 7, service: "web", isApplication: true };
  return { ...at, ...ports, address, text, ...rest };
}
function runs(part: Partial<Services>): Reading<Services> {
  return known({ services: [], published: [], binds: [], ...part });
}

interface Given {
  readonly listeners?: Reading<readonly Listener[]>;
  readonly processes?: Reading<readonly ProcessEntry[]>;
  readonly services?: Reading<Services>;
  readonly mode?: Partial<DeploymentMode>;
}
function evaluate(given: Given) {
  return hubBindAddressHost.evaluate({ mode: { ...mode, ...given.mode } }, readingsOf(given));
}
function readingsOf(given: Given) {
  return {
    listeners: given.listeners ?? notRecorded,
    processes: given.processes ?? notRecorded,
    services: given.services ?? runs({}),
  };
}
function answer(given: Given): string {
  const outcome = evaluate(given);
  return "findings" in outcome
    ? outcome.findings.map(({ rule, status }) => `${status} ${rule}`).join(", ")
    : outcome.status;
}
function listening(...all: readonly Listener[]): Given {
  return { listeners: known(all) };
}

const nginx = tcp("0.0.0.0", 443, "nginx", 20);
const EVERY = "warn listens-on-every-address";

const seen: readonly [name: string, given: Given, answer: string][] = [
  ["loopback behind nginx", listening(tcp("127.0.0.1", 8000, "gunicorn", 10), nginx), "pass"],
  ["IPv6 loopback", listening(tcp("::1", 8000, "uvicorn")), "pass"],
  ["localhost as text", listening(tcp("localhost", 8000, "gunicorn")), "pass"],
  [
    "a unix socket",
    listening({ proto: "unix", address: "/run/app.sock", port: 0, command: "gunicorn" }),
    "pass",
  ],
  ["RFC 1918", listening(tcp("10.0.0.5", 8000, "gunicorn")), "pass"],
  ["RFC 6598", listening(tcp("100.64.1.1", 8000, "daphne")), "pass"],
  ["unique local", listening(tcp("fd12::1", 8000, "hypercorn")), "pass"],
  ["link-local", listening(tcp("fe80::1%eth0", 8000, "gunicorn")), "pass"],
  ["any IPv4", listening(tcp("0.0.0.0", 8000, "gunicorn")), EVERY],
  ["any, family not told", listening(tcp("*", 8000, "gunicorn")), EVERY],
  ["any IPv6", listening(tcp("::", 8000, "gunicorn")), EVERY],
  ["mapped any IPv4", listening(tcp("::ffff:0.0.0.0", 8000, "node")), EVERY],
  [
    "a global address",
    listening(tcp("203.0.113.9", 8000, "gunicorn")),
    "warn listens-on-public-address",
  ],
  ["the application itself on 443", listening(tcp("0.0.0.0", 443, "python3.12", 9)), EVERY],
  [
    "one of two listeners",
    listening(tcp("127.0.0.1", 8000, "gunicorn"), tcp("::", 8000, "gunicorn")),
    EVERY,
  ],
  [
    "full path and arguments",
    listening(tcp("0.0.0.0", 9000, "/srv/venv/bin/gunicorn -w 4")),
    EVERY,
  ],
  ["an unknown owner of a usual port", listening(tcp("0.0.0.0", 8000), nginx), EVERY],
  ["docker's own forwarder", listening(tcp("0.0.0.0", 3000, "docker-proxy")), EVERY],
  ["port 18000 is none of the usual", listening(tcp("0.0.0.0", 18000, "other")), "unknown"],
  ["a proxy on a usual port", listening(tcp("0.0.0.0", 8080, "nginx", 20)), "unknown"],
  ["only proxies: is it down", listening(nginx, tcp("::", 80, "caddy")), "unknown"],
  ["an exporter beside it", listening(tcp("*", 9113, "nginx-exporter"), nginx), "unknown"],
  [
    "UDP of the same program",
    listening({ ...tcp("0.0.0.0", 5353, "node"), proto: "udp" }),
    "unknown",
  ],
  ["nothing listens", listening(), "unknown"],
  [
    "named by the process list only",
    {
      ...listening(tcp("0.0.0.0", 9000, undefined, 10)),
      processes: known([{ pid: 10, name: "gunicorn", command: "gunicorn: master", user: "svc" }]),
    },
    EVERY,
  ],
  [
    "the service's pid, whatever its name",
    {
      ...listening(tcp("*", 9000, "my-server", 10)),
      services: runs({ services: [{ ...unit, pids: [10] }] }),
    },
    EVERY,
  ],
  [
    "a python that is known to be another service",
    {
      ...listening(tcp("0.0.0.0", 8888, "python3", 77), tcp("127.0.0.1", 8000, "gunicorn", 10)),
      services: runs({ services: [{ ...unit, name: "flower", isApplication: false, pids: [77] }] }),
    },
    "pass",
  ],
  [
    "inside a container: not decided there",
    {
      ...listening(tcp("0.0.0.0", 8000, "gunicorn", 10)),
      services: runs({ services: [{ ...web, kind: "process", pids: [10] }] }),
    },
    "unknown",
  ],
  [
    "inside a container: the published port decides",
    {
      ...listening(tcp("0.0.0.0", 8000, "gunicorn", 10)),
      services: runs({
        services: [{ ...web, pids: [10] }],
        published: [port("127.0.0.1")],
      }),
    },
    "pass",
  ],
];

const told: readonly [name: string, services: Partial<Services>, answer: string][] = [
  ["nothing", {}, "unknown"],
  ["loopback", { binds: [bind("127.0.0.1", 8000)] }, "pass"],
  ["a socket", { binds: [bind("/run/app.sock", 0, { isUnixSocket: true })] }, "pass"],
  ["--bind :8000", { binds: [bind("", 8000)] }, "warn bound-on-every-address"],
  ["--bind 0.0.0.0:8000", { binds: [bind("0.0.0.0", 8000)] }, "warn bound-on-every-address"],
  ["--bind [::]:8000", { binds: [bind("[::]", 8000)] }, "warn bound-on-every-address"],
  ["a name", { binds: [bind("app.internal", 8000)] }, "unknown"],
  [
    "any address in a container without published port",
    { services: [web], binds: [bind("0.0.0.0", 8000, { service: "web", isInContainer: true })] },
    "pass",
  ],
  ["published", { services: [web], published: [port("")] }, "warn published-on-every-address"],
  [
    "published on 0.0.0.0",
    { services: [web], published: [port("0.0.0.0")] },
    "warn published-on-every-address",
  ],
  [
    "published on [::]",
    { services: [web], published: [port("[::]")] },
    "warn published-on-every-address",
  ],
  ["published on loopback", { services: [web], published: [port("127.0.0.1")] }, "pass"],
  ["published on a private address", { services: [web], published: [port("10.0.0.5")] }, "pass"],
  [
    "a proxy's published port",
    { services: [web], published: [port("", { service: "nginx", isApplication: false })] },
    "pass",
  ],
  [
    "a worker's bind",
    {
      services: [{ ...unit, name: "flower", isApplication: false }],
      binds: [bind("", 5555, { service: "flower" })],
    },
    "unknown",
  ],
];

for (const [name, given, expected] of seen) {
  test(`hub.bind-address/host: listening, ${name} is ${expected}`, () => {
    assert.equal(answer(given), expected);
  });
}
for (const [name, services, expected] of told) {
  test(`hub.bind-address/host: configured, ${name} is ${expected}`, () => {
    assert.equal(answer({ services: runs(services) }), expected);
  });
}

test("hub.bind-address/host: another role skips, open roles are unknown", () => {
  const given = listening(tcp("0.0.0.0", 8000, "gunicorn"));
  assert.equal(evaluate({ ...given, mode: { roles: ["agent"], label: "agent" } }).status, "skip");
  assert.equal(evaluate({ ...given, mode: { roles: [], isOpen: true } }).status, "unknown");
});

test("hub.bind-address/host: a proxy's forwarder on a usual port is not the application", () => {
  const services = runs({
    services: [web],
    published: [port("", { service: "nginx", isApplication: false, hostPort: "8080" })],
  });
  assert.equal(answer({ ...listening(tcp("0.0.0.0", 8080, "docker-proxy")), services }), "pass");
});

test("hub.bind-address/host: the finding names the socket, the fix the unit and the restart", () => {
  const services = runs({ services: [{ ...unit, pids: [10] }] });
  const outcome = evaluate({ ...listening(tcp("*", 8000, "gunicorn", 10)), services });
  assert.deepEqual(outcome, {
    status: "warn",
    summary: "The application listens on every address: *:8000",
    findings: [
      {
        rule: "listens-on-every-address",
        status: "warn",
        message: "The application listens on every address: *:8000",
        fix: "In /etc/systemd/system/monitor.service line 7 use --bind 127.0.0.1:8000 (or --bind unix:/run/app/app.sock), then run: systemctl restart monitor",
        evidence: [{ excerpt: "tcp *:8000, pid 10, gunicorn" }],
      },
    ],
  });
});

test("hub.bind-address/host: a published port is quoted and mended where it stands", () => {
  const outcome = evaluate({ services: runs({ services: [web], published: [port("")] }) });
  assert.deepEqual("findings" in outcome && outcome.findings[0], {
    rule: "published-on-every-address",
    status: "warn",
    message:
      "Compose publishes the application on every address: *:8000; Docker's rules bypass ufw",
    fix: 'In docker-compose.yml line 7 write "127.0.0.1:8000:8000", then run: docker compose up -d web',
    evidence: [{ file: "docker-compose.yml", line: 7, excerpt: "ports: 8000:8000" }],
  });
});

test("hub.bind-address/host: a pass on configuration alone says so, a private address is noted", () => {
  const onlyTold = evaluate({ services: runs({ binds: [bind("127.0.0.1", 8000)] }) });
  assert.equal(
    onlyTold.status === "pass" && onlyTold.summary,
    "The application listens on 127.0.0.1:8000 by its configuration; its sockets were not seen",
  );
  const isPrivate = evaluate(listening(tcp("10.0.0.5", 8000, "gunicorn")));
  assert.equal(
    isPrivate.status === "pass" && isPrivate.summary,
    "The application listens on 10.0.0.5:8000; 10.0.0.5:8000 can be reached from the private network or the link",
  );
});

test("hub.bind-address/host: the trace compares what is told with what is seen", () => {
  const services = runs({ binds: [bind("", 8000)] });
  const same = readingsOf({ ...listening(tcp("0.0.0.0", 8000, "gunicorn", 10)), services });
  assert.deepEqual(hubBindAddressHost.states?.({ mode }, same), [
    {
      layer: "config",
      says: "sets",
      value: "*:8000",
      where: "/etc/systemd/system/monitor.service:7",
    },
    { layer: "host", says: "sets", value: "*:8000", where: "tcp 0.0.0.0:8000, pid 10, gunicorn" },
  ]);
  assert.deepEqual(
    hubBindAddressHost.states?.({ mode }, { ...same, services: absent("none") })?.length,
    1,
  );
});
