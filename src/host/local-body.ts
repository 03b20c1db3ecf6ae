import type { Readable, Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";

import type { HttpContent, HttpCut } from "../core/host.ts";
import { gatherBytes } from "./gathered-bytes.ts";

/** Codings undone, one inside the other; more is no honest answer. */
export const CODINGS_MAX = 3;
/** Decoded bytes for each byte on the wire; what compresses better is a bomb. */
export const RATIO_MAX = 250;
/** Below this size no ratio is suspicious: a short page of one repeated line is none. */
export const RATIO_FREE_BYTES = 1024 * 1024;

/** Chunks or frames of a body; each costs time however little is in it, and a page of 4 MiB has 64 bytes in each. */
export const PIECES_MAX = 65_536;

export interface BodyReader {
  readonly content: Promise<HttpContent>;
  /** Ends reading at once with what came. */
  cut(because: HttpCut): void;
}

/** Reads a body, undoes its content codings and stops at the limits. Never rejects. */
export function readContent(
  response: Readable,
  contentEncoding: string,
  bytesMax: number,
): BodyReader {
  const gathered = gatherBytes(bytesMax);
  let wireBytes = 0;
  let pieces = 0;
  let bytes = 0;
  const { promise, resolve } = Promise.withResolvers<HttpContent>();
  const decoders = decodersFor(contentEncoding);
  const finish = (cut?: HttpCut) => {
    // Before anything is destroyed, as that is told as a broken connection.
    resolve({ bytes: gathered.bytes(), ...(cut !== undefined && { cut }) });
    for (const decoder of decoders ?? []) decoder.destroy();
    response.destroy();
  };
  response.on("data", (chunk: Buffer) => {
    wireBytes += chunk.length;
    pieces += 1;
    if (pieces > PIECES_MAX) finish("pieces");
  });
  // A coding nobody knows is handed over as it is, said to be undecoded.
  const unknownCoding = decoders === undefined;
  let last: Readable = response;
  for (const decoder of decoders ?? []) {
    last = last.pipe(decoder);
    decoder.on("error", () => finish("coding"));
  }
  last.on("data", (chunk: Buffer) => {
    gathered.add(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) finish("size");
    else if (bytes > RATIO_FREE_BYTES && bytes > wireBytes * RATIO_MAX) finish("ratio");
  });
  last.on("end", () => finish(unknownCoding ? "coding" : undefined));
  response.on("error", () => finish("closed"));
  response.on("aborted", () => finish("closed"));
  return { content: promise, cut: finish };
}

/** Decoders in the order they must run; `undefined` for a coding that is not known or too many of them. */
function decodersFor(field: string): readonly Transform[] | undefined {
  const codings = field
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > CODINGS_MAX) return undefined;
  const decoders = codings.map(decoderFor).reverse();
  return decoders.every((decoder) => decoder !== undefined) ? decoders : undefined;
}

/** RFC 9110 section 8.4.1, RFC 7932, RFC 8878. A truncated stream gives what is in it. */
function decoderFor(coding: string): Transform | undefined {
  const flush = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return createGunzip(flush);
    case "deflate":
      return createDeflateDecoder();
    case "br":
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case "zstd":
      return createZstdDecompress({ finishFlush: constants.ZSTD_e_flush });
    default:
      return undefined;
  }
}

/** `deflate` means zlib's format, yet some servers send bare deflate: the first byte tells. */
function createDeflateDecoder(): Transform {
  const flush = { finishFlush: constants.Z_SYNC_FLUSH };
  const decoder = createInflate(flush);
  const write = decoder._transform.bind(decoder);
  let bare: Transform | undefined;
  let isFirst = true;
  decoder._transform = (chunk: Buffer, encoding, done) => {
    if (isFirst) {
      isFirst = false;
      if (((chunk[0] ?? 0) & 0x0f) !== ZLIB_DEFLATE_METHOD) {
        bare = createInflateRaw(flush);
        bare.on("data", (part: Buffer) => decoder.push(part));
        bare.on("error", (error) => decoder.destroy(error));
      }
    }
    if (bare === undefined) write(chunk, encoding, done);
    else bare.write(chunk, () => done());
  };
  return decoder;
}

/** RFC 1950 section 2.2: the low four bits of the first byte. */
const ZLIB_DEFLATE_METHOD = 8;
