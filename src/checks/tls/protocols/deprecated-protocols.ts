import type { TlsProtocol } from "../../../core/tls-scan.ts";

/** RFC 8996 section 4 and 5, RFC 7568, RFC 6176. */
export const DEPRECATED_PROTOCOLS: readonly TlsProtocol[] = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"];
