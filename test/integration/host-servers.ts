import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** Servers on free loopback ports, all ended together by `close`. */
export function createServers() {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  return {
    async listen(server: Server, address = "127.0.0.1"): Promise<number> {
      servers.push(server);
      server.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => sockets.delete(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, address, resolve));
      server.unref();
      return (server.address() as AddressInfo).port;
    },
    /** A port that was free a moment ago. */
    async closedPort(): Promise<number> {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return port;
    },
    close(): void {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}
