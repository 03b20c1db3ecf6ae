/** Larger moduli are not looked into: OpenSSL verifies nothing with more than 16,384 bits. */
const MODULUS_OCTETS_MAX = 2_048;
/** Divisors tried: CA/Browser Forum Baseline Requirements 6.1.6 names 752 as the least bound. */
const DIVISOR_MAX = 752;
/** Rounds of Fermat's method: found keys with close primes took one (CVE-2022-26320), a hundred is what CAs try. */
const FERMAT_ROUNDS = 100;
/** Primes up to this one make the primorial of Infineon's generator, for every size of key. */
const ROCA_PRIME_MAX = 167;
/** The generator of the residues those primes have. */
const ROCA_GENERATOR = 65_537;

/** How a modulus gives its factors away. */
export type ModulusWeakness = "roca" | "close-primes" | "small-factor";

/** What is wrong with the modulus of an RSA key, big-endian; `undefined` when nothing of this kind is. */
export function modulusWeakness(modulus: Uint8Array): ModulusWeakness | undefined {
  if (modulus.length > MODULUS_OCTETS_MAX || modulus.length === 0) return undefined;
  const value = bigOf(modulus);
  if (primes().some((prime) => value % BigInt(prime) === 0n)) return "small-factor";
  if (hasRocaFingerprint(value)) return "roca";
  return hasClosePrimes(value) ? "close-primes" : undefined;
}

function bigOf(octets: Uint8Array): bigint {
  let hex = "";
  for (const octet of octets) hex += octet.toString(16).padStart(2, "0");
  return BigInt(`0x${hex}`);
}

let sieved: readonly number[] | undefined;

/** Sieved for the first key: most commands see none. */
function primes(): readonly number[] {
  sieved ??= primesUpTo(DIVISOR_MAX);
  return sieved;
}

function primesUpTo(limit: number): readonly number[] {
  const isComposite = new Uint8Array(limit + 1);
  const found: number[] = [];
  for (let number = 2; number <= limit; number += 1) {
    if (isComposite[number] === 1) continue;
    found.push(number);
    for (let multiple = number * number; multiple <= limit; multiple += number) {
      isComposite[multiple] = 1;
    }
  }
  return found;
}

/** By odd prime, the residues that powers of the generator have. */
const ROCA_RESIDUES: readonly (readonly [prime: number, residues: ReadonlySet<number>])[] =
  primesUpTo(ROCA_PRIME_MAX)
    .slice(1)
    .map((prime) => {
      const residues = new Set<number>();
      let power = 1;
      while (!residues.has(power)) {
        residues.add(power);
        power = (power * ROCA_GENERATOR) % prime;
      }
      return [prime, residues];
    });

/**
 * CVE-2017-15361 (Nemec et al., "The Return of Coppersmith's Attack", 2017): both primes are powers of
 * 65537 modulo a primorial, so their product is one too, modulo each of its primes. One modulus in 2^27
 * is by chance.
 */
function hasRocaFingerprint(modulus: bigint): boolean {
  return ROCA_RESIDUES.every(([prime, residues]) => residues.has(Number(modulus % BigInt(prime))));
}

/** Fermat's method: the modulus is a difference of two squares, found at once where its primes are close. */
function hasClosePrimes(modulus: bigint): boolean {
  let root = squareRoot(modulus);
  if (root * root < modulus) root += 1n;
  let difference = root * root - modulus;
  for (let round = 0; round < FERMAT_ROUNDS; round += 1) {
    if (isSquare(difference)) return true;
    difference += 2n * root + 1n;
    root += 1n;
  }
  return false;
}

/** What squares leave modulo 64; five of six numbers fall at this. */
const SQUARES_MODULO_64: ReadonlySet<bigint> = new Set(
  Array.from({ length: 64 }, (_, number) => BigInt(number * number) & 63n),
);
/** Modulo 3 x 5 x 7 x 11 x 13 x 17 x 19 x 23 at once: less than one in 100 is left. */
const SMALL_ODD_PRIMES: readonly number[] = [3, 5, 7, 11, 13, 17, 19, 23];
const ODD_PRODUCT = 111_546_435n;
const SQUARES_MODULO: ReadonlyMap<number, ReadonlySet<number>> = new Map(
  SMALL_ODD_PRIMES.map((prime) => [
    prime,
    new Set(Array.from({ length: prime }, (_, number) => (number * number) % prime)),
  ]),
);

function isSquare(value: bigint): boolean {
  if (!SQUARES_MODULO_64.has(value & 63n)) return false;
  const rest = Number(value % ODD_PRODUCT);
  if (SMALL_ODD_PRIMES.some((prime) => SQUARES_MODULO.get(prime)?.has(rest % prime) !== true)) {
    return false;
  }
  const root = squareRoot(value);
  return root * root === value;
}

/** The largest whole number whose square is not over `value` (Newton's method from above). */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(16).length * 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
