import type { HttpMessage } from "../../core/host.ts";
import { HostError } from "../../core/reading.ts";
import type { TlsVerdict } from "../../core/tls-scan.ts";
import { parseHsts } from "../../parsers/http/hsts.ts";
import type { Dialer } from "./dialer.ts";
import type { ScanPlace } from "./scan-target.ts";

/** Of the page only the fields matter. */
const BODY_BYTES_MAX = 1024;
/** RFC 9110 section 8.4.1 and RFC 7932. */
const COMPRESSIONS: ReadonlySet<string> = new Set([
  "gzip",
  "x-gzip",
  "deflate",
  "br",
  "zstd",
  "compress",
]);

/** Types that carry no secret beside what a visitor wrote: how pages go out is not to be seen by them. */
const NO_PAGES = /^\s*(?:image\/(?!svg)|audio\/|video\/|font\/)/i;

export interface HttpSurvey {
  /** BREACH's precondition: pages go out compressed. Whether a secret is in them cannot be told from here. */
  readonly breach: TlsVerdict;
  readonly isLate?: boolean;
  /** `max-age` of Strict-Transport-Security in seconds, 0 without the field; `null` when no HTTP was spoken. */
  readonly hstsSeconds: number | null;
}

/**
 * One request over HTTPS, as a browser that takes compressed pages would make it. `isLate` where no answer came in
 * time: a server that serves one client after the other may have been busy with the scan's other questions.
 */
export async function surveyHttp(
  { host, target, address, serverName }: ScanPlace,
  dialer: Dialer,
  signal: AbortSignal,
): Promise<HttpSurvey> {
  if (target.starttls !== undefined) return { breach: "not-applicable", hstsSeconds: null };
  const name = serverName ?? target.host;
  const authority = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  try {
    const message = await dialer.lend(() =>
      host.request({
        method: "GET",
        url: new URL(`https://${authority}:${target.port}/`),
        address,
        fields: { "Accept-Encoding": "gzip, deflate, br, zstd" },
        bodyBytesMax: BODY_BYTES_MAX,
        timeoutMs: dialer.answerMs,
        signal,
      }),
    );
    if (message === undefined) return { breach: "unknown", hstsSeconds: null };
    return { breach: breachVerdict(message), hstsSeconds: hstsSeconds(message) };
  } catch (error) {
    // Expected of what speaks TLS and no HTTP, or wants a certificate of the client.
    if (!(error instanceof HostError)) throw error;
    return { breach: "unknown", hstsSeconds: null, isLate: error.reason === "ETIMEDOUT" };
  }
}

function breachVerdict(message: HttpMessage): TlsVerdict {
  const codings = valuesOf(message, "content-encoding").flatMap((value) => value.split(","));
  const isCompressed = codings.some((coding) => COMPRESSIONS.has(coding.trim().toLowerCase()));
  if (!isCompressed) return "not-vulnerable";
  const [type = ""] = valuesOf(message, "content-type");
  return NO_PAGES.test(type) ? "unknown" : "vulnerable";
}

/** What browsers keep: nothing of a field they ignore (RFC 6797 section 6.1). */
function hstsSeconds(message: HttpMessage): number {
  const { effective } = parseHsts(valuesOf(message, "strict-transport-security"));
  return effective?.maxAgeSeconds ?? 0;
}

function valuesOf({ fields }: HttpMessage, name: string): readonly string[] {
  return fields.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}
