import { defineFact } from "../core/fact.ts";
import type { TlsPeer } from "../core/host.ts";
import { absent, known, knownValue, type Reading } from "../core/reading.ts";
import {
  type EnvironmentValues,
  effectiveAssignment,
  environmentValues,
} from "./environment-values.fact.ts";
import { hubTarget } from "./hub-connection.fact.ts";
import { hubUrl } from "./hub-url.fact.ts";
import { outboundProxy } from "./outbound-proxy.ts";
import { resolveFrom } from "./target-path.ts";

/** The certificate the hub shows. Unknown when no handshake completed; absent when HUB_URL is not https. */
export interface HubCertificate {
  readonly verified: boolean;
  /** `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, ... */
  readonly error?: string;
  readonly subject?: string;
  readonly issuer?: string;
  readonly names: readonly string[];
  /** ISO 8601; not in every recording. */
  readonly notAfter?: string;
  /** Whole days until it expires, negative when it has; may be absent where it does not verify. */
  readonly daysLeft?: number | undefined;
  readonly keyType?: string;
  readonly keyBits?: number;
  readonly signature?: string;
  readonly protocol?: string;
}

const HANDSHAKE_TIMEOUT_MS = 6_000;
const DAY_MS = 86_400_000;
/** Where the clients of Python look for the authorities to trust, highest precedence first (`requests`, OpenSSL). */
const TRUST_KEYS = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"];

export const hubCertificate = defineFact({
  id: "hub-certificate",
  title: "Certificate of the hub",
  access: "connect",
  timeoutMs: 8_000,
  wants: { hubUrl, environmentValues },
  async collect(
    { host, target, nowMs, signal },
    _facts,
    readings,
  ): Promise<Reading<HubCertificate>> {
    const hub = hubTarget(readings.hubUrl);
    if (hub.state !== "known") return hub;
    const { scheme, host: name, port } = hub.value;
    if (scheme !== "https") return absent("HUB_URL is not https");
    const values = knownValue(readings.environmentValues);
    const proxy = outboundProxy(values, hub.value);
    if (proxy.state === "unknown") return proxy;
    const trusted = trustFile(values);
    const peer = await host.handshake(name, port, {
      timeoutMs: HANDSHAKE_TIMEOUT_MS,
      signal,
      ...(proxy.state === "known" && { proxy: proxy.value.proxy }),
      ...(trusted !== undefined && { trustFile: resolveFrom(target.directory, trusted) }),
    });
    return known(describe(peer, nowMs));
  },
});

function trustFile(values: EnvironmentValues | undefined): string | undefined {
  if (values === undefined) return undefined;
  const written = TRUST_KEYS.map((key) => effectiveAssignment(values, key)?.value.trim() ?? "");
  return written.find((value) => value !== "");
}

/** The verifier goes by the machine's clock; the audit's own clock may say otherwise. */
function describe(peer: TlsPeer, nowMs: number): HubCertificate {
  const { subject, issuer, names, keyType, keyBits, signature, protocol } = peer;
  const error = peer.error ?? outOfDate(peer, nowMs);
  return {
    verified: peer.verified && error === undefined,
    ...(error !== undefined && { error }),
    subject,
    issuer,
    names,
    notAfter: peer.notAfter,
    daysLeft: Math.floor((Date.parse(peer.notAfter) - nowMs) / DAY_MS),
    keyType,
    keyBits,
    signature,
    protocol,
  };
}

function outOfDate({ notBefore, notAfter }: TlsPeer, nowMs: number): string | undefined {
  if (Date.parse(notAfter) < nowMs) return "CERT_HAS_EXPIRED";
  return Date.parse(notBefore) > nowMs ? "CERT_NOT_YET_VALID" : undefined;
}
