import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** Inbound webhook drivers found in source. */
export interface WebhookDrivers {
  readonly drivers: readonly {
    /** `grafana`, `cluster`. */
    readonly name: string;
    readonly file: string;
    readonly line: number;
    /** The signature header its code reads, where it has one. */
    readonly signatureHeader?: string;
    readonly isEnabled: boolean;
  }[];
  /** Routes that take webhooks, as written in source. */
  readonly routes: readonly {
    readonly route: string;
    readonly file: string;
    readonly line: number;
  }[];
  /** Jobs that push to a hub (`push_to_hub` in a timer, cron or management command). */
  readonly pushers: readonly {
    readonly file: string;
    readonly line: number;
    readonly text: string;
  }[];
  /** Signs of generation 2 in source: `create_api_key` command, `APIKeyAuthMiddleware`. */
  readonly generation2: readonly {
    readonly file: string;
    readonly line: number;
    readonly sign: string;
  }[];
  /** Signs of generation 1 in source: signature header in drivers, `CLUSTER_ENABLED` in settings. */
  readonly generation1: readonly {
    readonly file: string;
    readonly line: number;
    readonly sign: string;
  }[];
  /** Whether the list of drivers could be made out. */
  readonly isResolvable: boolean;
  /** HTTPS verification turned off in the agent's own code (`verify=False`, `CERT_NONE`). */
  readonly unverifiedCalls: readonly {
    readonly file: string;
    readonly line: number;
    readonly text: string;
  }[];
}

export const webhookDrivers = defineFact({
  id: "webhook-drivers",
  title: "Webhook drivers and push jobs in source",
  access: "read",
  timeoutMs: 15_000,
  async collect(): Promise<Reading<WebhookDrivers>> {
    return unknown("unsupported", "not written yet");
  },
});
