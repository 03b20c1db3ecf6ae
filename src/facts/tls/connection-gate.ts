/** Connections at once to begin with. */
const PLACES_AT_FIRST = 2;
/** Least time between two connections where one at a time is still too much. */
const NARROW_PACE_MS_MIN = 20;
const NARROW_PACE_MS_MAX = 2000;

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
  /** The server throttles: half the places and never more again, and at least `paceMs` between two connections. */
  shrink(paceMs: number): void;
  /** So many connections at once are too many: as `shrink`; where there is one place, a slower pace. */
  narrow(): void;
  /** Waits until nobody is in, and lets nobody in until the work is done. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** `placesMax` connections at once at most, `delayMs` between two at least. */
export function createConnectionGate(placesMax: number, delayMs: number): ConnectionGate {
  let places = Math.min(PLACES_AT_FIRST, placesMax);
  let taken = 0;
  let answers = 0;
  let paceMs = delayMs;
  let nextAtMs = 0;
  let placesLimit = placesMax;
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  const holders: (() => void)[] = [];
  let isHeld = false;
  const admit = () => {
    if (!isHeld && taken === 0 && holders.length > 0) {
      isHeld = true;
      holders.shift()?.();
    }
    while (!isHeld && holders.length === 0 && taken < places) {
      const next = urgent.shift() ?? waiting.shift();
      if (next === undefined) return;
      taken += 1;
      next();
    }
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
    // Not at once: who was answered just now may have another urgent question, and keeps its place by it.
    leave() {
      taken -= 1;
      setImmediate(admit);
    },
    grow() {
      answers += 1;
      if (answers < places || places >= placesLimit) return;
      answers = 0;
      places += 1;
      admit();
    },
    shrink(wantedMs) {
      places = Math.max(1, places >> 1);
      placesLimit = places;
      answers = 0;
      paceMs = Math.max(paceMs, wantedMs);
    },
    narrow() {
      if (places === 1) {
        paceMs = Math.min(NARROW_PACE_MS_MAX, Math.max(NARROW_PACE_MS_MIN, 2 * paceMs));
      }
      places = Math.max(1, places >> 1);
      placesLimit = places;
    },
    async alone(work) {
      await new Promise<void>((resolve) => {
        holders.push(resolve);
        admit();
      });
      try {
        return await work();
      } finally {
        isHeld = false;
        admit();
      }
    },
  };
}

/** Waits; not at all for nothing. */
export function sleep(ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, ms));
}
