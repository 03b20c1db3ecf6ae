import type { TlsCertificate, TlsScan } from "../../core/tls-scan.ts";
import { suiteByCode } from "../../wire/tls/suites.ts";
import { readChain } from "./certificate-chain.ts";
import type { Staple } from "./certificate-staple.ts";
import { isSameBytes } from "./feature-survey.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** A chain as the server sent it, leaf first, with what came beside it. */
export interface SeenChain {
  readonly chain: readonly Uint8Array[];
  readonly staple: Staple;
  /** SignedCertificateTimestampList that came in the handshake (RFC 6962 section 3.3). */
  readonly scts?: Uint8Array | undefined;
  /** The side it was seen on: `RSA`, `ECDSA`, `TLSv1.3 EdDSA`, `SSLv2`. */
  readonly seenWith: string;
}

/** The chains of TLS 1.2 and older: one per kind of authentication, as every accepted suite showed its own. */
export function chainsOf(surveys: readonly ProtocolSurvey[]): readonly SeenChain[] {
  return surveys.flatMap(({ replies, chain }) => {
    const old = chain.length > 0 ? [{ chain, staple: "unknown" as const, seenWith: "SSLv2" }] : [];
    const shown = replies.flatMap((reply) => {
      if (reply.chain.length === 0) return [];
      const staple: Staple = reply.staple ?? (reply.isWhole ? "none" : "unknown");
      const { suite, scts } = reply.hello;
      return [{ chain: reply.chain, staple, scts, seenWith: sideOf(suite) }];
    });
    return [...old, ...shown];
  });
}

function sideOf(code: number): string {
  return suiteByCode(code)?.authentication ?? "other";
}

export interface CertificateContext {
  readonly hostNames: readonly string[];
  readonly nowMs: number;
  readonly systemRootsPem: string | undefined;
  readonly caPem: string | undefined;
}

/** Every different chain once, judged, with all sides it was seen on; the staple is the worst that came. */
export function judgeChains(
  seen: readonly SeenChain[],
  context: CertificateContext,
): { readonly certificates: readonly TlsCertificate[]; readonly staple: TlsScan["staple"] } {
  const judged = distinct(seen).map(({ chain, staple, scts, sides }) =>
    readChain(chain, { ...context, staple, scts, seenWith: sides }),
  );
  const states = judged.map(({ staple }) => staple);
  return {
    certificates: judged.map(({ certificate }) => certificate),
    staple: STAPLES.find((state) => states.includes(state)) ?? "unknown",
  };
}

/** Worst first; `none` on one certificate counts less than an answer on another. */
const STAPLES: readonly TlsScan["staple"][] = ["revoked", "stale", "good", "unknown", "none"];

interface DistinctChain {
  readonly chain: readonly Uint8Array[];
  readonly staple: Staple;
  readonly scts: Uint8Array | undefined;
  readonly sides: readonly string[];
}

function distinct(seen: readonly SeenChain[]): readonly DistinctChain[] {
  const found: (Omit<DistinctChain, "sides" | "staple" | "scts"> & {
    staple: Staple;
    scts: Uint8Array | undefined;
    readonly sides: string[];
  })[] = [];
  for (const { chain, staple, scts, seenWith } of seen) {
    const known = found.find((each) => isSameChain(each.chain, chain));
    if (known === undefined) {
      found.push({ chain, staple, scts, sides: [seenWith] });
      continue;
    }
    known.scts ??= scts;
    if (!known.sides.includes(seenWith)) known.sides.push(seenWith);
    if (typeof known.staple === "string" && staple !== "unknown") known.staple = staple;
  }
  return found;
}

function isSameChain(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return (
    a.length === b.length &&
    a.every((certificate, at) => isSameBytes(certificate, b[at] ?? new Uint8Array(0)))
  );
}
