import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import { proxyReadings } from "./proxy-readings.fact.ts";
import type { TlsListener } from "./proxy-tls.ts";
import { hideInTexts } from "./secret-text.ts";

export const PROXIES = ["nginx", "caddy", "apache", "haproxy", "traefik", "envoy"] as const;
export type ProxyKind = (typeof PROXIES)[number];

/** Active routes of every reverse-proxy configuration found. */
export interface ProxyRoutes {
  /** Configurations read, with how each was found: `running nginx -c`, `/etc/nginx/nginx.conf`, `in the tree`. */
  readonly configurations: readonly {
    readonly proxy: ProxyKind;
    readonly file: string;
    readonly foundBy: string;
    /**
     * `true`: what the installed proxy reads. `false`: lies in the tree while the installed proxy
     * reads other files. Absent: only the tree is known.
     */
    readonly isInstalled?: boolean;
  }[];
  /** Proxies that run (by process), whatever their configuration. */
  readonly running:
    | readonly { readonly proxy: ProxyKind; readonly pid: number; readonly command: string }[]
    | undefined;
  readonly routes: readonly ProxyRoute[];
  /** Every listener that ends TLS, whether or not its certificate is there. */
  readonly tls: readonly TlsListener[];
  /** Web roots and static aliases, absolute, for files that must not lie there. */
  readonly roots: readonly {
    readonly path: string;
    readonly file: string;
    readonly line: number;
  }[];
  /** Configurations that could not be read or parsed. */
  readonly problems: readonly {
    readonly proxy: ProxyKind;
    readonly file: string;
    readonly line?: number;
    readonly detail: string;
    readonly isUnreadable: boolean;
    /** The proxy itself would refuse to start with it: an unclosed block, a stray brace. */
    readonly isRefused?: boolean;
  }[];
}

/** One way from a listening server to an upstream. */
export interface ProxyRoute {
  readonly proxy: ProxyKind;
  /** Names the server answers to. */
  readonly names: readonly string[];
  /** Where the route itself stands (`proxy_pass`). */
  readonly file: string;
  readonly line: number;
  readonly listeners: readonly ProxyListener[];
  /** Every address the route may lead to; a variable that cannot be resolved gives `kind: "unresolved"`. */
  readonly upstreams: readonly Upstream[];
  /** Path prefix or matcher, as written. */
  readonly path: string;
  readonly excerpt: string;
  /** How its configuration was found; see `configurations`. */
  readonly foundBy?: string;
  readonly isInstalled?: boolean;
  /** Its configuration is one the proxy would refuse to start with; see `problems`. */
  readonly isRefused?: boolean;
}

export interface ProxyListener {
  readonly address: string;
  readonly port: number;
  /** TLS really ends here: `ssl` flag with certificate and key, automatic HTTPS, `SSLEngine on` ... */
  readonly isTls: boolean;
  /** Why it is, or is not: `listen 443 without ssl`, `ssl_reject_handshake on`, `site address has http://`. */
  readonly because: string;
  readonly file: string;
  readonly line: number;
  readonly certificate?: {
    readonly file: string;
    readonly exists: boolean | undefined;
    readonly at: string;
  };
  /** Not TLS by what was read; an include of the block that was not read, `file:line`, may hold the rest. */
  readonly unread?: string;
}

export interface Upstream {
  readonly kind: "tcp" | "unix" | "unresolved";
  /** Host name or address; the path for a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

export const proxyRoutes = defineFact({
  id: "proxy-routes",
  title: "Routes of the reverse proxy",
  access: "read",
  timeoutMs: 8_000,
  needs: { readings: proxyReadings },
  async collect(
    _context,
    { readings: { nginx: _, sites: __, globals: ___, ...routes } },
  ): Promise<Reading<ProxyRoutes>> {
    return known(hideInTexts(routes));
  },
});
