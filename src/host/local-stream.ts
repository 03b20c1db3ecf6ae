import type { Socket } from "node:net";
import type { ByteStream } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { onAbort } from "./deadline.ts";
import type { Dialled } from "./dial.ts";
import { networkError } from "./dial.ts";

/** Bytes one `read` hands out at most, and that are held before the peer is made to wait. */
export const STREAM_BYTES_MAX = 65_536;

/**
 * A connected socket as a `ByteStream`. Past `STREAM_BYTES_MAX` unread bytes the socket is paused, so that a
 * flooding peer is held back by TCP. Closed by `close` and when `signal` aborts; `released` is called once then.
 */
export function openByteStream(
  { socket, address }: Dialled,
  signal: AbortSignal,
  released: () => void,
): ByteStream {
  socket.setNoDelay(true);
  const inbox = createInbox(socket);
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    stop();
    socket.destroy();
    released();
  };
  let stop = (): void => undefined;
  stop = onAbort(signal, close);
  return {
    address,
    write: (bytes) => write(socket, bytes, address),
    read: (timeoutMs) => inbox.read(timeoutMs),
    close,
  };
}

type End = "end" | "reset";
type Answer = Uint8Array | End | "silence";

/** What has come in and waits to be read, and the one reader that waits for it. */
function createInbox(socket: Socket): { read(timeoutMs: number): Promise<Answer> } {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let end: End | undefined;
  let waiting: ((answer: Answer) => void) | undefined;
  const take = (): Answer | undefined => {
    const chunk = held.shift();
    if (chunk === undefined) return end;
    if (chunk.length > STREAM_BYTES_MAX) held.unshift(chunk.subarray(STREAM_BYTES_MAX));
    const given = chunk.subarray(0, STREAM_BYTES_MAX);
    heldBytes -= given.length;
    if (heldBytes < STREAM_BYTES_MAX) socket.resume();
    return given;
  };
  const wake = () => {
    if (waiting === undefined) return;
    const answer = take();
    if (answer !== undefined) waiting(answer);
  };
  const finish = (how: End) => {
    end ??= how;
    wake();
  };
  socket.on("data", (chunk) => {
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= STREAM_BYTES_MAX) socket.pause();
    wake();
  });
  socket.on("end", () => finish("end"));
  socket.on("error", () => finish("reset"));
  // A socket that was destroyed here (close, abort) ends without a word of the peer.
  socket.on("close", () => finish("end"));
  return {
    read(timeoutMs) {
      const ready = take();
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        const settle = (answer: Answer) => {
          clearTimeout(timer);
          waiting = undefined;
          resolve(answer);
        };
        // Timers come before what has arrived: where this process was busy, that is looked at first.
        const timer = setTimeout(() => {
          setImmediate(() => {
            if (waiting === settle) settle("silence");
          });
        }, timeoutMs);
        waiting = settle;
      });
    },
  };
}

function write(socket: Socket, bytes: Uint8Array, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed || !socket.writable) {
      reject(new HostError("unreachable", `${address}: connection closed`, { reason: "EPIPE" }));
      return;
    }
    socket.write(bytes, (error) => {
      if (error) reject(networkError(error, address));
      else resolve();
    });
  });
}
