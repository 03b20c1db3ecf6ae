import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { Place } from "../../facts/proxy-tls.ts";
import { reloadOf } from "../route/proxy-remedy.ts";
import type { ServingBlock } from "./scanned.ts";

/** Mozilla's intermediate list, guidelines 6.0, in OpenSSL's names. */
export const INTERMEDIATE_CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

type Directives = Readonly<Record<ProxyKind, string>>;

const PROTOCOLS: Directives = {
  nginx:
    "ssl_protocols TLSv1.2 TLSv1.3; in http{} and in the default server of the socket, whose setting counts",
  caddy: "tls { protocols tls1.2 tls1.3 }",
  apache: "SSLProtocol -all +TLSv1.2 +TLSv1.3",
  haproxy: "ssl-default-bind-options ssl-min-ver TLSv1.2",
  traefik: "tls.options.default.minVersion: VersionTLS12",
  envoy: "tls_params: { tls_minimum_protocol_version: TLSv1_2 }",
};

const CIPHERS: Directives = {
  nginx: `ssl_ciphers ${INTERMEDIATE_CIPHERS};`,
  caddy: "no ciphers line in tls: Caddy's own list is good",
  apache: `SSLCipherSuite ${INTERMEDIATE_CIPHERS}`,
  haproxy: `ssl-default-bind-ciphers ${INTERMEDIATE_CIPHERS}`,
  traefik: "tls.options.default.cipherSuites with the TLS_ECDHE_..._GCM and CHACHA20 suites alone",
  envoy: "tls_params.cipher_suites with the ECDHE-...-GCM and CHACHA20 suites alone",
};

const HSTS_VALUE = "max-age=31536000; includeSubDomains";
const HSTS: Directives = {
  nginx: `add_header Strict-Transport-Security "${HSTS_VALUE}" always;`,
  caddy: `header Strict-Transport-Security "${HSTS_VALUE}"`,
  apache: `Header always set Strict-Transport-Security "${HSTS_VALUE}"`,
  haproxy: `http-response set-header Strict-Transport-Security "${HSTS_VALUE}"`,
  traefik: "http.middlewares.hsts.headers.stsSeconds: 31536000",
  envoy: `response_headers_to_add: Strict-Transport-Security: ${HSTS_VALUE}`,
};

const TABLES = { protocols: PROTOCOLS, ciphers: CIPHERS, hsts: HSTS } as const;

export type DirectiveKind = keyof typeof TABLES;

/** What to write where, for the proxy that serves; for nginx where none is known. */
export function directiveFix(kind: DirectiveKind, block: ServingBlock | undefined): string {
  const table = TABLES[kind];
  // The sentence goes on with a semicolon of its own.
  const text = table[block?.proxy ?? "nginx"].replace(/;$/, "");
  if (block === undefined) {
    return `In the server that ends TLS write (nginx): ${text}; then reload it`;
  }
  const { proxy, file, line } = block;
  return `In ${file} (listener in line ${line}) write: ${text}; then run: ${reloadOf(proxy)}`;
}

/** How to get a fresh certificate for `names` into use. */
export function certificateFix(names: readonly string[], block: ServingBlock | undefined): string {
  // An address gets no certificate from a public CA: the operator knows the name.
  const given = names.filter((name) => /[a-z]/i.test(name) && !name.includes(":"));
  const asked = (given.length > 0 ? given : ["NAME"]).map((name) => `-d ${name}`).join(" ");
  const proxy = block?.proxy;
  if (proxy === "caddy")
    return `Run: ${reloadOf("caddy")}; Caddy obtains a certificate for ${names.join(", ")} itself`;
  if (proxy === undefined || proxy === "nginx" || proxy === "apache") {
    return `Run: certbot --${proxy ?? "nginx"} ${asked}`;
  }
  const file = block?.certificateFile ?? "the certificate file";
  return `Run: certbot certonly ${asked}; put fullchain.pem and privkey.pem at ${file}; then run: ${reloadOf(proxy)}`;
}

/** How to send the certificates between leaf and root, in order. */
export function chainFix(block: ServingBlock | undefined): string {
  const file = block?.certificateFile ?? "the certificate file";
  return `Serve fullchain.pem instead of cert.pem: put leaf, then intermediates, into ${file} and reload`;
}

/** What to write in the place of a setting, or beside the listener that lacks it. */
export function settingFix(
  kind: DirectiveKind,
  proxy: ProxyKind,
  { file, line }: Place,
  isSet: boolean,
): string {
  const text = (kind === "protocols" ? PROTOCOLS : CIPHERS)[proxy].replace(/;$/, "");
  const where = isSet ? `In ${file} line ${line}` : `In ${file} (listener in line ${line})`;
  return `${where} write: ${text}; then run: ${reloadOf(proxy)}`;
}
