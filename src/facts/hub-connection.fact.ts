import { defineFact } from "../core/fact.ts";
import { absent, HostError, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { type HubUrl, hubUrl } from "./hub-url.fact.ts";
import { outboundProxy } from "./outbound-proxy.ts";

/** One TCP connection to the hub. Unknown when it was not tried (offline, not recorded). */
export interface HubConnection {
  readonly isOpen: boolean;
  /** The address that answered. */
  readonly address?: string;
  readonly elapsedMs?: number;
  /** `ECONNREFUSED`, `ETIMEDOUT`, `ENOTFOUND` ... when it failed. */
  readonly error?: string;
  /** The proxy it went through (`HTTPS_PROXY`), without userinfo. */
  readonly via?: string;
}

/** Catalog `agent.hub-reachable`. */
export const CONNECT_TIMEOUT_MS = 5_000;

export const hubConnection = defineFact({
  id: "hub-connection",
  title: "Connection to the hub",
  access: "connect",
  timeoutMs: 6_000,
  wants: { hubUrl, environmentValues },
  async collect({ host, signal }, _facts, readings): Promise<Reading<HubConnection>> {
    const target = hubTarget(readings.hubUrl);
    if (target.state !== "known") return target;
    const hub = target.value;
    const proxy = outboundProxy(knownValue(readings.environmentValues), hub);
    if (proxy.state === "unknown") return proxy;
    const through = proxy.state === "known" ? proxy.value : undefined;
    const via = through === undefined ? {} : { via: through.shown };
    try {
      const answered = await host.connect(hub.host, hub.port, {
        timeoutMs: CONNECT_TIMEOUT_MS,
        signal,
        ...(through !== undefined && { proxy: through.proxy }),
      });
      return known({ isOpen: true, ...answered, ...via });
    } catch (error) {
      // That it does not answer is the answer; that it was not asked (offline, no grant) is not.
      if (!(error instanceof HostError) || error.code !== "unreachable") throw error;
      const { reason = "ECONNABORTED" } = error;
      if (hub.scheme === "http" && reason.startsWith("PROXY_")) {
        return unknown("unsupported", `${via.via} allows no tunnel to port ${hub.port}`);
      }
      return known({ isOpen: false, error: reason, ...via });
    }
  },
});

export interface HubTarget {
  readonly scheme: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where the hub is; absent when HUB_URL is not set or no URL that names a host and a port. */
export function hubTarget(url: Reading<HubUrl>): Reading<HubTarget> {
  if (url.state !== "known") return url;
  const { isParsable, scheme, host, port } = url.value;
  if (!isParsable) return absent("HUB_URL is no URL with a host");
  if (port === 0) return absent(`HUB_URL names no port, and ${scheme} has none of its own`);
  return known({ scheme, host: host.replace(/^\[|\]$/g, ""), port });
}
