import type { ByteStream } from "../../core/host.ts";

/** Why a stream yields no more bytes. */
export type Cut = "end" | "reset" | "silence";

/** Makes sense of bytes as they come. */
export interface Taker<T> {
  /** The answer, once it is whole. */
  take(chunk: Uint8Array): T | undefined;
  /** The answer where nothing more comes. */
  cut(how: Cut): T;
}

/** Reads until there is an answer, for `limitMs` in all: a peer that drips gains no time by it. */
export async function readWithin<T>(
  stream: ByteStream,
  limitMs: number,
  taker: Taker<T>,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const leftMs = endMs - performance.now();
    const incoming = leftMs > 0 ? await stream.read(leftMs) : "silence";
    if (typeof incoming === "string") return taker.cut(incoming);
    const answer = taker.take(incoming);
    if (answer !== undefined) return answer;
  }
}
