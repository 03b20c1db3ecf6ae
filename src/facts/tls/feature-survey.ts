import type { TlsScan } from "../../core/tls-scan.ts";
import { ALERTS } from "../../wire/tls/alerts.ts";
import type { ClientOffer } from "../../wire/tls/client-offer.ts";
import { ALPN_FAILED, ALPN_REFUSED, type AlpnAnswer, surveyAlpn } from "./alpn-survey.ts";
import type { Dialer } from "./dialer.ts";
import { type HelloAnswer, type HelloReply, whyOpen } from "./hello-answer.ts";
import { helloQuestion, type RecordProtocol } from "./hello-plan.ts";
import { isOf } from "./peel.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** RFC 2606: no server has it. */
export const WRONG_NAME = "plimsoll-wrong-name.invalid";
/** What is asked with suites the server is known to take. */
interface Base {
  readonly dialer: Dialer;
  readonly survey: Pick<ProtocolSurvey, "protocol" | "suites">;
  readonly serverName: string | undefined;
}

function askBase(
  { dialer, survey, serverName }: Base,
  more: Partial<ClientOffer>,
): Promise<HelloAnswer> {
  const protocol = survey.protocol as RecordProtocol;
  return dialer.ask(helloQuestion({ protocol, suites: survey.suites, serverName, more }));
}

/** ALPN and compression, which go into one hello. */
export interface Extras {
  readonly alpn: readonly string[] | null;
  readonly compression: boolean | null;
}

/**
 * ALPN's names, and DEFLATE in the first hello. Below TLS 1.3 only: there ALPN's answer is encrypted and
 * compression gone.
 */
export async function surveyExtras(base: Base): Promise<Extras> {
  let compression: boolean | null = null;
  const ask = async (alpn: readonly string[]): Promise<AlpnAnswer> => {
    const answer = await askBase(base, { alpn, compressionMethods: [1, 0] });
    if (answer.kind === "reply") {
      compression ??= isCompressed(answer);
      return answer.hello.alpn;
    }
    if (whyOpen(answer) !== undefined) return null;
    return answer.kind === "alert" && answer.code === ALERTS.noApplicationProtocol
      ? ALPN_REFUSED
      : ALPN_FAILED;
  };
  const alpn = await surveyAlpn(ask);
  if (compression !== null || alpn === null) return { alpn, compression };
  const plain = await askBase(base, { compressionMethods: [1, 0] });
  return { alpn, compression: plain.kind === "reply" ? isCompressed(plain) : null };
}

function isCompressed({ hello }: HelloReply): boolean {
  return hello.compressionMethod !== 0;
}

/** What a client without the right name gets, next to `usual`, the answer to the right one. */
export async function surveySni(base: Base, usual: HelloReply): Promise<TlsScan["sni"]> {
  const { dialer, survey, serverName } = base;
  const ask = async (name: string | undefined): Promise<TlsScan["sni"]["withoutName"]> => {
    if (name === serverName) return "same";
    const protocol = survey.protocol as RecordProtocol;
    const answer = await dialer.ask(
      helloQuestion({ protocol, suites: [usual.hello.suite], serverName: name }),
    );
    if (answer.kind === "alert" || answer.kind === "closed") return "refused";
    if (answer.kind !== "reply") return "unknown";
    if (!isOf(answer, protocol)) return "other-certificate";
    return sniVerdict(usual.chain[0], answer.chain[0]);
  };
  const [withoutName, wrongName] = await Promise.all([ask(undefined), ask(WRONG_NAME)]);
  return { withoutName, wrongName };
}

function sniVerdict(
  usual: Uint8Array | undefined,
  seen: Uint8Array | undefined,
): TlsScan["sni"]["withoutName"] {
  if (usual === undefined || seen === undefined) return "unknown";
  return isSameBytes(usual, seen) ? "same" : "other-certificate";
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/**
 * Whether a client that comes back with an older version is turned away (RFC 7507): asked with the newest
 * version below TLS 1.2 that is on, as between 1.3 and 1.2 the sentinel in the random does the work. That there
 * is nothing to fall back to is said only where every version answered.
 */
export async function surveyFallback(
  dialer: Dialer,
  surveys: readonly ProtocolSurvey[],
  serverName: string | undefined,
): Promise<TlsScan["fallbackScsv"]> {
  const on = surveys.filter(({ state, protocol }) => state === "on" && protocol !== "SSLv2");
  const older = on.findLast(
    ({ protocol }) => OLD.has(protocol) && protocol !== on.at(-1)?.protocol,
  );
  if (older === undefined) {
    const isKnown = on.length > 0 && surveys.every(({ state }) => state !== "unknown");
    return isKnown ? "not-applicable" : "unknown";
  }
  const base = { dialer, survey: older, serverName };
  const answer = await askBase(base, { fallbackScsv: true });
  if (answer.kind === "reply") return "unsupported";
  if (answer.kind === "alert" && answer.code === ALERTS.inappropriateFallback) return "supported";
  // Refused, though the same hello without the signal is not.
  return answer.kind === "alert" || answer.kind === "closed" ? "supported" : "unknown";
}

const OLD: ReadonlySet<string> = new Set(["SSLv3", "TLSv1", "TLSv1.1"]);
