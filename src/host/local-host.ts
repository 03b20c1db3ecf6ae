import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import type { Access } from "../core/fact.ts";
import type {
  ByteStream,
  ConnectOptions,
  DialOptions,
  Host,
  HttpProxy,
  HttpRequest,
  StreamOptions,
} from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { readAccounts } from "./accounts.ts";
import { applyConnectTo, type ConnectToRule, withoutBrackets } from "./connect-to.ts";
import { startDeadline } from "./deadline.ts";
import { type Dialled, dial, resolveAddresses } from "./dial.ts";
import { readAcl } from "./local-acl.ts";
import { createLocalFiles } from "./local-files.ts";
import type { exchange } from "./local-request.ts";
import type { CallerEnvironment } from "./local-run.ts";
import { openByteStream } from "./local-stream.ts";
import { createSemaphore, type Semaphore } from "./semaphore.ts";
import type { TrustStore } from "./trust-store.ts";
import { openTunnel } from "./tunnel.ts";

/** A name is looked up for this long. */
const RESOLVE_MS = 10_000;
const NEVER = new AbortController().signal;

/** Network operations under way at once. */
export const SOCKETS_MAX = 32;

export interface LocalHostOptions {
  /** PEM file of authorities trusted on top of the trust store (`--cacert`). */
  readonly caFile?: string;
  /** `--connect-to` rules; the first that matches decides. */
  readonly connectTo?: readonly ConnectToRule[];
  /** What may be done; everything, unless told. Anything else throws `not-granted`. */
  readonly granted?: ReadonlySet<Access>;
  readonly socketsMax?: number;
  /** The caller's environment: `HOME`, and the proxies for tools that fetch advisories. */
  readonly environment?: CallerEnvironment;
}

/** This machine. */
export function createLocalHost(options: LocalHostOptions = {}): Host {
  const accounts = once(readAccounts);
  const files = createLocalFiles(accounts);
  const caller = options.environment ?? {};
  // What a scan of a server never does is loaded when it is done: node:tls, node:http and node:child_process take 10 ms.
  const run: Host["run"] = async (program, args, runOptions) => {
    const { runProgram } = await import("./local-run.ts");
    return runProgram(program, args, runOptions, caller);
  };
  const trust = once(async () => {
    const { createTrustStore } = await import("./trust-store.ts");
    return createTrustStore(files.readFile, options.caFile);
  });
  const host: Host = {
    ...files,
    acl: (path, signal) =>
      readAcl(path, (program, args, timeoutMs) => run(program, args, { timeoutMs, signal })),
    run,
    ...createNetwork(options, trust),
    async addresses() {
      return Object.values(networkInterfaces()).flatMap((list) =>
        (list ?? []).map(({ address }) => address.replace(/%.*$/, "")),
      );
    },
  };
  return options.granted === undefined ? host : restrict(host, options.granted);
}

function createNetwork(
  { connectTo = [], socketsMax = SOCKETS_MAX }: LocalHostOptions,
  trust: () => Promise<TrustStore>,
): Pick<Host, "connect" | "openStream" | "resolve" | "handshake" | "request"> {
  const places = createSemaphore(socketsMax);
  /** Opens the connection, does the work and closes it, all within one time limit. */
  const withSocket = <T>(
    to: { readonly host: string; readonly port: number; readonly address?: string | undefined },
    options: DialOptions,
    work: (dialled: Dialled, signal: AbortSignal) => Promise<T>,
  ): Promise<T> =>
    places.run(options.signal, async () => {
      const deadline = startDeadline(options.timeoutMs, options.signal, () => late(to, options));
      let socket: Socket | undefined;
      try {
        const target = applyConnectTo(connectTo, to.host, to.port);
        const at = { ...target, host: to.address ?? target.host };
        const dialled = await open(at, options.proxy, deadline.signal);
        socket = dialled.socket;
        return await work(dialled, deadline.signal);
      } finally {
        socket?.destroy();
        deadline.clear();
      }
    });
  return {
    async connect(host, port, options) {
      const start = performance.now();
      return withSocket({ host, port }, options, async ({ address }) => ({
        address,
        elapsedMs: Math.round(performance.now() - start),
      }));
    },
    openStream: (host, port, options) => openStream(places, connectTo, { host, port }, options),
    async resolve(host, port = 0) {
      const target = applyConnectTo(connectTo, host, port);
      const deadline = startDeadline(RESOLVE_MS, NEVER, () => unresolved(target.host));
      try {
        const found = await resolveAddresses(target.host, deadline.signal);
        return found.map(({ address }) => address);
      } finally {
        deadline.clear();
      }
    },
    async handshake(host, port, options) {
      const { describePeer, sayGoodbye, secure } = await import("./local-tls.ts");
      const context = await (await trust()).context(options.trustFile);
      return withSocket({ host, port }, options, async ({ socket, address }, signal) => {
        const name = withoutBrackets(host);
        const tls = await secure(socket, name, context, signal, options.alpn);
        const peer = describePeer(tls, name, address);
        await sayGoodbye(tls);
        return peer;
      });
    },
    async request(request) {
      const { url } = request;
      const isTls = url.protocol === "https:";
      // Without a verdict nothing is verified, so no store is read.
      const { isCertificateJudged = false } = request;
      const contextOf = async (store: TrustStore) =>
        isCertificateJudged ? store.context() : store.nobody();
      const context = isTls ? await contextOf(await trust()) : undefined;
      const exchange = await loadExchange(request);
      const { judgePeer, secure } = await import("./local-tls.ts");
      const host = withoutBrackets(url.hostname);
      const port = Number(url.port) || (isTls ? 443 : 80);
      const to = { host, port, address: request.address };
      const start = performance.now();
      return withSocket(to, request, async ({ socket, address }, signal) => {
        if (context === undefined) return exchange({ socket, address, start }, request, signal);
        const tls = await secure(socket, host, context, signal, alpnOf(request));
        requireProtocol(request, tls.alpnProtocol);
        const verdict = isCertificateJudged ? { certificate: judgePeer(tls, host) } : {};
        return exchange({ socket: tls, address, start, ...verdict }, request, signal);
      });
    },
  };
}

/** Holds its place among the network operations until the stream is closed. */
function openStream(
  places: Semaphore,
  connectTo: readonly ConnectToRule[],
  to: { readonly host: string; readonly port: number },
  options: StreamOptions,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const hold = async () => {
      const deadline = startDeadline(options.timeoutMs, options.signal, () => late(to, options));
      const target = applyConnectTo(connectTo, to.host, to.port);
      const at = { ...target, host: options.address ?? target.host };
      const dialled = await open(at, options.proxy, deadline.signal).finally(deadline.clear);
      await new Promise<void>((released) => {
        resolve(openByteStream(dialled, options.signal, released));
      });
    };
    places.run(options.signal, hold).catch(reject);
  });
}

async function open(
  target: { readonly host: string; readonly port: number },
  proxy: HttpProxy | undefined,
  signal: AbortSignal,
): Promise<Dialled> {
  const first = proxy ?? target;
  const dialled = await dial(first.host, first.port, signal);
  if (proxy !== undefined) await openTunnel(dialled.socket, proxy, target, signal);
  return dialled;
}

/** node:http2 takes its time to load, and most servers are asked by HTTP/1.1 alone. */
async function loadExchange({ protocol }: HttpRequest): Promise<typeof exchange> {
  return protocol === "h2"
    ? (await import("./local-request-h2.ts")).exchangeHttp2
    : (await import("./local-request.ts")).exchange;
}

function alpnOf({ protocol }: HttpRequest): readonly string[] | undefined {
  return protocol === undefined ? undefined : [protocol];
}

function requireProtocol({ protocol, url }: HttpRequest, taken: string | false | null): void {
  if (protocol === undefined || taken === protocol) return;
  throw new HostError("unreachable", `${url.host}: HTTP/2 is not taken`, { reason: "NO_H2" });
}

function unresolved(host: string): HostError {
  return new HostError("unreachable", `${host}: the resolver does not answer`, {
    reason: "EAI_AGAIN",
  });
}

function late(
  { host, port }: { readonly host: string; readonly port: number },
  { timeoutMs }: ConnectOptions,
): HostError {
  return new HostError("unreachable", `${host} port ${port}: no answer within ${timeoutMs} ms`, {
    reason: "ETIMEDOUT",
  });
}

const NEEDS = {
  readFile: "read",
  readBytes: "read",
  stat: "read",
  lstat: "read",
  readLink: "read",
  realPath: "read",
  readDir: "read",
  readDirEntries: "read",
  addresses: "read",
  acl: "run",
  run: "run",
  connect: "connect",
  openStream: "connect",
  resolve: "connect",
  handshake: "connect",
  request: "connect",
} as const satisfies Record<keyof Host, Access>;

/** The same host, with every member whose access is not granted replaced by a refusal. */
function restrict(host: Host, granted: ReadonlySet<Access>): Host {
  const refused = Object.entries(NEEDS)
    .filter(([, access]) => !granted.has(access))
    .map(([member, access]) => [
      member,
      async () => {
        throw notGranted(access);
      },
    ]);
  const run: Host["run"] = async (program, args, options) => {
    if (options.needsNetwork && !granted.has("connect")) throw notGranted("connect");
    return host.run(program, args, options);
  };
  return { ...host, run, ...Object.fromEntries(refused) };
}

function notGranted(access: Access): HostError {
  return new HostError("not-granted", `access "${access}" is not granted`);
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
