import { createServer, request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { KeyAndCertificate } from "./certificate.ts";

/** The running demo: an application on one loopback port, TLS in front of it on another. */
export interface DemoServers {
  readonly applicationPort: number;
  readonly tlsPort: number;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** Starts both servers on free loopback ports. */
export async function startServers(certificate: KeyAndCertificate): Promise<DemoServers> {
  const application = createServer((incoming, response) => {
    const isFront = incoming.url === "/";
    response.writeHead(isFront ? 200 : 404, { "Content-Type": "text/html; charset=utf-8" });
    response.end(isFront ? FRONT_PAGE : DEBUG_PAGE);
  });
  const applicationPort = await listen(application);
  const proxy = createTlsServer(certificate, (incoming, response) => {
    const { method, url, headers } = incoming;
    const onward = request(
      { host: LOOPBACK, port: applicationPort, method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  const tlsPort = await listen(proxy);
  return {
    applicationPort,
    tlsPort,
    close: async () => {
      await Promise.all([proxy, application].map(stop));
    },
  };
}

function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(0, LOOPBACK, () => resolve((server.address() as AddressInfo).port)); // TCP, so no pipe name.
  return promise;
}

function stop(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}

const FRONT_PAGE = "<!doctype html><title>Monitor</title><h1>All systems up</h1>\n";

/** What Django shows for a missing page while DEBUG is on, shortened. */
const DEBUG_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Page not found at /</title></head><body>
<div id="summary"><h1>Page not found <span>(404)</span></h1></div>
<div id="info"><p>Using the URLconf defined in <code>config.urls</code>, Django tried these URL patterns, in this order:</p>
<ol><li><code>admin/</code></li><li><code>alerts/webhook/</code></li></ol></div>
<div id="explanation"><p>You're seeing this error because you have <code>DEBUG = True</code> in your Django settings file.</p></div>
</body></html>
`;
