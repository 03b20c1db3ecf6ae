/** Connections at once to begin with. */
const PLACES_AT_FIRST = 2;

/**
 * How many connections may be open at once, and how soon the next may start: more as the server answers,
 * half as many when it does not.
 */
export interface ConnectionGate {
  /** Waits for a place; `isUrgent` before those who are not. */
  enter(isUrgent?: boolean): Promise<void>;
  leave(): void;
  /** The server answered: after as many answers as there are places there is one place more. */
  grow(): void;
  /** The server throttles: half the places, and at least `paceMs` between two connections. */
  shrink(paceMs: number): void;
  /** Does the work in the next free place and lets nobody else in until it is done; who is in stays. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** `placesMax` connections at once at most, `delayMs` between two at least. */
export function createConnectionGate(placesMax: number, delayMs: number): ConnectionGate {
  let places = Math.min(PLACES_AT_FIRST, placesMax);
  let taken = 0;
  let answers = 0;
  let paceMs = delayMs;
  let nextAtMs = 0;
  let isHeld = false;
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let holder: (() => void) | undefined;
  const nextIn = (): (() => void) | undefined => {
    if (!isHeld) return urgent.shift() ?? waiting.shift();
    const next = holder;
    holder = undefined;
    return next;
  };
  const admit = () => {
    while (taken < places) {
      const next = nextIn();
      if (next === undefined) return;
      taken += 1;
      next();
    }
  };
  // Not at once: who was answered just now may have another urgent question, and keeps its place by it.
  const leave = () => {
    taken -= 1;
    setImmediate(admit);
  };
  return {
    async enter(isUrgent = false) {
      await new Promise<void>((resolve) => {
        (isUrgent ? urgent : waiting).push(resolve);
        admit();
      });
      if (paceMs === 0) return;
      const nowMs = performance.now();
      const startMs = Math.max(nowMs, nextAtMs);
      nextAtMs = startMs + paceMs;
      await sleep(startMs - nowMs);
    },
    leave,
    grow() {
      answers += 1;
      if (answers < places || places >= placesMax) return;
      answers = 0;
      places += 1;
      admit();
    },
    shrink(wantedMs) {
      places = Math.max(1, places >> 1);
      answers = 0;
      paceMs = Math.max(paceMs, wantedMs);
    },
    async hold(work) {
      isHeld = true;
      await new Promise<void>((resolve) => {
        holder = resolve;
        admit();
      });
      try {
        return await work();
      } finally {
        isHeld = false;
        leave();
      }
    },
  };
}

/** Waits; not at all for nothing. */
export function sleep(ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, ms));
}
