import { onAbort } from "./deadline.ts";

export interface Semaphore {
  /** Waits for a free place, runs, gives the place back. Rejects with the abort reason while waiting. */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

/** At most `places` tasks at once; the others wait in order. */
export function createSemaphore(places: number): Semaphore {
  let free = places;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const acquire = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (free > 0 && !signal.aborted) {
        free -= 1;
        resolve();
        return;
      }
      const enter = () => {
        stop();
        resolve();
      };
      waiting.push(enter);
      const stop = onAbort(signal, (reason) => {
        const place = waiting.indexOf(enter);
        if (place >= 0) waiting.splice(place, 1);
        reject(reason);
      });
    });
  return {
    async run(signal, task) {
      await acquire(signal);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
