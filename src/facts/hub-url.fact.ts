import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** HUB_URL without anything secret in it. Absent when it is not set or empty. */
export interface HubUrl {
  /** WHATWG-parsable with a host. */
  readonly isParsable: boolean;
  /** Lower case, without the colon; empty when there is none. */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** `https://hub.example.test:8443/path`: no userinfo, no query, no fragment. */
  readonly shown: string;
  readonly hasUserinfo: boolean;
  /** Names of query parameters that look like credentials. */
  readonly secretParameters: readonly string[];
  readonly isLoopback: boolean;
  /** The host is one of this machine's own names or addresses. */
  readonly isThisNode: boolean | undefined;
  readonly file: string;
  readonly line?: number;
  readonly layer: string;
}

export const hubUrl = defineFact({
  id: "hub-url",
  title: "HUB_URL",
  access: "read",
  timeoutMs: 2_000,
  async collect(): Promise<Reading<HubUrl>> {
    return unknown("unsupported", "not written yet");
  },
});
