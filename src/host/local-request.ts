import { type ClientRequest, type IncomingMessage, request as startRequest } from "node:http";
import type { Socket } from "node:net";
import type { HttpMessage, HttpRequest } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { onAbort } from "./deadline.ts";
import { networkError } from "./dial.ts";
import { errnoOf } from "./file-error.ts";

/** Bytes of a response's header section; more is `too-large`. */
export const HEADER_BYTES_MAX = 65_536;

/**
 * One HTTP/1.1 exchange over an open connection, which it closes. A body longer than asked for is cut.
 * Throws `malformed` for what is no HTTP, `unreachable` when the connection ends too early.
 */
export function exchange(
  socket: Socket,
  { method, url, fields = {}, bodyBytesMax }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpMessage> {
  return new Promise<HttpMessage>((resolve, reject) => {
    const request = startRequest({
      method,
      path: `${url.pathname}${url.search}`,
      // With it, and only without `agent`, Node opens no connection of its own.
      createConnection: () => socket,
      headers: { Host: url.host, Accept: "*/*", Connection: "close", ...withoutCase(fields) },
      maxHeaderSize: HEADER_BYTES_MAX,
    });
    const stop = onAbort(signal, (reason) => reject(reason));
    const settle = (message: HttpMessage) => {
      stop();
      resolve(message);
    };
    request.on("error", (error) => reject(httpError(error, url)));
    request.on("upgrade", (response) => settle(toMessage(response, "")));
    request.on("response", (response) => {
      readBody(
        response,
        bodyBytesMax,
        (body) => settle(toMessage(response, body)),
        (error) => reject(httpError(error, url)),
      );
    });
    endWithoutTimers(request);
  }).finally(() => socket.destroy());
}

function endWithoutTimers(request: ClientRequest): void {
  request.setTimeout(0);
  request.end();
}

function readBody(
  response: IncomingMessage,
  bytesMax: number,
  done: (body: string) => void,
  fail: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = () => done(Buffer.concat(chunks).subarray(0, bytesMax).toString("utf8"));
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < bytesMax) return;
    response.removeAllListeners();
    response.on("error", () => undefined);
    finish();
  });
  response.on("end", finish);
  response.on("error", fail);
}

function toMessage(response: IncomingMessage, body: string): HttpMessage {
  const fields: [string, string][] = [];
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    fields.push([response.rawHeaders[index] ?? "", response.rawHeaders[index + 1] ?? ""]);
  }
  return { status: response.statusCode ?? 0, fields, body };
}

/** Canonical spelling for the fields set by default, so that a caller's `host` replaces `Host`. */
function withoutCase(fields: Readonly<Record<string, string>>): Record<string, string> {
  const spelling: Readonly<Record<string, string>> = {
    host: "Host",
    accept: "Accept",
    connection: "Connection",
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [spelling[name.toLowerCase()] ?? name, value]),
  );
}

function httpError(error: Error, url: URL): unknown {
  const reason = errnoOf(error);
  if (reason?.startsWith("HPE_") !== true) return networkError(error, `${url.host}: request`);
  const code = reason === "HPE_HEADER_OVERFLOW" ? "too-large" : "malformed";
  return new HostError(code, `${url.host}: the answer is not valid HTTP (${reason})`, {
    reason,
    cause: error,
  });
}
