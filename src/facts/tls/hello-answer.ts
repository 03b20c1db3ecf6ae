import type { ServerHello } from "../../wire/tls/server-hello.ts";
import type { KeyExchangeParameters } from "../../wire/tls/server-key-exchange.ts";

/** A ServerHello or HelloRetryRequest, with the flight behind it where that is in the clear. */
export interface HelloReply {
  readonly kind: "reply";
  readonly hello: ServerHello;
  /** DER, leaf first; empty when no Certificate came. */
  readonly chain: readonly Uint8Array[];
  readonly parameters?: KeyExchangeParameters;
  /** The stapled OCSP answer, DER. */
  readonly staple?: Uint8Array;
  readonly wantsClientCertificate: boolean;
  /** ServerHelloDone came: what is not here was not sent. */
  readonly isWhole: boolean;
  /** A fatal alert ended the flight: the server cannot do what it had just chosen. */
  readonly isBrokenOff?: boolean;
  /** The rest of the flight did not come in time. */
  readonly isStalled?: boolean;
}

/** SSL 2.0's SERVER-HELLO: it tells everything at once. */
export interface Ssl2Reply {
  readonly kind: "ssl2";
  /** Names of the cipher kinds. */
  readonly suites: readonly string[];
  readonly chain: readonly Uint8Array[];
}

/** What came of one hello. */
export type HelloAnswer =
  | HelloReply
  | Ssl2Reply
  | { readonly kind: "alert"; readonly code: number }
  /** Closed or reset where an answer was due. */
  | { readonly kind: "closed"; readonly how: "end" | "reset" }
  /** Bytes that are no TLS, or TLS that makes no sense. */
  | { readonly kind: "garbage"; readonly why: string; readonly isTls: boolean }
  | { readonly kind: "silent" }
  /** The port cannot be connected to. */
  | { readonly kind: "unreachable"; readonly why: string; readonly reason: string | undefined }
  /** The preamble of STARTTLS failed. */
  | { readonly kind: "no-starttls"; readonly why: string }
  /** Not asked: connections, time or the server's patience ran out. */
  | { readonly kind: "unasked"; readonly why: string };

/** Whether the peer spoke TLS: the answers that a verdict may rest on. */
export function isSpoken(answer: HelloAnswer): boolean {
  return answer.kind === "reply" || answer.kind === "ssl2" || answer.kind === "alert";
}

/**
 * Why an answer leaves open what was asked; `undefined` where it does not. A close or reset that the
 * dialer lets through was repeated while the server answered another hello: a refusal.
 */
export function whyOpen(answer: HelloAnswer): string | undefined {
  switch (answer.kind) {
    case "silent":
      return "no answer in time";
    case "unreachable":
    case "no-starttls":
    case "unasked":
    case "garbage":
      return answer.why;
    default:
      return undefined;
  }
}
