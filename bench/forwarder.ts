import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A port before a server that counts who comes, and may make the line longer. */
export interface Forwarder {
  readonly port: number;
  readonly connections: number;
  /** Connections whose client had not closed yet, at most at once. */
  readonly openMax: number;
  close(): void;
}

/**
 * Passes every connection on to `upstream` on the loopback. With `rttMs` bytes take half of it each way, and a
 * connection costs its client one whole more before its first bytes arrive, as TCP's handshake does.
 */
export async function createForwarder(upstream: number, rttMs = 0): Promise<Forwarder> {
  const open = new Set<Socket>();
  let connections = 0;
  let openMax = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections += 1;
    open.add(client);
    // Who closed just before is counted out first: word of it may arrive behind this connection, and timers come
    // before what has arrived.
    const isOpen = (socket: Socket) => !socket.readableEnded && !socket.destroyed;
    const look = () => {
      openMax = Math.max(openMax, [...open].filter(isOpen).length);
    };
    setTimeout(() => setImmediate(look), rttMs / 4);
    client.on("close", () => open.delete(client));
    passOn(client, upstream, rttMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 511, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get openMax() {
      return openMax;
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function passOn(client: Socket, upstream: number, rttMs: number): void {
  const server = connect({ port: upstream, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const establishedMs = performance.now() + rttMs;
  const later = (work: () => void) => {
    const waitMs = Math.max(rttMs / 2, establishedMs + rttMs / 2 - performance.now());
    if (rttMs === 0) work();
    else setTimeout(work, waitMs);
  };
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on("data", (bytes) => later(() => void to.write(bytes)));
    from.on("end", () => later(() => void to.end()));
    from.on("error", () => undefined);
    from.on("close", () => later(() => void to.destroy()));
  }
}
