import type { TlsProtocol } from "../../core/tls-scan.ts";
import {
  clientHelloRecord,
  SUITES_PER_HELLO_MAX,
  SUITES_PER_PLAIN_HELLO_MAX,
  splitSuites,
} from "../../wire/tls/client-hello.ts";
import { type ClientOffer, clientHelloFor } from "../../wire/tls/client-offer.ts";
import { GROUPS } from "../../wire/tls/groups.ts";
import type { ServerHello } from "../../wire/tls/server-hello.ts";
import { BROAD_SIGNATURE_SCHEMES } from "../../wire/tls/signature-schemes.ts";
import { type CipherSuite, suiteByCode, suitesFor } from "../../wire/tls/suites.ts";
import { VERSION_CODES } from "../../wire/tls/versions.ts";
import type { Question } from "./caller.ts";
import { readServerFlight } from "./hello-reading.ts";

/** Protocols whose hello is a record of TLS. */
export type RecordProtocol = Exclude<TlsProtocol, "SSLv2">;

/** Groups of TLS 1.3, those that most servers have first. */
export const GROUPS_13: readonly number[] = commonFirst(
  GROUPS.filter(({ isForTls13 }) => isForTls13).map(({ code }) => code),
);

/** Curves of TLS 1.2 and older; finite fields are for DHE suites and would narrow those (RFC 7919). */
export const CURVES_12: readonly number[] = commonFirst(
  GROUPS.filter(
    ({ kind, isForTls13, code }) =>
      kind === "elliptic" && !(isForTls13 && code >= 31 && code <= 33),
  )
    .filter(({ code }) => code !== 41)
    .map(({ code }) => code),
);

function commonFirst(codes: readonly number[]): readonly number[] {
  const common = [29, 23, 24, 25, 30].filter((code) => codes.includes(code));
  return [...common, ...codes.filter((code) => !common.includes(code))];
}

/**
 * The suites a server of `protocol` may have, in lists short enough for one hello each: what servers are
 * likely to have in the first, strong ones first within each. `keyed` need a secret that both sides have.
 */
export function suiteLists(protocol: RecordProtocol): {
  readonly ordinary: readonly (readonly number[])[];
  readonly keyed: readonly (readonly number[])[];
} {
  const all = suitesFor(protocol).toSorted((a, b) => rank(a) - rank(b) || b.bits - a.bits);
  const perHelloMax = protocol === "SSLv3" ? SUITES_PER_PLAIN_HELLO_MAX : SUITES_PER_HELLO_MAX - 8;
  const lists = (suites: readonly CipherSuite[]) =>
    splitSuites(
      suites.map(({ code }) => code),
      perHelloMax,
    );
  return {
    ordinary: lists(all.filter((suite) => !isKeyed(suite))),
    keyed: lists(all.filter(isKeyed)),
  };
}

const KEYED = /^(?:.*PSK|SRP|KRB5|GOST|ECCPWD)$/;
const RARE_CIPHERS = /^(?:ARIA|SM4|CAMELLIA|SEED|IDEA|28147|KUZNYECHIK|MAGMA)/;
const EXCHANGE_RANK: Readonly<Record<string, number>> = { any: 0, ECDHE: 0, DHE: 1, RSA: 2 };

/** Whether a suite needs a secret that both sides have. */
export function isKeyedSuite(code: number): boolean {
  const suite = suiteByCode(code);
  return suite !== undefined && isKeyed(suite);
}

function isKeyed({ keyExchange, authentication }: CipherSuite): boolean {
  return KEYED.test(keyExchange) || KEYED.test(authentication);
}

/** Lower is likelier to be met, then stronger. */
function rank(suite: CipherSuite): number {
  const { cipher, mode, keyExchange, authentication, isExport, bits } = suite;
  const isStatic = keyExchange === "DH" || keyExchange === "ECDH";
  if (RARE_CIPHERS.test(cipher)) return cipher.startsWith("CAMELLIA") ? 50 : 60;
  if (isStatic || authentication === "DSS") return 60;
  if (authentication === "anon" || isExport || bits < 112) return 40;
  if (cipher === "RC4" || cipher === "3DES_EDE") return 30;
  return (EXCHANGE_RANK[keyExchange] ?? 5) + (mode === "AEAD" ? 0 : 10);
}

/** What one hello asks, beside what every hello has. */
export interface HelloWish {
  readonly protocol: RecordProtocol;
  readonly suites: readonly number[];
  /** Default: all that the protocol has. */
  readonly groups?: readonly number[];
  /** `undefined` sends none. */
  readonly serverName: string | undefined;
  readonly more?: Partial<ClientOffer>;
}

const EMPTY = new Uint8Array(0);

/** The offer of a hello. Every one asks for a staple and timestamps, and says that it knows RFC 5746. */
export function helloOffer(wish: HelloWish): ClientOffer {
  const { protocol, suites, serverName, more } = wish;
  const is13 = protocol === "TLSv1.3";
  return {
    version: protocol,
    random: randomBytes(32),
    suites,
    groups: wish.groups ?? (is13 ? GROUPS_13 : CURVES_12),
    ...(serverName === undefined ? {} : { serverName }),
    ...(is13 || protocol === "TLSv1.2" ? { signatureSchemes: BROAD_SIGNATURE_SCHEMES } : {}),
    ...(is13 ? { renegotiation: "none", sessionId: randomBytes(32), pskModes: [1] } : {}),
    ...(is13 || protocol === "SSLv3"
      ? {}
      : {
          renegotiation: EMPTY,
          sessionTicket: EMPTY,
          extendedMasterSecret: true,
          heartbeatMode: 1,
        }),
    asksForStaple: true,
    asksForScts: true,
    ...more,
  };
}

/** The hello as a question for the dialer. A choice of what was not offered is no answer to it. */
export function helloQuestion(wish: HelloWish): Question {
  const ask = recordQuestion(clientHelloRecord(clientHelloFor(helloOffer(wish))));
  return async (stream, limitMs) => {
    const answer = await ask(stream, limitMs);
    const why = answer.kind === "reply" ? whySenseless(answer.hello, wish) : undefined;
    return why === undefined ? answer : { kind: "garbage", why, isTls: true };
  };
}

/** An older version, and then whatever suite, refuses the version that was asked for. */
function whySenseless(
  { version, suite }: ServerHello,
  { protocol, suites }: HelloWish,
): string | undefined {
  const asked = VERSION_CODES[protocol];
  if (version > asked || version < VERSION_CODES.SSLv3) {
    return "the server chose a version that was not offered";
  }
  const isOffered = version < asked || suites.includes(suite);
  return isOffered ? undefined : "the server chose what was not offered";
}

/** The record of a hello as a question for the dialer. */
export function recordQuestion(record: Uint8Array): Question {
  return async (stream, limitMs) => {
    await stream.write(record);
    return readServerFlight(stream, limitMs);
  };
}

/** Not secret: nothing is encrypted with what they make. */
export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
