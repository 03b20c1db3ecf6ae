import { describeSuite, type TlsSuite } from "../../../core/tls-suite.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import type { ProxyVersion } from "../../../facts/proxy-versions.fact.ts";
import { expandCipherList } from "../../../parsers/openssl-ciphers/expand.ts";
import type { OpensslSuite } from "../../../parsers/openssl-ciphers/suites.ts";
import { isAtLeast } from "../../tls-scan/configured.ts";

/** A suite that a list allows. */
export interface AllowedSuite {
  readonly suite: TlsSuite;
  /** The OpenSSL at hand does not offer it all the same. */
  readonly isRefused: boolean;
}

/**
 * The suites up to TLS 1.2 that a server with this list, a certificate of RSA or ECDSA and no pre-shared keys
 * can come to use.
 */
export function allowedSuites(
  list: string,
  listener: Pick<TlsListener, "notation" | "proxy" | "dhParameters">,
  version: ProxyVersion | undefined,
): readonly AllowedSuite[] {
  if (listener.notation === "iana") {
    return list
      .split(/[\s,]+/)
      .filter((name) => name.includes("_WITH_"))
      .map((name) => ({ suite: describeSuite(name), isRefused: false }));
  }
  const { suites, securityLevel } = expandCipherList(list);
  return suites
    .filter((suite) => isReachable(suite, listener))
    .map((suite) => ({
      suite: describeSuite(suite.ianaName),
      isRefused: isRefusedBy(version?.openssl, suite, securityLevel),
    }));
}

const AGREED: readonly OpensslSuite["keyExchange"][] = ["RSA", "DHE", "ECDHE"];

/** Without `ssl_dhparam` nginx has no finite-field Diffie-Hellman (CHANGES of 1.11.0). */
function isReachable(
  { keyExchange, authentication }: OpensslSuite,
  { proxy, dhParameters }: Pick<TlsListener, "proxy" | "dhParameters">,
): boolean {
  if (!AGREED.includes(keyExchange) || authentication === "DSS") return false;
  return keyExchange !== "DHE" || proxy !== "nginx" || dhParameters.state !== "unset";
}

/** Since 1.1.0 default builds have no weak suites, and level 1 refuses NULL and anonymous ones. */
function isRefusedBy(
  openssl: string | undefined,
  { isWeakBuild, encryption, authentication }: OpensslSuite,
  securityLevel: number | undefined,
): boolean {
  if (openssl === undefined || !isAtLeast(openssl, "1.1.0")) return false;
  const isOpen = encryption === "NULL" || authentication === "NULL";
  return isWeakBuild || (isOpen && securityLevel !== 0);
}
