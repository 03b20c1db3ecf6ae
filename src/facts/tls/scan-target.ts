import type { Host } from "../../core/host.ts";

/** Protocols in which TLS starts after a plain preamble. */
export const STARTTLS_PROTOCOLS = ["smtp", "imap", "pop3", "postgres", "ldap", "xmpp"] as const;
export type StarttlsProtocol = (typeof STARTTLS_PROTOCOLS)[number];

/** What is scanned. */
export interface ScanTarget {
  /** Name or address as the operator wrote it. */
  readonly host: string;
  readonly port: number;
  /** Name for SNI and for judging certificates; `host`, unless told. An address is never sent as SNI. */
  readonly sni?: string;
  readonly starttls?: StarttlsProtocol;
  /** Authorities trusted beside the system's store, PEM. */
  readonly caPem?: string;
  /** Asks this plain port whether HTTP upgrades to TLS (Opossum, CVE-2025-49812). */
  readonly plainPort?: number;
}

export interface ScanOptions {
  /**
   * Connections to one address, at most. Without it `CONNECTIONS_MAX`, and more only as long as each shows another
   * suite or group: a list cut short would be no list.
   */
  readonly connectionsMax?: number;
  /** Connections open at once, at most. Default `IN_FLIGHT_MAX`. */
  readonly inFlightMax?: number;
  /** Least time between two connections. Default 0. */
  readonly delayMs?: number;
  readonly signal: AbortSignal;
  /** The clock certificates are judged by, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Enough for an ordinary server (spec/tls.md section 6). */
export const CONNECTIONS_MAX = 75;
/** What a scan takes beside the connections that show a suite or group. */
export const CONNECTIONS_BESIDE_REPLIES = 45;
/** Enough for a server with every suite of a library in every protocol: JSSE 17 takes 231 and 15 groups. */
export const CONNECTIONS_RICH_MAX = 320;
export const IN_FLIGHT_MAX = 5;

/** One address of the target, with everything the probes of it share. */
export interface ScanPlace {
  readonly host: Host;
  readonly target: ScanTarget;
  readonly address: string;
  /** Sent as SNI; `undefined` for an address (RFC 6066 section 3). */
  readonly serverName: string | undefined;
}
