import type { AnyFact } from "../core/fact.ts";
import type { CliIo } from "./io.ts";

interface Progress {
  onProgress(event: { readonly fact: AnyFact; readonly isDone: boolean }): void;
  close(): void;
}

/** Shows what is being read, on stderr and only on a terminal; wipes itself at the end. */
export function createProgress(io: CliIo, isQuiet: boolean): Progress {
  if (isQuiet || !io.isStderrTty) return { onProgress() {}, close() {} };
  const open = new Set<string>();
  let done = 0;
  return {
    onProgress({ fact, isDone }) {
      if (isDone) {
        open.delete(fact.title);
        done++;
      } else {
        open.add(fact.title);
      }
      const [longest = ""] = open;
      io.stderr(`\r\u001b[K${done} facts read${longest === "" ? "" : `, waiting for: ${longest}`}`);
    },
    close: () => io.stderr("\r\u001b[K"),
  };
}
