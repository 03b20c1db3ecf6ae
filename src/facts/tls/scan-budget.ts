import {
  CONNECTIONS_BESIDE_REPLIES,
  CONNECTIONS_MAX,
  CONNECTIONS_RICH_MAX,
  type ScanOptions,
} from "./scan-target.ts";

/** One address is scanned for this long; what is not asked by then is unknown. */
const SCAN_MS_MAX = 100_000;

/** Connections and time of one scan, and what is to be said of how they went. */
export interface ScanBudget {
  readonly connections: number;
  /** Connections since the server last recovered from being asked too much. */
  readonly sinceRecovery: number;
  readonly notes: readonly string[];
  /** Why nothing more may be asked; noted where the budget itself ends. */
  exhausted(): string | undefined;
  take(): void;
  /** A connection showed something of its own: that buys another. */
  credit(): void;
  note(text: string): void;
  recovered(): void;
  giveUp(why: string): void;
}

export function createScanBudget({ connectionsMax, signal }: ScanOptions): ScanBudget {
  const startMs = performance.now();
  const notes: string[] = [];
  let connections = 0;
  let credits = 0;
  let recoveredAt = 0;
  let givenUp: string | undefined;
  const limit = () =>
    connectionsMax ??
    Math.min(CONNECTIONS_RICH_MAX, Math.max(CONNECTIONS_MAX, CONNECTIONS_BESIDE_REPLIES + credits));
  const note = (text: string) => {
    if (!notes.includes(text)) notes.push(text);
  };
  return {
    get connections() {
      return connections;
    },
    get sinceRecovery() {
      return connections - recoveredAt;
    },
    notes,
    exhausted() {
      if (givenUp !== undefined) return givenUp;
      if (signal.aborted) return "interrupted";
      const isLate = performance.now() - startMs > SCAN_MS_MAX;
      if (connections < limit() && !isLate) return undefined;
      const why = isLate ? `${SCAN_MS_MAX / 1000} s` : `${limit()} connections`;
      note(`stopped after ${why}`);
      return `stopped after ${why}`;
    },
    take() {
      connections += 1;
    },
    credit() {
      credits += 1;
    },
    note,
    recovered() {
      recoveredAt = connections;
    },
    giveUp(why) {
      givenUp = why;
      note(why);
    },
  };
}
