/** Ciphers of the record layer by Node's name, with the sizes the key block is cut by. */
export interface BulkCipher {
  readonly name: string;
  /** `stream` is RC4 and `null` nothing at all; Node is not asked for either. */
  readonly mode: "cbc" | "gcm" | "ccm" | "chacha20-poly1305" | "stream" | "null";
  readonly keyBytes: number;
  /** CBC: the block. AEAD: the part of the nonce that comes from the key block. */
  readonly ivBytes: number;
  /** AEAD only. */
  readonly tagBytes: number;
}

export type HashName = "md5" | "sha1" | "sha256" | "sha384";

/** What a suite of TLS 1.0 to 1.2 is made of, where this program can speak it. */
export interface LegacySuite {
  readonly keyExchange: "RSA" | "DHE" | "ECDHE";
  readonly cipher: BulkCipher;
  /** HMAC of CBC suites; AEAD suites have none. */
  readonly mac: HashName | undefined;
  /** Hash of the TLS 1.2 PRF; TLS 1.0 and 1.1 have their own (RFC 2246 section 5). */
  readonly prf: HashName;
}

/** What a suite of TLS 1.3 is made of (RFC 8446 appendix B.4). */
export interface ModernSuite {
  readonly cipher: BulkCipher;
  readonly hash: HashName;
}

const cbc = (name: string, keyBytes: number, ivBytes = 16): BulkCipher => ({
  name,
  mode: "cbc",
  keyBytes,
  ivBytes,
  tagBytes: 0,
});
const DES3 = cbc("des-ede3-cbc", 24, 8);
/** Node has no single DES: it is 3DES with the same key three times. */
const DES = cbc("des-ede3-cbc", 8, 8);
const AES128 = cbc("aes-128-cbc", 16);
const AES256 = cbc("aes-256-cbc", 32);
const CAMELLIA128 = cbc("camellia-128-cbc", 16);
const CAMELLIA256 = cbc("camellia-256-cbc", 32);
const ARIA128 = cbc("aria-128-cbc", 16);
const ARIA256 = cbc("aria-256-cbc", 32);
const RC4: BulkCipher = { name: "rc4", mode: "stream", keyBytes: 16, ivBytes: 0, tagBytes: 0 };
const NULL: BulkCipher = { name: "null", mode: "null", keyBytes: 0, ivBytes: 0, tagBytes: 0 };

const aead = (name: string, mode: "gcm" | "ccm", keyBytes: number, tagBytes = 16): BulkCipher => ({
  name,
  mode,
  keyBytes,
  ivBytes: 4,
  tagBytes,
});
const GCM128 = aead("aes-128-gcm", "gcm", 16);
const GCM256 = aead("aes-256-gcm", "gcm", 32);
const ARIA_GCM128 = aead("aria-128-gcm", "gcm", 16);
const ARIA_GCM256 = aead("aria-256-gcm", "gcm", 32);
const CCM128 = aead("aes-128-ccm", "ccm", 16);
const CCM256 = aead("aes-256-ccm", "ccm", 32);
const CCM128_8 = aead("aes-128-ccm", "ccm", 16, 8);
const CCM256_8 = aead("aes-256-ccm", "ccm", 32, 8);
const CHACHA: BulkCipher = {
  name: "chacha20-poly1305",
  mode: "chacha20-poly1305",
  keyBytes: 32,
  ivBytes: 12,
  tagBytes: 16,
};

type Row = readonly [
  codes: readonly number[],
  cipher: BulkCipher,
  mac?: HashName | undefined,
  prf?: HashName,
];

/** Codes by IANA's "TLS Cipher Suites" registry, strongest first within a key exchange. */
const ROWS: Readonly<Record<LegacySuite["keyExchange"], readonly Row[]>> = {
  ECDHE: [
    [[0xc02b, 0xc02f], GCM128],
    [[0xc02c, 0xc030], GCM256, undefined, "sha384"],
    [[0xcca9, 0xcca8], CHACHA],
    [[0xc0ac], CCM128],
    [[0xc0ad], CCM256],
    [[0xc0ae], CCM128_8],
    [[0xc0af], CCM256_8],
    [[0xc023, 0xc027], AES128, "sha256"],
    [[0xc024, 0xc028], AES256, "sha384", "sha384"],
    [[0xc009, 0xc013], AES128, "sha1"],
    [[0xc00a, 0xc014], AES256, "sha1"],
    [[0xc072, 0xc076], CAMELLIA128, "sha256"],
    [[0xc073, 0xc077], CAMELLIA256, "sha384", "sha384"],
    [[0xc05c, 0xc060], ARIA_GCM128],
    [[0xc05d, 0xc061], ARIA_GCM256, undefined, "sha384"],
    [[0xc048, 0xc04c], ARIA128, "sha256"],
    [[0xc049, 0xc04d], ARIA256, "sha384", "sha384"],
    [[0xc008, 0xc012], DES3, "sha1"],
    [[0xc007, 0xc011], RC4, "sha1"],
    [[0xc006, 0xc010], NULL, "sha1"],
  ],
  // The second code of a pair is DHE_DSS, where it has one.
  DHE: [
    [[0x009e, 0x00a2], GCM128],
    [[0x009f, 0x00a3], GCM256, undefined, "sha384"],
    [[0xccaa], CHACHA],
    [[0xc09e], CCM128],
    [[0xc09f], CCM256],
    [[0xc0a2], CCM128_8],
    [[0xc0a3], CCM256_8],
    [[0x0067, 0x0040], AES128, "sha256"],
    [[0x006b, 0x006a], AES256, "sha256"],
    [[0x0033, 0x0032], AES128, "sha1"],
    [[0x0039, 0x0038], AES256, "sha1"],
    [[0x00be, 0x00bd], CAMELLIA128, "sha256"],
    [[0x00c4, 0x00c3], CAMELLIA256, "sha256"],
    [[0x0045, 0x0044], CAMELLIA128, "sha1"],
    [[0x0088, 0x0087], CAMELLIA256, "sha1"],
    [[0xc052, 0xc056], ARIA_GCM128],
    [[0xc053, 0xc057], ARIA_GCM256, undefined, "sha384"],
    [[0xc044, 0xc042], ARIA128, "sha256"],
    [[0xc045, 0xc043], ARIA256, "sha384", "sha384"],
    [[0x0016, 0x0013], DES3, "sha1"],
    [[0x0015, 0x0012], DES, "sha1"],
    [[0x0066], RC4, "sha1"],
  ],
  RSA: [
    [[0x009c], GCM128],
    [[0x009d], GCM256, undefined, "sha384"],
    [[0xc09c], CCM128],
    [[0xc09d], CCM256],
    [[0xc0a0], CCM128_8],
    [[0xc0a1], CCM256_8],
    [[0x003c], AES128, "sha256"],
    [[0x003d], AES256, "sha256"],
    [[0x002f], AES128, "sha1"],
    [[0x0035], AES256, "sha1"],
    [[0x00ba], CAMELLIA128, "sha256"],
    [[0x00c0], CAMELLIA256, "sha256"],
    [[0x0041], CAMELLIA128, "sha1"],
    [[0x0084], CAMELLIA256, "sha1"],
    [[0xc050], ARIA_GCM128],
    [[0xc051], ARIA_GCM256, undefined, "sha384"],
    [[0xc03c], ARIA128, "sha256"],
    [[0xc03d], ARIA256, "sha384", "sha384"],
    [[0x000a], DES3, "sha1"],
    [[0x0009], DES, "sha1"],
    [[0x0005], RC4, "sha1"],
    [[0x0004], RC4, "md5"],
    [[0x003b], NULL, "sha256"],
    [[0x0002], NULL, "sha1"],
    [[0x0001], NULL, "md5"],
  ],
};

/** Suites without a server's proof, by the key exchange they have; last of all. */
const ANONYMOUS_ROWS: Readonly<Record<"DHE" | "ECDHE", readonly Row[]>> = {
  ECDHE: [
    [[0xc018], AES128, "sha1"],
    [[0xc019], AES256, "sha1"],
    [[0xc017], DES3, "sha1"],
    [[0xc016], RC4, "sha1"],
    [[0xc015], NULL, "sha1"],
  ],
  DHE: [
    [[0x00a6], GCM128],
    [[0x00a7], GCM256, undefined, "sha384"],
    [[0x006c], AES128, "sha256"],
    [[0x006d], AES256, "sha256"],
    [[0x0034], AES128, "sha1"],
    [[0x003a], AES256, "sha1"],
    [[0x0046], CAMELLIA128, "sha1"],
    [[0x0089], CAMELLIA256, "sha1"],
    [[0x001b], DES3, "sha1"],
    [[0x001a], DES, "sha1"],
    [[0x0018], RC4, "md5"],
  ],
};

function suitesOf(keyExchange: LegacySuite["keyExchange"], rows: readonly Row[]) {
  return rows.flatMap(([codes, cipher, mac, prf]) =>
    codes.map((code) => [code, { keyExchange, cipher, mac, prf: prf ?? "sha256" }] as const),
  );
}

/** Suites of TLS 1.0 to 1.2 a handshake can be finished with, by code, in the order to offer them. */
export const LEGACY_SUITES: ReadonlyMap<number, LegacySuite> = new Map([
  ...(["ECDHE", "DHE", "RSA"] as const).flatMap((name) => suitesOf(name, ROWS[name])),
  ...(["ECDHE", "DHE"] as const).flatMap((name) => suitesOf(name, ANONYMOUS_ROWS[name])),
]);

/** Suites of TLS 1.3 a handshake can be finished with, by code, in the order to offer them. */
export const MODERN_SUITES: ReadonlyMap<number, ModernSuite> = new Map<number, ModernSuite>([
  [0x1301, { cipher: GCM128, hash: "sha256" }],
  [0x1302, { cipher: GCM256, hash: "sha384" }],
  [0x1303, { cipher: CHACHA, hash: "sha256" }],
  [0x1304, { cipher: CCM128, hash: "sha256" }],
  [0x1305, { cipher: CCM128_8, hash: "sha256" }],
]);

/** Codes of the suites with static RSA key exchange. */
export const RSA_KEY_EXCHANGE_SUITES: readonly number[] = codesOf(
  ({ keyExchange }) => keyExchange === "RSA",
);
/** Codes of the suites whose cipher runs in CBC mode. */
export const CBC_SUITES: readonly number[] = codesOf(({ cipher }) => cipher.mode === "cbc");

function codesOf(isWanted: (suite: LegacySuite) => boolean): readonly number[] {
  return [...LEGACY_SUITES].flatMap(([code, suite]) => (isWanted(suite) ? [code] : []));
}
