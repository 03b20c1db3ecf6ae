import type { ProxyKind, Upstream } from "./proxy-routes.fact.ts";
import type { Place, TlsSetting } from "./proxy-tls.ts";

/** One setting in force, whatever it is about. */
export type Setting<T> = TlsSetting<T>;

/**
 * One server of a proxy (nginx's `server`, a Caddy site, an Apache virtual host, a HAProxy frontend, a
 * Traefik router's entry point) in terms that all proxies share: what happens to a request that reaches
 * it. Values are what is in force, inherited and included ones too; `at` is the statement that decided.
 */
export interface ProxySite {
  readonly proxy: ProxyKind;
  /** Of the block itself. */
  readonly file: string;
  readonly line: number;
  /** Names it answers to, as written; none: every name. */
  readonly names: readonly string[];
  readonly listeners: readonly SiteListener[];
  /** In the order in which the proxy tries them, so that the first whose `match` fits decides. */
  readonly routes: readonly SiteRoute[];
  readonly http2: Setting<boolean>;
  readonly foundBy?: string;
  readonly isInstalled?: boolean;
  readonly isRefused?: boolean;
}

/** One socket of a site. */
export interface SiteListener extends Place {
  /** `*` for all of IPv4, `::` for all of IPv6. */
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Answers clients that name none of the socket's sites: said so, or by its place. */
  readonly defaultFor: "declared" | "implied" | "no";
}

/** What is done with requests of one path. */
export interface SiteRoute extends Place {
  /** As written; `/` as a prefix for everything. */
  readonly match: {
    readonly kind: "prefix" | "exact" | "regex" | "other";
    readonly text: string;
    /** What else must hold (a method, a header, an address), as written. */
    readonly condition?: string;
  };
  readonly action: SiteAction;
  /** What is done to the answer's header fields, in order of effect. */
  readonly responseFields: readonly FieldChange[];
  /** What is done to the fields of the request handed on, in order of effect. */
  readonly requestFields: readonly FieldChange[];
  /** Longest request body in bytes. */
  readonly bodyMax: Setting<number | "unlimited">;
  /** Limits of requests that apply here. */
  readonly limits: readonly RateLimit[];
  /** Who may come here: addresses, passwords, client certificates; none: everybody. */
  readonly restrictions: readonly Restriction[];
  /** Whether an upgrade to WebSocket is passed on. */
  readonly websocket: Setting<boolean>;
}

export type SiteAction =
  | { readonly kind: "pass"; readonly upstreams: readonly Upstream[] }
  | {
      readonly kind: "redirect";
      readonly status: number;
      /** As written. */
      readonly location: string;
      readonly isToHttps: boolean;
    }
  | { readonly kind: "files"; readonly root: string; readonly listsDirectories: boolean }
  | { readonly kind: "answer"; readonly status: number }
  /** A page of the proxy about itself. */
  | { readonly kind: "own-page"; readonly page: "status" | "metrics" | "admin" }
  | { readonly kind: "unknown"; readonly why: string };

/** One change of a header field. */
export interface FieldChange extends Place {
  /** Lower case. */
  readonly name: string;
  /** `default`: only where the field is not there yet. */
  readonly change: "set" | "add" | "default" | "remove";
  /** As written, variables and all; never a secret. */
  readonly value?: string;
  /** On error pages too, or on successful answers only. */
  readonly scope: "always" | "success";
  readonly condition?: string;
}

export interface RateLimit extends Place {
  /** What requests are counted by, as written. */
  readonly key: string;
  /** Counts and logs, refuses nothing. */
  readonly isDryRun: boolean;
}

export interface Restriction extends Place {
  readonly kind: "address" | "password" | "client-certificate" | "other";
  readonly text: string;
}
