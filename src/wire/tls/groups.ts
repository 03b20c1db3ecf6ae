/** A group of key agreement as IANA's "TLS Supported Groups" numbers it. */
export interface Group {
  readonly code: number;
  /** As in the registry, but `secp256r1` and not its aliases. */
  readonly name: string;
  readonly kind: "elliptic" | "finite-field" | "hybrid" | "ml-kem";
  /** Bits of the field or prime; for hybrids of the curve; for ML-KEM the parameter set. */
  readonly bits: number;
  /** Whether TLS 1.3 may use it (RFC 8446 section 4.2.7 and later). */
  readonly isForTls13: boolean;
}

type Row = readonly [
  code: number,
  name: string,
  kind: Group["kind"],
  bits: number,
  isForTls13: boolean,
];

/**
 * RFC 8422, RFC 7919, RFC 7027, RFC 8734, RFC 8998, RFC 9189, draft-ietf-tls-ecdhe-mlkem,
 * draft-ietf-tls-mlkem and the draft of the Kyber hybrid that browsers had; registry of 2025-11.
 */
const ROWS: readonly Row[] = [
  [1, "sect163k1", "elliptic", 163, false],
  [2, "sect163r1", "elliptic", 163, false],
  [3, "sect163r2", "elliptic", 163, false],
  [4, "sect193r1", "elliptic", 193, false],
  [5, "sect193r2", "elliptic", 193, false],
  [6, "sect233k1", "elliptic", 233, false],
  [7, "sect233r1", "elliptic", 233, false],
  [8, "sect239k1", "elliptic", 239, false],
  [9, "sect283k1", "elliptic", 283, false],
  [10, "sect283r1", "elliptic", 283, false],
  [11, "sect409k1", "elliptic", 409, false],
  [12, "sect409r1", "elliptic", 409, false],
  [13, "sect571k1", "elliptic", 571, false],
  [14, "sect571r1", "elliptic", 571, false],
  [15, "secp160k1", "elliptic", 160, false],
  [16, "secp160r1", "elliptic", 160, false],
  [17, "secp160r2", "elliptic", 160, false],
  [18, "secp192k1", "elliptic", 192, false],
  [19, "secp192r1", "elliptic", 192, false],
  [20, "secp224k1", "elliptic", 224, false],
  [21, "secp224r1", "elliptic", 224, false],
  [22, "secp256k1", "elliptic", 256, false],
  [23, "secp256r1", "elliptic", 256, true],
  [24, "secp384r1", "elliptic", 384, true],
  [25, "secp521r1", "elliptic", 521, true],
  [26, "brainpoolP256r1", "elliptic", 256, false],
  [27, "brainpoolP384r1", "elliptic", 384, false],
  [28, "brainpoolP512r1", "elliptic", 512, false],
  [29, "x25519", "elliptic", 253, true],
  [30, "x448", "elliptic", 448, true],
  [31, "brainpoolP256r1tls13", "elliptic", 256, true],
  [32, "brainpoolP384r1tls13", "elliptic", 384, true],
  [33, "brainpoolP512r1tls13", "elliptic", 512, true],
  [34, "GC256A", "elliptic", 256, false],
  [35, "GC256B", "elliptic", 256, false],
  [36, "GC256C", "elliptic", 256, false],
  [37, "GC256D", "elliptic", 256, false],
  [38, "GC512A", "elliptic", 512, false],
  [39, "GC512B", "elliptic", 512, false],
  [40, "GC512C", "elliptic", 512, false],
  [41, "curveSM2", "elliptic", 256, true],
  [0x0100, "ffdhe2048", "finite-field", 2048, true],
  [0x0101, "ffdhe3072", "finite-field", 3072, true],
  [0x0102, "ffdhe4096", "finite-field", 4096, true],
  [0x0103, "ffdhe6144", "finite-field", 6144, true],
  [0x0104, "ffdhe8192", "finite-field", 8192, true],
  [0x0200, "MLKEM512", "ml-kem", 512, true],
  [0x0201, "MLKEM768", "ml-kem", 768, true],
  [0x0202, "MLKEM1024", "ml-kem", 1024, true],
  [0x11eb, "SecP256r1MLKEM768", "hybrid", 256, true],
  [0x11ec, "X25519MLKEM768", "hybrid", 253, true],
  [0x11ed, "SecP384r1MLKEM1024", "hybrid", 384, true],
  [0x11ee, "curveSM2MLKEM768", "hybrid", 256, true],
  [0x6399, "X25519Kyber768Draft00", "hybrid", 253, true],
  [0x639a, "SecP256r1Kyber768Draft00", "hybrid", 256, true],
];

/** Every group known by name, by rising code. */
export const GROUPS: readonly Group[] = ROWS.map(([code, name, kind, bits, isForTls13]) => ({
  code,
  name,
  kind,
  bits,
  isForTls13,
}));

const BY_CODE: ReadonlyMap<number, Group> = new Map(GROUPS.map((group) => [group.code, group]));
const BY_NAME: ReadonlyMap<string, Group> = new Map(GROUPS.map((group) => [group.name, group]));

export function groupByCode(code: number): Group | undefined {
  return BY_CODE.get(code);
}

export function groupByName(name: string): Group | undefined {
  return BY_NAME.get(name);
}

/** The registry's name, or `0x1234` for a code without one. */
export function groupName(code: number): string {
  return BY_CODE.get(code)?.name ?? `0x${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
