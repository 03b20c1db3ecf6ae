import type { MeasureOptions } from "./secret-measure.ts";
import { measureSecret } from "./secret-measure.ts";

/** A Sentry DSN without its key: `https://KEY@HOST/PROJECT` (Sentry SDK documentation, "Data Source Name"). */
export interface SentryDsn {
  readonly isEmpty: boolean;
  /** `https://KEY@HOST/NUMBER`, also with a path before the number as self-hosted servers have it. */
  readonly isWellFormed: boolean;
  readonly isHttps: boolean;
  /** The form with a secret beside the public key, which SDKs have not needed since 2018. */
  readonly hasSecretPart: boolean;
  /** A sample's words (catalog G9), or a shell expression that nobody runs. */
  readonly isPlaceholder: boolean;
  /** `o1.ingest.sentry.io`, as long as a host name may be; empty where there is none. */
  readonly host: string;
  /** The number at the end of the path; empty where there is none. */
  readonly project: string;
  /** `set, 68 chars, fp:1a2b3c4d`, of the whole. */
  readonly fingerprint: string;
}

const HOST_LENGTH_MAX = 253;
const SAMPLE_KEY =
  /^(?:your[-_].*|.*(?:public[-_]?key|example|placeholder|change[-_]?me|xxxx).*|key|dsn|<.*>|x+)$/i;
const SAMPLE_HOST = /(?:^|\.)(?:example\.(?:com|org|net)|yourdomain\.com)$/i;

/** Takes a DSN apart; whatever the text holds, no part of its key is in the result. */
export function describeDsn(text: string, options: MeasureOptions): SentryDsn {
  const trimmed = text.trim();
  const url = URL.parse(trimmed);
  const measure = measureSecret(text, options);
  const host = url?.hostname.slice(0, HOST_LENGTH_MAX) ?? "";
  const project = /^(?:\/[\w.-]+)*\/(\d{1,20})\/?$/.exec(url?.pathname ?? "")?.[1] ?? "";
  const key = url?.username ?? "";
  const isPlaceholder =
    SAMPLE_KEY.test(decoded(key)) || SAMPLE_HOST.test(host) || measure.isUnexpanded;
  return {
    isEmpty: trimmed === "",
    isWellFormed: host !== "" && key !== "" && project !== "",
    isHttps: url?.protocol === "https:",
    hasSecretPart: (url?.password ?? "") !== "",
    isPlaceholder: isPlaceholder || (trimmed !== "" && project === "" && measure.isPlaceholder),
    host,
    project,
    fingerprint: measure.fingerprint,
  };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
