import type { ProxyFiles } from "./proxy-files.ts";
import type { ProxyListener, ProxyRoute } from "./proxy-routes.fact.ts";

/** Whose file system certificate paths are on. */
export interface CertificateView {
  readonly hostFacts: boolean;
  /** The deployment has containers: a path in a file of the tree may be one of theirs. */
  readonly hasContainers: boolean;
}

/** Looks for every certificate file. A listener whose certificate is not there ends no TLS. */
export async function withCertificates(
  routes: readonly ProxyRoute[],
  files: ProxyFiles,
  view: CertificateView,
): Promise<readonly ProxyRoute[]> {
  const result: ProxyRoute[] = [];
  for (const route of routes) {
    const listeners: ProxyListener[] = [];
    for (const listener of route.listeners)
      listeners.push(await looked(listener, route, files, view));
    result.push({ ...route, listeners });
  }
  return result;
}

async function looked(
  listener: ProxyListener,
  { isInstalled }: ProxyRoute,
  files: ProxyFiles,
  { hostFacts, hasContainers }: CertificateView,
): Promise<ProxyListener> {
  const { certificate } = listener;
  if (certificate === undefined || !hostFacts || !certificate.file.startsWith("/")) return listener;
  const found = await files.exists(certificate.file);
  const exists = found === false && isInstalled !== true && hasContainers ? undefined : found;
  const seen = { ...listener, certificate: { ...certificate, exists } };
  if (exists !== false) return seen;
  return { ...seen, isTls: false, because: `certificate ${certificate.file} does not exist` };
}
