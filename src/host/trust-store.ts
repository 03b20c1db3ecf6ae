import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import type { Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";

/** Where distributions keep the bundle: Debian, Fedora, SUSE, Alpine and BSD. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;
/** A full bundle is 200 to 400 kB. */
const BUNDLE_BYTES_MAX = 8 * 1024 * 1024;

type ReadFile = Host["readFile"];

export interface TrustStore {
  /** Context whose roots are those of `trustFile`, else the system's; the extra CA file comes on top. */
  context(trustFile?: string): Promise<SecureContext>;
  /** Context that trusts nobody, for connections whose peer is not verified. */
  nobody(): SecureContext;
}

/** What the peer really has must be seen, also when it is weak: this is an audit, not a client. */
const TAKING_ALL = { minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;

/**
 * Parsing a bundle takes some ten milliseconds, so each is read once. Throws `HostError` when the named file cannot
 * be read or holds no PEM. Without a system bundle the roots built into Node stand in.
 */
export function createTrustStore(readFile: ReadFile, caFile: string | undefined): TrustStore {
  const contexts = new Map<string, Promise<SecureContext>>();
  let nobody: SecureContext | undefined;
  return {
    context(trustFile = "") {
      const made = contexts.get(trustFile) ?? makeContext(readFile, trustFile, caFile);
      contexts.set(trustFile, made);
      return made;
    },
    nobody() {
      nobody ??= createSecureContext({ ca: [], ...TAKING_ALL });
      return nobody;
    },
  };
}

async function makeContext(
  readFile: ReadFile,
  trustFile: string,
  caFile: string | undefined,
): Promise<SecureContext> {
  const roots =
    trustFile === "" ? await systemRoots(readFile) : [await readBundle(readFile, trustFile)];
  const extra = caFile === undefined ? [] : [await readBundle(readFile, caFile)];
  try {
    return createSecureContext({ ca: [...roots, ...extra], ...TAKING_ALL });
  } catch (error) {
    const file = trustFile || caFile || "system trust store";
    throw new HostError("malformed", `${file}: holds no usable certificates`, { cause: error });
  }
}

async function systemRoots(readFile: ReadFile): Promise<readonly string[]> {
  for (const path of SYSTEM_BUNDLES) {
    try {
      return [await readBundle(readFile, path)];
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }
  return rootCertificates;
}

async function readBundle(readFile: ReadFile, path: string): Promise<string> {
  const text = await readFile(path, BUNDLE_BYTES_MAX);
  if (text.includes("-----BEGIN ")) return text;
  throw new HostError("malformed", `${path}: holds no PEM certificate`);
}
