import { createServer } from "node:net";

/** What an upstream server was asked. */
export interface EchoedRequest {
  readonly method: string;
  /** As sent, blanks and all. */
  readonly target: string;
  /** Names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface EchoServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A server on the loopback that answers 200, `X-Up: 1` and what it was asked as JSON (`EchoedRequest`). */
export async function startEcho(): Promise<EchoServer> {
  const server = createServer((socket) => {
    let text = "";
    socket.on("error", () => socket.destroy());
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      text += String(chunk);
      const end = text.indexOf("\r\n\r\n");
      if (end !== -1) socket.end(answerTo(text.slice(0, end)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function answerTo(head: string): string {
  const [first = "", ...lines] = head.split("\r\n");
  const found = /^(\S+) (.*) HTTP\/1\.[01]$/s.exec(first);
  const asked: EchoedRequest = {
    method: found?.[1] ?? "",
    target: found?.[2] ?? first,
    fields: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  };
  const body = asked.method === "HEAD" ? "" : JSON.stringify(asked);
  const length = Buffer.byteLength(JSON.stringify(asked));
  return `HTTP/1.1 200 OK\r\nX-Up: 1\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
}
