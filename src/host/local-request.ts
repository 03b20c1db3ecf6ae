import { type ClientRequest, type IncomingMessage, request as startRequest } from "node:http";
import type { Socket } from "node:net";
import type { HttpContent, HttpMessage, HttpRequest } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { onAbort } from "./deadline.ts";
import { networkError } from "./dial.ts";
import { errnoOf } from "./file-error.ts";
import { gatherBytes } from "./gathered-bytes.ts";
import { type BodyReader, PIECES_MAX, readContent } from "./local-body.ts";

/** Bytes of a response's header section; more is `too-large`. */
export const HEADER_BYTES_MAX = 65_536;
/** Interim answers (1xx, RFC 9110 section 15.2) before the final one; a server has use for one or two. */
export const INTERIM_ANSWERS_MAX = 20;

/** An open connection, and what is known of it. */
export interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** `performance.now()` before dialling. */
  readonly start: number;
  readonly certificate?: { readonly isVerified: boolean; readonly error?: string };
}

/**
 * One HTTP/1.1 exchange over an open connection, which it closes. A body longer than asked for is cut.
 * Throws `malformed` for what is no HTTP, `unreachable` when the connection ends too early.
 */
export function exchange(
  connection: Connection,
  { method, url, fields = {}, bodyBytesMax, isDecoded = false }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpMessage> {
  const { socket } = connection;
  return new Promise<HttpMessage>((resolve, reject) => {
    let reader: BodyReader | undefined;
    const request = startRequest({
      method,
      path: `${url.pathname}${url.search}`,
      // With it, and only without `agent`, Node opens no connection of its own.
      createConnection: () => socket,
      headers: { Host: url.host, Accept: "*/*", Connection: "close", ...withoutCase(fields) },
      maxHeaderSize: HEADER_BYTES_MAX,
    });
    const stop = onAbort(signal, (reason) => {
      // What has come by then is an answer; an interruption is none.
      if (reader !== undefined && reason.reason === "ETIMEDOUT") reader.cut("time");
      else reject(reason);
    });
    const settle = (message: HttpMessage) => {
      stop();
      resolve(message);
    };
    request.on("error", (error) => {
      if (reader === undefined) reject(httpError(error, url));
    });
    let interim = 0;
    request.on("information", () => {
      interim += 1;
      if (interim > INTERIM_ANSWERS_MAX) reject(tooManyInterim(url));
    });
    request.on("upgrade", (response) => settle(toMessage(response, connection)));
    request.on("response", (response) => {
      if (isDecoded) {
        const coding = response.headers["content-encoding"] ?? "";
        reader = readContent(response, coding, bodyBytesMax);
        reader.content.then((content) => settle(toMessage(response, connection, { content })));
        return;
      }
      readBody(
        response,
        bodyBytesMax,
        (body) => settle(toMessage(response, connection, { body })),
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
  const gathered = gatherBytes(bytesMax);
  let length = 0;
  let pieces = 0;
  const finish = () => done(gathered.bytes().toString("utf8"));
  response.on("data", (chunk: Buffer) => {
    gathered.add(chunk);
    length += chunk.length;
    pieces += 1;
    if (length < bytesMax && pieces <= PIECES_MAX) return;
    response.removeAllListeners();
    response.on("error", () => undefined);
    finish();
  });
  response.on("end", finish);
  response.on("error", fail);
}

function toMessage(
  response: IncomingMessage,
  { address, start, certificate }: Connection,
  { body = "", content }: { readonly body?: string; readonly content?: HttpContent } = {},
): HttpMessage {
  const fields: [string, string][] = [];
  let headerBytes = response.statusMessage?.length ?? 0;
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = response.rawHeaders.slice(index, index + 2);
    fields.push([name, value]);
    headerBytes += name.length + value.length;
  }
  return {
    status: response.statusCode ?? 0,
    fields,
    body,
    ...(content !== undefined && { content }),
    transport: {
      protocol: response.httpVersion === "1.0" ? "HTTP/1.0" : "HTTP/1.1",
      address,
      headerBytes,
      ...(certificate !== undefined && { certificate }),
      elapsedMs: Math.round(performance.now() - start),
    },
  };
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

function tooManyInterim({ host }: URL): HostError {
  const detail = `${host}: more than ${INTERIM_ANSWERS_MAX} interim answers (1xx) and no final one`;
  return new HostError("malformed", detail, { reason: "INTERIM_ANSWERS" });
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
