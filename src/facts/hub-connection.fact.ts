import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

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

export const hubConnection = defineFact({
  id: "hub-connection",
  title: "Connection to the hub",
  access: "connect",
  timeoutMs: 6_000,
  async collect(): Promise<Reading<HubConnection>> {
    return unknown("unsupported", "not written yet");
  },
});
