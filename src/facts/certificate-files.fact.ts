import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import type { TlsCertificate } from "../core/tls-scan.ts";
import { parseCertificate } from "../wire/x509/certificate.ts";
import { parsePemBundle } from "../wire/x509/pem.ts";
import { isPrivateKeyOf, privateKeyLabel } from "../wire/x509/private-key.ts";
import { attempt } from "./attempt.ts";
import { dhParameterBits } from "./dh-parameters.ts";
import { pathAccess } from "./env-access.ts";
import type { PathAccess } from "./env-files.fact.ts";
import { proxyRoutes } from "./proxy-routes.fact.ts";
import type { NamedCertificate, TlsListener } from "./proxy-tls.ts";
import { isWithin, shownPath } from "./target-path.ts";
import { readChain } from "./tls/certificate-chain.ts";
import { systemStoreOf } from "./tls/scan.ts";

/** Files looked at: a shared host has some hundred sites, each with one. */
export const CERTIFICATE_FILES_MAX = 300;
/** A chain has 5 kB, with a key 8. */
export const CERTIFICATE_FILE_BYTES_MAX = 512 * 1024;
/** Files taken of one directory (haproxy's `crt DIR`). */
export const CERTIFICATE_DIRECTORY_MAX = 100;
/** What haproxy passes over in such a directory. */
const ASIDE = /^\.|\.(?:key|issuer|ocsp|sctl|dh)$/;

/** A certificate file a proxy's configuration names. */
export interface CertificateFile {
  /** The file or directory as `NamedCertificate.file` has it. */
  readonly source: string;
  /** Relative to the audited directory when inside it, else absolute. */
  readonly path: string;
  /** Absent: no such file, where the installed proxy names it. Names are in no verdict of it. */
  readonly chain: Reading<TlsCertificate>;
}

/** A private key a proxy's configuration names. Nothing of the key itself is here. */
export interface KeyFile {
  /** Relative to the audited directory when inside it, else absolute. */
  readonly path: string;
  /** The certificate it belongs to, as `NamedCertificate.file` has it. */
  readonly source: string;
  readonly access: Reading<PathAccess>;
  /** Label of its PEM block; absent where it could not be read. */
  readonly kind?: string;
  /** Whether it is the certificate's; absent where that cannot be told. */
  readonly isMatch?: boolean;
}

/** Certificates, keys and Diffie-Hellman parameters on disk that proxies name. */
export interface CertificateFiles {
  readonly certificates: readonly CertificateFile[];
  readonly keys: readonly KeyFile[];
  readonly dhParameters: readonly { readonly path: string; readonly bits: Reading<number> }[];
  /** More are named than were looked at. */
  readonly isTruncated: boolean;
}

export const certificateFiles = defineFact({
  id: "certificate-files",
  title: "Certificate files of the reverse proxy",
  access: "read",
  timeoutMs: 15_000,
  needs: { routes: proxyRoutes },
  async collect(context, { routes }): Promise<Reading<CertificateFiles>> {
    const active = routes.tls.filter(({ isInstalled }) => isInstalled !== false);
    const named = namedOnce(active);
    const dhPaths = [...new Set(active.flatMap(dhPathOf))];
    if (named.length + dhPaths.length === 0) return absent("no certificate file is configured");
    const systemRootsPem = await systemStoreOf(context.host);
    const certificates: CertificateFile[] = [];
    const keys: KeyFile[] = [];
    let isTruncated = Math.max(named.length, dhPaths.length) > CERTIFICATE_FILES_MAX;
    for (const one of named.slice(0, CERTIFICATE_FILES_MAX)) {
      const parts = await partsOf(context, one);
      isTruncated ||= parts.length > CERTIFICATE_DIRECTORY_MAX;
      for (const part of parts.slice(0, CERTIFICATE_DIRECTORY_MAX)) {
        const read = await readCertificate(context, part);
        certificates.push(certificateOf(context, part, read, systemRootsPem));
        keys.push(...(await keyOf(context, part, read)));
      }
    }
    const dhParameters = [];
    for (const path of dhPaths.slice(0, CERTIFICATE_FILES_MAX)) {
      dhParameters.push({ path, bits: await dhBitsOf(context, path) });
    }
    return known({ certificates, keys, dhParameters, isTruncated });
  },
});

/** One certificate with the file it is read from. */
interface Part extends NamedCertificate {
  /** The listener's configuration is the installed proxy's: its paths are this machine's. */
  readonly isInstalled: boolean;
  readonly path: string;
}

function namedOnce(listeners: readonly TlsListener[]): readonly Part[] {
  const found = new Map<string, Part>();
  for (const { certificates, isInstalled } of listeners) {
    for (const one of certificates) {
      const key = [one.file, one.keyFile, one.chainFile].join("\n");
      const part = { ...one, isInstalled: isInstalled === true, path: one.file };
      if (!found.has(key)) found.set(key, part);
    }
  }
  return [...found.values()];
}

function dhPathOf({ dhParameters }: TlsListener): readonly string[] {
  return dhParameters.state === "set" ? [dhParameters.value] : [];
}

/** A directory is every file in it that haproxy reads. */
async function partsOf(context: CollectContext, part: Part): Promise<readonly Part[]> {
  if (!mayRead(context, part.file)) return [part];
  const kind = await attempt(() => context.host.stat(part.file));
  if (kind.state !== "known" || kind.value.kind !== "directory") return [part];
  const names = await attempt(() => context.host.readDir(part.file));
  if (names.state !== "known") return [part];
  return names.value
    .filter((name) => !ASIDE.test(name))
    .map((name) => {
      const path = `${part.file}/${name}`;
      return { ...part, path, keyFile: path };
    });
}

/** Only what the audit may consult: everything on this machine, else what lies in the tree. */
function mayRead({ target }: CollectContext, path: string): boolean {
  return path.startsWith("/") && (target.hostFacts || isWithin(target.directory, path));
}

async function readFile(
  context: CollectContext,
  { path, isInstalled }: Pick<Part, "path" | "isInstalled">,
): Promise<Reading<string>> {
  if (!mayRead(context, path)) {
    return unknown("not-recorded", `${path} is not on the audited machine`);
  }
  const read = await attempt(() => context.host.readFile(path, CERTIFICATE_FILE_BYTES_MAX));
  // A file of the tree may be meant for another machine, or for a container.
  return read.state === "absent" && !isInstalled
    ? unknown("not-recorded", `${path} is not on the audited machine`)
    : read;
}

/** The certificate's file, and behind it that of the intermediates where there is one. */
async function readCertificate(context: CollectContext, part: Part): Promise<Reading<string>> {
  const own = await readFile(context, part);
  const { chainFile, isInstalled } = part;
  if (own.state !== "known" || chainFile === undefined) return own;
  const chain = await readFile(context, { path: chainFile, isInstalled });
  return chain.state === "known" ? known(`${own.value}\n${chain.value}`) : chain;
}

function certificateOf(
  { target, nowMs }: CollectContext,
  { file, path }: Part,
  read: Reading<string>,
  systemRootsPem: string | undefined,
): CertificateFile {
  const shown = { source: file, path: shownPath(target.directory, path) };
  if (read.state !== "known") return { ...shown, chain: read };
  const chain = parsePemBundle(read.value);
  if (chain.length === 0) {
    const problem = unknown("malformed", `${path} holds no certificate in PEM`);
    return { ...shown, chain: problem };
  }
  const { certificate } = readChain(chain, {
    hostNames: [],
    nowMs,
    systemRootsPem,
    caPem: target.caPem,
    staple: "unknown",
  });
  return { ...shown, chain: known(certificate) };
}

async function keyOf(
  context: CollectContext,
  part: Part,
  certificate: Reading<string>,
): Promise<readonly KeyFile[]> {
  const { file: source, keyFile: path } = part;
  if (path === undefined) return [];
  const named = { path: shownPath(context.target.directory, path), source };
  if (!mayRead(context, path)) {
    const access = unknown("not-recorded", `${path} is not on the audited machine`);
    return [{ ...named, access }];
  }
  const found = await pathAccess(context, path);
  const access =
    found.state === "absent" && !part.isInstalled
      ? unknown("not-recorded", `${path} is not on the audited machine`)
      : found;
  const text = await readFile(context, { path, isInstalled: part.isInstalled });
  if (text.state !== "known") return [{ ...named, access }];
  const kind = privateKeyLabel(text.value);
  const isMatch =
    certificate.state === "known" ? matchOf(text.value, certificate.value) : undefined;
  return [
    {
      ...named,
      access,
      ...(kind !== undefined && { kind }),
      ...(isMatch !== undefined && { isMatch }),
    },
  ];
}

function matchOf(keyPem: string, certificatePem: string): boolean | undefined {
  const [der] = parsePemBundle(certificatePem);
  if (der === undefined) return undefined;
  const leaf = parseCertificate(der);
  return leaf.ok ? isPrivateKeyOf(keyPem, leaf.certificate.publicKey.spki) : undefined;
}

async function dhBitsOf(context: CollectContext, path: string): Promise<Reading<number>> {
  const read = await readFile(context, { path, isInstalled: true });
  if (read.state !== "known") return read;
  const bits = dhParameterBits(read.value);
  return bits === undefined
    ? unknown("malformed", `${path} holds no Diffie-Hellman parameters`)
    : known(bits);
}
