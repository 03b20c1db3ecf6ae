/** Random numbers from a seed, so that a failure can be repeated. */
export interface Random {
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
}

/** mulberry32 (Tommy Ettinger, public domain): good enough to make test data. */
export function randomSource(seed: number): Random {
  let state = seed;
  return {
    below(bound) {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
    },
  };
}
