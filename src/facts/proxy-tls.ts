import type { TlsProtocol } from "../core/tls-scan.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";

/** Where something stands in a configuration. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** One setting in force: given (inherited, included), left to the product, or not to be told. */
export type TlsSetting<T> =
  | { readonly state: "set"; readonly value: T; readonly text: string; readonly at: Place }
  | { readonly state: "unset" }
  | { readonly state: "unknown"; readonly why: string };

/** A certificate the listener names, with the key that belongs to it. */
export interface NamedCertificate {
  /** Absolute where it can be told, else as written. */
  readonly file: string;
  readonly keyFile?: string;
  /** A file of intermediates that are sent with it (`SSLCertificateChainFile`). */
  readonly chainFile?: string;
  readonly at: Place;
  /** Every certificate in this directory (haproxy's `crt`). */
  readonly isDirectory?: true;
}

/**
 * One server block, site, virtual host or frontend on one socket that speaks TLS, with what is in
 * force for it.
 */
export interface TlsListener {
  readonly proxy: ProxyKind;
  /** Names it answers to, as written. */
  readonly names: readonly string[];
  /** `*` for all of IPv4, `::` for all of IPv6. */
  readonly address: string;
  readonly port: number;
  /** Of the `listen`, site address or `bind`. */
  readonly file: string;
  readonly line: number;
  /** It answers clients that name none of the socket's names. */
  readonly isDefaultServer: boolean;
  /** What a client meets: with nginx the default server's of the socket, see `overruled`. */
  readonly protocols: TlsSetting<readonly TlsProtocol[]>;
  /** What this server itself says of protocols where another one's setting counts instead of it. */
  readonly overruled?: {
    readonly own: TlsSetting<readonly TlsProtocol[]>;
    /** The server that decides. */
    readonly by: Place;
  };
  /** Suites up to TLS 1.2; `names` are IANA's where `notation` is "iana", else one OpenSSL list. */
  readonly ciphers: TlsSetting<string>;
  readonly notation: "openssl" | "iana";
  /** Suites of TLS 1.3. */
  readonly modernSuites: TlsSetting<string>;
  readonly preferServer: TlsSetting<boolean>;
  readonly groups: TlsSetting<string>;
  /** File of finite-field Diffie-Hellman parameters, absolute where it can be told. */
  readonly dhParameters: TlsSetting<string>;
  readonly stapling: TlsSetting<boolean>;
  readonly certificates: readonly NamedCertificate[];
  /** Why the listener may have certificates that are not among these: a variable, an ACME store. */
  readonly otherCertificates?: string;
  readonly foundBy?: string;
  readonly isInstalled?: boolean;
  readonly isRefused?: boolean;
}

export const UNSET = { state: "unset" } as const;

const TEXT_CHARACTERS_MAX = 400;

export function setTo<T>(value: T, text: string, { file, line }: Place): TlsSetting<T> {
  return { state: "set", value, text: text.slice(0, TEXT_CHARACTERS_MAX), at: { file, line } };
}

export function untold(why: string): TlsSetting<never> {
  return { state: "unknown", why };
}

/** Every listener-independent member as the product leaves it. */
export const NOTHING_SET = {
  protocols: UNSET,
  ciphers: UNSET,
  notation: "openssl",
  modernSuites: UNSET,
  preferServer: UNSET,
  groups: UNSET,
  dhParameters: UNSET,
  stapling: UNSET,
} as const;

const ORDER: readonly TlsProtocol[] = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** Protocols once each, oldest first. */
export function sortedProtocols(protocols: Iterable<TlsProtocol>): readonly TlsProtocol[] {
  const found = new Set(protocols);
  return ORDER.filter((protocol) => found.has(protocol));
}

/** The protocols from one to another, both included. */
export function protocolRange(
  from: TlsProtocol,
  to: TlsProtocol = "TLSv1.3",
): readonly TlsProtocol[] {
  return ORDER.slice(ORDER.indexOf(from), ORDER.indexOf(to) + 1);
}
