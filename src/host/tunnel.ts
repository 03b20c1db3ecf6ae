import type { Socket } from "node:net";
import type { HttpProxy } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { onAbort } from "./deadline.ts";
import { networkError } from "./dial.ts";

/** Bytes of a proxy's answer to CONNECT. */
export const ANSWER_BYTES_MAX = 16_384;

/**
 * Asks the proxy behind `socket` for a tunnel (RFC 9110 section 9.3.6). Bytes after the answer are put
 * back. Throws `unreachable` with reason `PROXY_407` (the status), or `malformed` for anything but HTTP.
 */
export function openTunnel(
  socket: Socket,
  proxy: HttpProxy,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<void> {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const authority = `${host}:${target.port}`;
  const fields = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (proxy.authorization !== undefined) fields.push(`Proxy-Authorization: ${proxy.authorization}`);
  const subject = `proxy ${proxy.host} port ${proxy.port}`;
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const settle = (error?: unknown) => {
      stop();
      socket.off("data", onData);
      socket.off("error", onError);
      socket.off("close", onClose);
      socket.pause();
      if (error === undefined) resolve();
      else reject(error);
    };
    const onError = (error: Error) => settle(networkError(error, subject));
    const onClose = () =>
      settle(
        new HostError("unreachable", `${subject}: closed the connection`, { reason: "ECONNRESET" }),
      );
    const onData = (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      const end = answer.indexOf("\r\n\r\n");
      if (end < 0 && answer.length <= ANSWER_BYTES_MAX) return;
      const refusal = end < 0 ? notHttp(subject) : judgeAnswer(answer.toString("latin1"), subject);
      settle(refusal);
      if (refusal === undefined && answer.length > end + 4)
        socket.unshift(answer.subarray(end + 4));
    };
    let stop = (): void => undefined;
    stop = onAbort(signal, settle);
    socket.on("data", onData);
    socket.on("error", onError);
    socket.on("close", onClose);
    socket.write(`${fields.join("\r\n")}\r\n\r\n`);
  });
}

function judgeAnswer(answer: string, subject: string): HostError | undefined {
  const [, status] = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(answer) ?? [];
  if (status === undefined) return notHttp(subject);
  if (status.startsWith("2")) return undefined;
  return new HostError("unreachable", `${subject}: answers ${status} to CONNECT`, {
    reason: `PROXY_${status}`,
  });
}

function notHttp(subject: string): HostError {
  return new HostError("malformed", `${subject}: does not speak HTTP`);
}
