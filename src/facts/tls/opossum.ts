import type { Host, HttpMessage } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import type { ScanOptions, ScanTarget } from "./scan-target.ts";

const REQUEST_MS = 6000;
const SWITCHING_PROTOCOLS = 101;

/**
 * Whether a plain port offers to go over to TLS inside HTTP (RFC 2817), which lets an attacker shift the answers
 * of a TLS port (Opossum, CVE-2025-49812). A note for the scan; `undefined` where it does not or was not asked.
 */
export async function opossumNote(
  host: Pick<Host, "request">,
  target: ScanTarget,
  address: string,
  { signal }: ScanOptions,
): Promise<string | undefined> {
  const { plainPort } = target;
  if (plainPort === undefined) return undefined;
  const name = target.sni ?? target.host;
  const authority = name.includes(":") ? `[${name}]` : name;
  try {
    const message = await host.request({
      method: "GET",
      url: new URL(`http://${authority}:${plainPort}/`),
      address,
      fields: { Upgrade: "TLS/1.0", Connection: "Upgrade" },
      bodyBytesMax: 0,
      timeoutMs: REQUEST_MS,
      signal,
    });
    if (!offersUpgrade(message)) return undefined;
    return `port ${plainPort} goes over to TLS inside HTTP (Opossum, CVE-2025-49812)`;
  } catch (error) {
    // Expected of a port that is closed or speaks no HTTP: it cannot offer it.
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

function offersUpgrade({ status, fields }: HttpMessage): boolean {
  const isTold = fields.some(
    ([name, value]) => name.toLowerCase() === "upgrade" && /\btls\b/i.test(value),
  );
  return isTold || status === SWITCHING_PROTOCOLS;
}
