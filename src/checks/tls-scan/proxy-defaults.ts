import type { TlsProtocol } from "../../core/tls-scan.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { ProxyVersion } from "../../facts/proxy-versions.fact.ts";
import { isAtLeast } from "./configured.ts";

type Table = readonly (readonly [since: string, protocols: readonly TlsProtocol[]])[];

const FROM_10: readonly TlsProtocol[] = ["TLSv1", "TLSv1.1", "TLSv1.2"];
const FROM_10_TO_13: readonly TlsProtocol[] = [...FROM_10, "TLSv1.3"];
const FROM_12: readonly TlsProtocol[] = ["TLSv1.2", "TLSv1.3"];

/** What each product speaks where nothing is set, newest version first. */
const PROTOCOLS: Readonly<Partial<Record<ProxyKind, Table>>> = {
  // CHANGES of nginx 1.27.3, 1.23.4 and 1.9.1.
  nginx: [
    ["1.27.3", FROM_12],
    ["1.23.4", FROM_10_TO_13],
    ["1.9.1", FROM_10],
  ],
  // Caddy 2 knows no older protocol.
  caddy: [["0", FROM_12]],
  // "SSLProtocol all -SSLv3" (mod_ssl 2.4).
  apache: [["0", FROM_10_TO_13]],
  // Configuration manual of 2.2, ssl-min-ver.
  haproxy: [
    ["2.2", FROM_12],
    ["0", FROM_10_TO_13],
  ],
  // Go's own minimum for servers was TLS 1.0 until Traefik 3 set 1.2.
  traefik: [["3", FROM_12]],
};

/** The protocols a proxy speaks by default; `undefined` where that hangs on a version that is not known. */
export function defaultProtocols(
  proxy: ProxyKind,
  version: ProxyVersion | undefined,
): readonly TlsProtocol[] | undefined {
  const table = PROTOCOLS[proxy] ?? [];
  const [only] = table;
  if (version === undefined) return table.length === 1 && only?.[0] === "0" ? only[1] : undefined;
  return table.find(([since]) => isAtLeast(version.version, since))?.[1];
}

/** Suites of Go's crypto/tls with forward secrecy and AEAD: all that Caddy offers by itself. */
const GO_AEAD = ["AES_256_GCM_SHA384", "AES_128_GCM_SHA256", "CHACHA20_POLY1305_SHA256"];
const GO_CBC = ["AES_128_CBC_SHA", "AES_256_CBC_SHA"];

function goSuites(ciphers: readonly string[]): string {
  return ciphers
    .flatMap((one) => [`TLS_ECDHE_ECDSA_WITH_${one}`, `TLS_ECDHE_RSA_WITH_${one}`])
    .join(" ");
}

/**
 * The suites up to TLS 1.2 by default: an OpenSSL list for nginx (since 1.0.5), HAProxy and Apache, IANA names
 * for those written in Go. Traefik leaves it to Go, which keeps CBC (crypto/tls, 1.22).
 */
export const DEFAULT_CIPHERS: Readonly<Partial<Record<ProxyKind, string>>> = {
  nginx: "HIGH:!aNULL:!MD5",
  haproxy: "DEFAULT",
  apache: "DEFAULT:!aNULL:!eNULL:!EXP",
  caddy: goSuites(GO_AEAD),
  traefik: goSuites([...GO_AEAD, ...GO_CBC]),
};
