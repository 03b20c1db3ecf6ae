import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** One listening socket. */
export interface Listener {
  readonly proto: "tcp" | "udp" | "unix";
  /** As text: `127.0.0.1`, `::`, `*` (every address, family not told), a path for `unix`. */
  readonly address: string;
  readonly port: number;
  readonly pid?: number;
  /** Name or command of the owning process; absent when it cannot be told (needs root). */
  readonly command?: string;
  readonly user?: string;
  /** Only with `::`: whether IPv4 is accepted as well; absent when it cannot be told. */
  readonly isDualStack?: boolean;
}

export const listeners = defineFact({
  id: "listeners",
  title: "Listening sockets",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<readonly Listener[]>> {
    return unknown("unsupported", "not written yet");
  },
});
