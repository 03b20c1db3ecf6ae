import type { ByteStream } from "../core/host.ts";
import { HostError } from "../core/reading.ts";

/** Where a stream was opened to. */
export interface MemoryPlace {
  readonly host: string;
  readonly port: number;
  readonly address?: string;
}

/** Bytes as they arrive, one element per read; after them, or without an end, there is silence. */
export type MemoryAnswer = readonly (Uint8Array | "end" | "reset")[];

/** An acted peer of a stream. Both members are called for one connection only. */
export interface MemoryPeer {
  /** What it says of itself when connected to. */
  readonly greeting?: MemoryAnswer;
  /** What it answers to one `write`. */
  readonly answer?: (received: Uint8Array) => MemoryAnswer;
}

/** A stream to an acted peer: silence is told at once, whatever the time limit. */
export function createMemoryStream(peer: MemoryPeer, address: string): ByteStream {
  const inbox = [...(peer.greeting ?? [])];
  let over: "end" | "reset" | undefined;
  const gone = () =>
    new HostError("unreachable", `${address}: connection closed`, { reason: "EPIPE" });
  return {
    address,
    async write(bytes) {
      if (over !== undefined) throw gone();
      inbox.push(...(peer.answer?.(bytes) ?? []));
    },
    async read() {
      const next = over ?? inbox.shift() ?? "silence";
      if (next === "end" || next === "reset") over = next;
      return next;
    },
    close() {
      over ??= "end";
    },
  };
}
