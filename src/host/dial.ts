import { lookup } from "node:dns/promises";
import { connect as connectSocket, isIP, type Socket } from "node:net";
import { HostError } from "../core/reading.ts";
import { onAbort } from "./deadline.ts";
import { errnoOf } from "./file-error.ts";

/** Addresses of one name that are tried. */
export const ADDRESSES_MAX = 16;
/** RFC 8305 section 5: how long an attempt goes alone before the next one starts beside it. */
const ATTEMPT_DELAY_MS = 250;

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface Dialled {
  readonly socket: Socket;
  readonly address: string;
}

/** Finds every address of a name, IPv6 and IPv4 in turn (RFC 8305 section 4). Throws `unreachable`. */
export async function resolveAddresses(
  host: string,
  signal: AbortSignal,
): Promise<readonly Address[]> {
  const family = isIP(host);
  if (family === 4 || family === 6) return [{ address: host, family }];
  const found = await abortable(lookupAll(host), signal);
  const of = (wanted: number) => found.filter((each) => each.family === wanted);
  const [first, second] = found[0]?.family === 4 ? [of(4), of(6)] : [of(6), of(4)];
  const turns = Math.max(first.length, second.length);
  return Array.from({ length: turns }, (_, turn) => [first[turn], second[turn]])
    .flat()
    .filter((each) => each !== undefined)
    .slice(0, ADDRESSES_MAX);
}

async function lookupAll(host: string): Promise<readonly Address[]> {
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  } catch (error) {
    throw networkError(error, `${host}: the name cannot be resolved`);
  }
}

/** Rejects when the signal aborts; what goes on underneath (getaddrinfo) cannot be stopped, only left. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, reject);
    work.then(resolve, reject).finally(stop);
  });
}

/**
 * Connects to the first address that answers (RFC 8305 section 5). Throws `unreachable` with the errno of
 * the last failure when none does; the abort reason of `signal` when that comes first.
 */
export async function dial(host: string, port: number, signal: AbortSignal): Promise<Dialled> {
  const addresses = await resolveAddresses(host, signal);
  if (addresses.length === 0) {
    throw new HostError("unreachable", `${host}: no address`, { reason: "ENOTFOUND" });
  }
  return race(addresses, port, signal);
}

function race(addresses: readonly Address[], port: number, signal: AbortSignal): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const waiting = [...addresses];
    let timer: NodeJS.Timeout | undefined;
    const settle = (keep?: Socket) => {
      clearTimeout(timer);
      stop();
      for (const socket of open) if (socket !== keep) socket.destroy();
    };
    const next = () => {
      clearTimeout(timer);
      const address = waiting.shift();
      if (address === undefined) return;
      const socket = connectSocket({ host: address.address, port, autoSelectFamily: false });
      open.add(socket);
      socket.once("connect", () => {
        settle(socket);
        socket.removeAllListeners("error");
        // Without a listener an error between now and the next owner would end the process.
        socket.on("error", () => undefined);
        resolve({ socket, address: address.address });
      });
      socket.once("error", (error) => {
        open.delete(socket);
        socket.destroy();
        if (waiting.length > 0) next();
        else if (open.size === 0) {
          settle();
          reject(networkError(error, `${address.address} port ${port}`));
        }
      });
      if (waiting.length > 0) timer = setTimeout(next, ATTEMPT_DELAY_MS);
    };
    let stop = (): void => undefined;
    stop = onAbort(signal, (reason) => {
      settle();
      reject(reason);
    });
    if (!signal.aborted) next();
  });
}

/** A `HostError` for a socket's or resolver's error; anything that has no errno is thrown on as it is. */
export function networkError(error: unknown, subject: string): unknown {
  if (error instanceof HostError) return error;
  const reason = errnoOf(error);
  if (reason === undefined) return error;
  const code = reason === "EACCES" || reason === "EPERM" ? "denied" : "unreachable";
  return new HostError(code, `${subject}: ${NETWORK_WORDS[reason] ?? reason}`, {
    reason,
    cause: error,
  });
}

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
  ENOTFOUND: "no such name",
  EAI_AGAIN: "the resolver does not answer",
  ETIMEDOUT: "timed out",
  EPIPE: "connection closed",
};
