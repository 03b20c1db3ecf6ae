import { absent, known, type Reading } from "../../core/reading.ts";
import type { TlsCertificate } from "../../core/tls-scan.ts";
import { exampleCertificate } from "../../core/tls-scan-example.ts";
import type { CertificateFiles, KeyFile } from "../../facts/certificate-files.fact.ts";
import type { ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import { NOTHING_SET, setTo, type TlsListener } from "../../facts/proxy-tls.ts";
import type { ProxyVersion } from "../../facts/proxy-versions.fact.ts";

const FILE = "/etc/nginx/nginx.conf";
export const CERTIFICATE = "/etc/ssl/shop.pem";
export const KEY = "/etc/ssl/shop.key";

/** nginx serving shop.example.test on 443, its settings in lines 31 and 32 of http, for tests. */
export function exampleListener(change: Partial<TlsListener> = {}): TlsListener {
  return {
    ...NOTHING_SET,
    proxy: "nginx",
    names: ["shop.example.test"],
    address: "*",
    port: 443,
    file: "/etc/nginx/sites-enabled/shop",
    line: 3,
    isDefaultServer: true,
    protocols: setTo(["TLSv1.2", "TLSv1.3"], "ssl_protocols TLSv1.2 TLSv1.3;", {
      file: FILE,
      line: 31,
    }),
    ciphers: exampleCiphers("ECDHE-ECDSA-AES128-GCM-SHA256"),
    certificates: [{ file: CERTIFICATE, keyFile: KEY, at: { file: FILE, line: 33 } }],
    ...change,
  };
}

/** `ssl_protocols` in line 31 of the main file. */
export function exampleProtocols(...value: readonly string[]): TlsListener["protocols"] {
  const text = `ssl_protocols ${value.join(" ")};`;
  const protocols = value as Extract<TlsListener["protocols"], { value: unknown }>["value"]; // Tests name real ones.
  return setTo(protocols, text, { file: FILE, line: 31 });
}

/** `ssl_ciphers` in line 32 of the main file. */
export function exampleCiphers(list: string): TlsListener["ciphers"] {
  return setTo(list, `ssl_ciphers ${list};`, { file: FILE, line: 32 });
}

/** Configurations with these listeners and nothing wrong in them. */
export function exampleTls(
  tls: readonly TlsListener[],
  change: Partial<ProxyRoutes> = {},
): ProxyRoutes {
  return {
    configurations: [],
    running: undefined,
    routes: [],
    roots: [],
    problems: [],
    tls,
    ...change,
  };
}

/** The example's certificate and key on disk, the key for root alone. */
export function exampleFiles(
  certificate: Partial<TlsCertificate> | CertificateFiles["certificates"][number]["chain"] = {},
  key: Partial<KeyFile> = {},
): Reading<CertificateFiles> {
  const isReading = "state" in certificate;
  const chain = isReading ? certificate : known(exampleCertificate(certificate));
  return known({
    certificates: [{ source: CERTIFICATE, path: CERTIFICATE, chain }],
    keys: [{ path: KEY, source: CERTIFICATE, access: exampleAccess(0o600), isMatch: true, ...key }],
    dhParameters: [],
    isTruncated: false,
  });
}

/** A file of root's with this mode, in a directory everybody may enter unless told otherwise. */
export function exampleAccess(mode: number, directoryMode = 0o755): KeyFile["access"] {
  return known({
    mode,
    owner: "root",
    group: "root",
    acl: known([]),
    ancestors: [
      { path: "/etc/ssl", mode: directoryMode, owner: "root", group: "root" },
      { path: "/", mode: 0o755, owner: "root", group: "root" },
    ],
    hasNoModes: false,
  });
}

/** nginx of this version. */
export function exampleVersions(
  version: string,
  openssl?: string,
): Reading<readonly ProxyVersion[]> {
  const told = openssl === undefined ? {} : { openssl };
  return known([{ proxy: "nginx", version, ...told, from: "nginx -V" }]);
}

export const NO_SCAN = absent("no https URL is audited");
export const NO_VERSION = absent("no proxy tells its version");
