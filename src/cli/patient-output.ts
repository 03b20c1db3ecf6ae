import { write } from "node:fs";

/** Pause before a descriptor that takes nothing now (EAGAIN) is tried again. */
const FULL_PAUSE_MS = 20;

/**
 * Writes to a descriptor one text after the other, without holding up the process: Node's own stdout blocks all of
 * it while a pipe is full, and every scan under way would take that for the server's silence. Answers false once
 * nobody reads any more (EPIPE); rejects with what else the system says.
 */
export function createPatientOutput(descriptor: number): (text: string) => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve();
  return (text) => {
    const writing = last.then(() => writeAll(descriptor, Buffer.from(text)));
    last = writing.catch(() => undefined);
    return writing;
  };
}

async function writeAll(descriptor: number, bytes: Uint8Array): Promise<boolean> {
  let from = 0;
  while (from < bytes.length) {
    const written = await writeSome(descriptor, bytes.subarray(from));
    if (written === "EPIPE") return false;
    if (written === "EAGAIN") await new Promise((resolve) => setTimeout(resolve, FULL_PAUSE_MS));
    else from += written;
  }
  return true;
}

function writeSome(descriptor: number, bytes: Uint8Array): Promise<number | "EAGAIN" | "EPIPE"> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, (error, written) => {
      if (error === null) resolve(written);
      else if (error.code === "EAGAIN" || error.code === "EPIPE") resolve(error.code);
      else reject(error);
    });
  });
}
