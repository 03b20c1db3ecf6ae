import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** The certificate the hub shows. Unknown when no handshake completed; absent when HUB_URL is not https. */
export interface HubCertificate {
  readonly verified: boolean;
  /** `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, ... */
  readonly error?: string;
  readonly subject?: string;
  readonly issuer?: string;
  readonly names: readonly string[];
  /** Whole days until it expires, negative when it has. */
  readonly daysLeft: number;
  readonly keyType?: string;
  readonly keyBits?: number;
  readonly signature?: string;
  readonly protocol?: string;
}

export const hubCertificate = defineFact({
  id: "hub-certificate",
  title: "Certificate of the hub",
  access: "connect",
  timeoutMs: 8_000,
  async collect(): Promise<Reading<HubCertificate>> {
    return unknown("unsupported", "not written yet");
  },
});
