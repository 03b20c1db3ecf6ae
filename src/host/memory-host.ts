import { isIP } from "node:net";
import type {
  Host,
  HttpMessage,
  HttpRequest,
  RunOptions,
  RunResult,
  TlsPeer,
} from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { createMemoryFiles, type MemoryFile } from "./memory-files.ts";

import { createMemoryStream, type MemoryPeer, type MemoryPlace } from "./memory-stream.ts";

export type { MemoryFile } from "./memory-files.ts";

/** What a run answers: a partial result, an error to throw, or a function of the arguments. */
export type MemoryRun =
  | Partial<RunResult>
  | HostError
  | ((args: readonly string[], options: RunOptions) => Partial<RunResult> | HostError);

export interface MemoryHostOptions {
  /** Absolute path to text, or to text with modes, owners, links and faults. Parents are implied. */
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  /** Looked up as the whole command line (`git log -1`), then as the program's name. */
  readonly run?: Readonly<Record<string, MemoryRun>>;
  /** By `host:port`; what is not named refuses. */
  readonly connect?: Readonly<Record<string, string | HostError>>;
  /** Who answers on a stream; without it every stream is refused. */
  readonly stream?: (place: MemoryPlace) => MemoryPeer | HostError;
  /** By name; an address is its own, what is not named does not resolve. */
  readonly resolve?: Readonly<Record<string, readonly string[]>>;
  /** By `host:port`; what is not named refuses. */
  readonly handshake?: Readonly<Record<string, Partial<TlsPeer> | HostError>>;
  /** Answers every request, or throws a `HostError`. */
  readonly request?: (request: HttpRequest) => Partial<HttpMessage> | HostError;
  readonly addresses?: readonly string[];
}

/** A machine that exists only in memory, for tests. Behaves as `createLocalHost` does on a real one. */
export function createMemoryHost(options: MemoryHostOptions = {}): Host {
  const files = createMemoryFiles(options.files ?? {});
  return {
    ...files,
    async acl(path) {
      return files.aclOf(path);
    },
    async run(program, args, runOptions) {
      const line = [program, ...args].join(" ");
      const answer = options.run?.[line] ?? options.run?.[program];
      if (answer === undefined) throw missingTool(program);
      const result = typeof answer === "function" ? answer(args, runOptions) : answer;
      return { exit: 0, stdout: "", stderr: "", ...orThrow(result) };
    },
    async connect(host, port) {
      const address = options.connect?.[`${host}:${port}`] ?? refused(host, port);
      return { address: orThrow(address), elapsedMs: 1 };
    },
    async openStream(host, port, { address }) {
      const place = { host, port, ...(address === undefined ? {} : { address }) };
      const peer = options.stream?.(place) ?? refused(host, port);
      return createMemoryStream(orThrow(peer), address ?? host);
    },
    async resolve(host) {
      const found = options.resolve?.[host] ?? (isIP(host) === 0 ? undefined : [host]);
      if (found === undefined) {
        throw new HostError("unreachable", `${host}: no such name`, { reason: "ENOTFOUND" });
      }
      return found;
    },
    async handshake(host, port) {
      const peer = options.handshake?.[`${host}:${port}`] ?? refused(host, port);
      return { ...plainPeer(host), ...orThrow(peer) };
    },
    async request(request) {
      const url = request.url;
      const answer = options.request?.(request) ?? refused(url.hostname, Number(url.port));
      return { status: 200, fields: [], body: "", ...orThrow(answer) };
    },
    async addresses() {
      return options.addresses ?? ["127.0.0.1", "::1"];
    },
  };
}

function orThrow<T>(answer: T | HostError): T {
  if (answer instanceof HostError) throw answer;
  return answer;
}

function missingTool(program: string): HostError {
  return new HostError("tool-missing", `${program} is not installed`, { reason: "ENOENT" });
}

function refused(host: string, port: number): HostError {
  return new HostError("unreachable", `${host} port ${port}: connection refused`, {
    reason: "ECONNREFUSED",
  });
}

function plainPeer(host: string): TlsPeer {
  return {
    address: "127.0.0.1",
    protocol: "TLSv1.3",
    verified: true,
    subject: `CN=${host}`,
    issuer: "CN=Test CA",
    names: [host],
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2027-01-01T00:00:00.000Z",
    keyType: "EC",
    keyBits: 256,
    signature: "ecdsa-with-SHA256",
  };
}
