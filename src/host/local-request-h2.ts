import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { HttpContent, HttpMessage, HttpRequest } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { onAbort } from "./deadline.ts";
import { networkError } from "./dial.ts";
import { errnoOf } from "./file-error.ts";
import { type BodyReader, readContent } from "./local-body.ts";
import { type Connection, HEADER_BYTES_MAX } from "./local-request.ts";

/** Fields of an answer, its status counted; more ends the stream. */
export const HTTP2_FIELDS_MAX = 1_000;
/** Megabytes a session may hold, frames that are not yet read included. */
const SESSION_MEGABYTES_MAX = 4;
/** What HTTP/1.1 says of a connection has no place in HTTP/2 (RFC 9113 section 8.2.2). */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set(["host", "connection"]);

/**
 * One HTTP/2 exchange (RFC 9113) over a TLS connection on which `h2` was agreed, which it closes. Names come in lower
 * case, as the protocol has them. Throws `too-large` for a header section beyond the limits, `malformed` for what is
 * no HTTP/2, `unreachable` when the connection or stream ends without an answer.
 */
export function exchangeHttp2(
  connection: Connection,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpMessage> {
  const { url, bodyBytesMax } = request;
  const session = openSession(connection, url);
  return new Promise<HttpMessage>((resolve, reject) => {
    let reader: BodyReader | undefined;
    const fail = (error: unknown) => {
      if (reader === undefined) reject(error);
    };
    const stop = onAbort(signal, (reason) => {
      if (reader !== undefined && reason.reason === "ETIMEDOUT") reader.cut("time");
      else reject(reason);
    });
    session.on("error", (error) => fail(http2Error(error, url)));
    session.on("close", () => fail(ended(url, "connection closed")));
    const stream = session.request(headerList(request), { endStream: true });
    stream.on("error", (error) => fail(http2Error(error, url, stream.rstCode)));
    stream.on("close", () => fail(streamClosed(stream, url)));
    stream.on("response", (headers, _flags, rawHeaders: readonly string[]) => {
      if (reader !== undefined) return;
      const fields = fieldsOf(rawHeaders);
      // The peer need not have taken note of the setting that says so.
      if (fields.flat().join("").length > HEADER_BYTES_MAX) return fail(tooLarge(url));
      reader = readContent(stream, String(headers["content-encoding"] ?? ""), bodyBytesMax);
      reader.content.then((content) => {
        stop();
        resolve(toMessage(Number(headers[":status"]), fields, connection, content));
      });
    });
  }).finally(() => {
    session.destroy();
    connection.socket.destroy();
  });
}

function openSession({ socket }: Connection, { origin }: URL): ClientHttp2Session {
  return connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, maxHeaderListSize: HEADER_BYTES_MAX },
    maxHeaderListPairs: HTTP2_FIELDS_MAX,
    maxSessionMemory: SESSION_MEGABYTES_MAX,
  });
}

function headerList({ method, url, fields = {} }: HttpRequest): Readonly<Record<string, string>> {
  const own = Object.entries(fields)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !CONNECTION_FIELDS.has(name));
  return {
    [constants.HTTP2_HEADER_METHOD]: method,
    [constants.HTTP2_HEADER_SCHEME]: "https",
    [constants.HTTP2_HEADER_AUTHORITY]: url.host,
    [constants.HTTP2_HEADER_PATH]: `${url.pathname}${url.search}`,
    accept: "*/*",
    ...Object.fromEntries(own),
  };
}

/** Pseudo-fields are no fields; the rest is kept in wire order with its repeats. */
function fieldsOf(raw: readonly string[]): readonly (readonly [string, string])[] {
  const pairs = Array.from({ length: Math.floor(raw.length / 2) }, (_, at) => {
    return [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""] as const;
  });
  return pairs.filter(([name]) => !name.startsWith(":"));
}

function toMessage(
  status: number,
  fields: HttpMessage["fields"],
  { address, start, certificate }: Connection,
  content: HttpContent,
): HttpMessage {
  return {
    status,
    fields,
    body: "",
    content,
    transport: {
      protocol: "h2",
      address,
      headerBytes: fields.flat().join("").length,
      ...(certificate !== undefined && { certificate }),
      elapsedMs: Math.round(performance.now() - start),
    },
  };
}

function ended({ host }: URL, what: string): HostError {
  return new HostError("unreachable", `${host}: HTTP/2: ${what}`, { reason: "ECONNRESET" });
}

/** A stream that is closed by us for its header section is told by the code, with or without an error. */
function streamClosed({ rstCode }: ClientHttp2Stream, url: URL): HostError {
  if (rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM) return tooLarge(url);
  return ended(url, `stream closed without an answer (code ${rstCode})`);
}

function tooLarge({ host }: URL): HostError {
  return new HostError("too-large", `${host}: HTTP/2: the header section is beyond the limit`, {
    reason: "HEADERS_TOO_LARGE",
  });
}

function http2Error(error: Error, url: URL, rstCode?: number): unknown {
  if (rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM) return tooLarge(url);
  const reason = errnoOf(error);
  if (reason === "ERR_HTTP2_STREAM_ERROR" || reason === "ERR_HTTP2_SESSION_ERROR") {
    return ended(url, error.message);
  }
  // nghttp2 counts the frames a header section comes in, and has no code of its own for it.
  if (error.message.includes("CONTINUATION")) return tooLarge(url);
  if (reason?.startsWith("ERR_HTTP2_") !== true) return networkError(error, `${url.host}: HTTP/2`);
  const detail = `${url.host}: the answer is not valid HTTP/2 (${error.message})`;
  return new HostError("malformed", detail, { reason, cause: error });
}
