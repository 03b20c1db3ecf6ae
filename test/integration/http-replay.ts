import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";

import { createAuthority } from "./host-certificates.ts";
import type { Route, Scenario } from "./http-scenario.ts";

export interface Certificates {
  readonly caFile: string;
  contextOf(kind: string): SecureContext;
}

const ZONES = ["com", "org", "net"].flatMap((zone) => [
  `DNS:example.${zone}`,
  `DNS:*.example.${zone}`,
  `DNS:*.www.example.${zone}`,
  `DNS:*.preloaded.example.${zone}`,
  `DNS:*.nosub.example.${zone}`,
  `DNS:*.pinonly.example.${zone}`,
]);
const NAMES = [
  ...ZONES,
  "DNS:example.co.uk",
  "DNS:*.example.co.uk",
  "DNS:*.example-cdn.com",
].join();
const LONG = { notBefore: "20200101000000Z", notAfter: "20450101000000Z" } as const;

/** One certificate of each kind a scenario may name, made by openssl(1) in `directory`. */
export function makeCertificates(directory: string): Certificates {
  const { caFile, selfSigned, issue, issueFrom } = createAuthority(directory);
  selfSigned("stranger", ["-addext", "basicConstraints=critical,CA:TRUE"]);
  const names = { names: NAMES };
  const kinds = new Map([
    ["valid", issue("valid", { ...names, ...LONG })],
    ["expired", issue("expired", { ...names, ...LONG, notAfter: "20210101000000Z" })],
    ["not-yet", issue("not-yet", { ...names, ...LONG, notBefore: "20440101000000Z" })],
    ["wrong-host", issue("wrong-host", { names: "DNS:other.example", ...LONG })],
    ["untrusted", issueFrom("stranger", "untrusted", { ...names, ...LONG })],
    ["self-signed", selfSigned("self-signed", ["-addext", `subjectAltName=${NAMES}`])],
  ]);
  const contexts = new Map(
    [...kinds].map(([kind, { cert, key }]) => [kind, createSecureContext({ cert, key })]),
  );
  return {
    caFile,
    contextOf(kind) {
      const context = contexts.get(kind);
      if (context === undefined) throw new Error(`no certificate of kind ${kind}`);
      return context;
    },
  };
}

export interface Replay {
  readonly httpPort: number;
  readonly httpsPort: number;
  close(): Promise<void>;
}

/** Reserved and without a listener here (RFC 6335): a connection is refused at once. */
const CLOSED_PORT = 2;

/** Serves a scenario on loopback, on ports of the system's choice. */
export async function startReplay(scenario: Scenario, certificates: Certificates): Promise<Replay> {
  const ports = { http: CLOSED_PORT, https: CLOSED_PORT };
  const servers: Server[] = [];
  const answerBy = (scheme: "http" | "https") => {
    return (request: IncomingMessage, response: ServerResponse) =>
      answer({ scenario, scheme, ports }, request, response);
  };
  if (scenario.http !== false) {
    const server = createServer(answerBy("http"));
    ports.http = await listen(server);
    servers.push(server);
  }
  if (scenario.https !== false) {
    const kindOf = (name: string) => scenario.certs?.[name] ?? scenario.certs?.["*"] ?? "valid";
    const server = createTlsServer(
      {
        SNICallback: (name, done) => done(null, certificates.contextOf(kindOf(name.toLowerCase()))),
      },
      answerBy("https"),
    );
    server.on("tlsClientError", () => undefined);
    ports.https = await listen(server);
    servers.push(server);
  }
  return {
    httpPort: ports.http,
    httpsPort: ports.https,
    async close() {
      await Promise.all(servers.map(close));
    },
  };
}

function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  // A TCP listener's address is no pipe name.
  server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}

interface Place {
  readonly scenario: Scenario;
  readonly scheme: "http" | "https";
  readonly ports: { readonly http: number; readonly https: number };
}

interface Asked {
  readonly scheme: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

function answer(place: Place, request: IncomingMessage, response: ServerResponse): void {
  const { scenario, scheme } = place;
  const { method = "GET", url = "/", headers } = request;
  const host = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  const path = new URL(url, "http://lab.invalid").pathname;
  const route = bestRoute(scenario.routes, { scheme, host, method, path });
  request.resume();
  if (route?.drop) {
    request.socket.destroy();
  } else if (route?.raw !== undefined) {
    request.socket.end(route.raw, "latin1");
  } else {
    send(place, { route, method, origin: headers.origin }, response);
  }
}

function send(
  { scenario, ports }: Place,
  {
    route,
    method,
    origin,
  }: {
    readonly route: Route | undefined;
    readonly method: string;
    readonly origin: string | undefined;
  },
  response: ServerResponse,
): void {
  const isRead = method === "GET" || method === "HEAD";
  const status = route === undefined ? (isRead ? 404 : 405) : (route.status ?? 200);
  const own = [scenario.site, ...(scenario.extraHosts ?? [])];
  const hosts = [...own, ...scenario.routes.flatMap(({ host }) => host ?? [])].map((host) =>
    host.toLowerCase(),
  );
  const fields = (route?.headers ?? [["Content-Type", "text/plain"]]).flatMap(([name, value]) => {
    if (value.includes("{{origin}}") && origin === undefined) return [];
    const filled = value.replaceAll("{{origin}}", origin ?? "");
    return [name, name.toLowerCase() === "location" ? withPort(filled, hosts, ports) : filled];
  });
  const text = route === undefined ? "no such page\n" : (route.body ?? "");
  const body = Buffer.from(text, "utf8");
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  response.sendDate = false;
  response.writeHead(status, [
    ...fields,
    "Content-Length",
    String(isEmpty ? 0 : body.length),
    "Connection",
    "close",
  ]);
  response.end(isEmpty ? undefined : body);
}

/** An address of the scenario's own hosts without a port gets the port that listens here. */
function withPort(
  location: string,
  hosts: readonly string[],
  ports: Readonly<Record<string, number>>,
): string {
  const [start, scheme = "", host = ""] =
    /^(https?):\/\/([^/:?#]+)(?=[/?#]|$)/i.exec(location) ?? [];
  if (start === undefined || !hosts.includes(host.toLowerCase())) return location;
  return `${scheme}://${host}:${ports[scheme.toLowerCase()]}${location.slice(start.length)}`;
}

function bestRoute(routes: readonly Route[], asked: Asked): Route | undefined {
  let best: Route | undefined;
  let most = -1;
  for (const route of routes) {
    const points = pointsOf(route, asked);
    if (points > most) [best, most] = [route, points];
  }
  return best;
}

/** How well a route fits; negative where it does not. */
function pointsOf({ scheme, host, path = "/", method = "GET" }: Route, asked: Asked): number {
  if ((scheme ?? asked.scheme) !== asked.scheme || (host ?? asked.host) !== asked.host) return -1;
  const isPrefix = path.endsWith("*");
  const isThere = isPrefix ? asked.path.startsWith(path.slice(0, -1)) : asked.path === path;
  const byMethod = methodPoints(method, asked.method);
  if (!isThere || byMethod < 0) return -1;
  const given = (value: unknown, points: number) => (value === undefined ? 0 : points);
  return byMethod + (isPrefix ? 0 : 16) + given(host, 8) + given(scheme, 2);
}

function methodPoints(method: string, asked: string): number {
  if (method === asked) return 4;
  if (method === "GET" && asked === "HEAD") return 3;
  return method === "*" ? 0 : -1;
}
