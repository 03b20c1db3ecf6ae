import type { Host } from "../../core/host.ts";
import { answerOf, type HttpSide } from "../../core/http-site.ts";
import { HostError } from "../../core/reading.ts";

const HANDSHAKE_MS = 4_000;

/** Whether the server takes HTTP/2 by ALPN (RFC 9113 section 3.2); `null` where it spoke no TLS or did not say. */
export async function offersHttp2(
  host: Host,
  https: HttpSide,
  signal: AbortSignal,
): Promise<boolean | null> {
  if (answerOf(https) === undefined) return null;
  const { hostname, port } = new URL(https.url);
  try {
    const peer = await host.handshake(hostname, Number(port) || 443, {
      alpn: ["h2", "http/1.1"],
      timeoutMs: HANDSHAKE_MS,
      signal,
    });
    return peer.alpn === "h2";
  } catch (error) {
    // Expected of a server that takes one connection at a time; it has answered HTTP before.
    if (error instanceof HostError && error.code === "unreachable") return null;
    throw error;
  }
}
