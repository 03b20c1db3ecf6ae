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
  /** What only this product has: `tls.internal`, `log`, `stats.uri`. */
  readonly settings: readonly NamedSetting[];
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
  /** Why the above cannot be told, where it cannot: a variable in the address, an include that was not read. */
  readonly untold?: string;
  /** Answers clients that name none of the socket's sites: said so, or by its place. */
  readonly defaultFor: "declared" | "implied" | "no";
}

/** What is done with requests of one path. */
export interface SiteRoute extends Place {
  /** As written; `/` as a prefix for everything. */
  readonly match: {
    readonly kind: "prefix" | "exact" | "regex" | "other";
    readonly text: string;
    /** Paths of it that are not meant. */
    readonly exceptPaths?: readonly { readonly kind: string; readonly text: string }[];
    /** Only requests that came so; absent: both ways. */
    readonly scheme?: "http" | "https";
    /** Only requests for these names; absent: every name of the site. */
    readonly hosts?: readonly string[];
    /** What else must hold (a method, a header, an address), as written. */
    readonly condition?: string;
  };
  /** The statement, short, without passwords. */
  readonly text: string;
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
  /** Whether the certificate of an upstream with TLS is checked. */
  readonly upstreamVerified: Setting<boolean>;
}

/** One statement that has no place in the shared terms, by a name of `product.statement` form. */
export interface NamedSetting extends Place {
  /** `admin`, `timeout.client`, `api.insecure`; the same in every configuration of the product. */
  readonly name: string;
  /** In the product's own words; `undefined`: nothing says it, `file` and `line` are of the block that might. */
  readonly value: string | undefined;
  /** As written, short; the block's first words where nothing says it. */
  readonly text: string;
}

/** One setting of the whole product instead of a site. */
export interface ProxyGlobal extends NamedSetting {
  readonly proxy: ProxyKind;
  readonly foundBy?: string;
  readonly isInstalled?: boolean;
  readonly isRefused?: boolean;
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
  | {
      readonly kind: "files";
      readonly root: string;
      readonly listsDirectories: boolean;
      /** Patterns of names that are not served. */
      readonly hides: readonly string[];
    }
  /** `status` 0: the connection is closed without an answer. */
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
  /** Only for requests that came so; absent: both ways. */
  readonly scheme?: "http" | "https";
  readonly condition?: string;
  /** The product does it by itself. */
  readonly isImplicit?: true;
  /**
   * It leaves alone what an application behind sends: what is set goes out beside that, what is removed is what the
   * proxy has set itself (Apache's `Header always`, Caddy's `header` that is not deferred; both seen live).
   */
  readonly isBeside?: true;
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
