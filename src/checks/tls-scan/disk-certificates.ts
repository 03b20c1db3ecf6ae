import { type Evidence, notApplicable, type Outcome } from "../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../core/reading.ts";
import type { TlsCertificate } from "../../core/tls-scan.ts";
import type { CertificateFile, CertificateFiles } from "../../facts/certificate-files.fact.ts";
import type { ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { concernedTls, joinConfigured, type Placing } from "./concerned.ts";
import type { Judgement } from "./configured.ts";
import { showCertificate } from "./scanned.ts";

/** A certificate that was read from disk, with the listeners that name its file. */
export interface DiskCertificate {
  readonly file: CertificateFile;
  readonly certificate: TlsCertificate;
  /** Never empty. */
  readonly listeners: readonly [TlsListener, ...TlsListener[]];
}

/** What the certificates on disk are judged by. */
export interface DiskFacts extends Placing {
  readonly routes: ProxyRoutes;
  readonly files: Reading<CertificateFiles>;
}

/** Every certificate file that was read and answers for a name. */
export function diskCertificates(facts: DiskFacts): readonly DiskCertificate[] {
  return namedFiles(facts).flatMap(({ file, listeners }) =>
    file.chain.state === "known" ? [{ file, certificate: file.chain.value, listeners }] : [],
  );
}

/** Every certificate file with the listeners that name it and answer for a name. */
export function namedFiles(facts: DiskFacts): readonly Omit<DiskCertificate, "certificate">[] {
  const listeners = withoutCatchAlls(concernedTls(facts.routes, facts));
  return (knownValue(facts.files)?.certificates ?? []).flatMap((file) => {
    const [first, ...others] = listeners.filter(({ certificates }) =>
      certificates.some((one) => one.file === file.source),
    );
    return first === undefined ? [] : [{ file, listeners: [first, ...others] as const }];
  });
}

/** A default server without names beside servers that have some turns strangers away: whom its certificate is for is nobody's business. */
function withoutCatchAlls(listeners: readonly TlsListener[]): readonly TlsListener[] {
  return listeners.filter(
    (one) =>
      one.names.length > 0 ||
      !one.isDefaultServer ||
      !listeners.some((other) => other.port === one.port && other.names.length > 0),
  );
}

/** Judgements of certificate files joined: what was denied is unknown, what is another machine's is no subject. */
export function joinDisk(
  facts: DiskFacts,
  judgements: readonly Judgement[],
  passed: (certificates: readonly DiskCertificate[]) => Outcome,
): Outcome {
  const { routes, files } = facts;
  const disk = diskCertificates(facts);
  const isConcerned = concernedTls(routes, facts).length > 0;
  const open = isConcerned ? openOf(namedFiles(facts), files) : [];
  const all = [...judgements, ...open.map((problem) => ({ findings: [], open: problem }))];
  return joinConfigured(
    routes,
    facts,
    all,
    disk.length > 0 ? passed(disk) : notApplicable(nothing(facts)),
  );
}

function openOf(
  named: readonly Omit<DiskCertificate, "certificate">[],
  files: Reading<CertificateFiles>,
): readonly Problem[] {
  if (files.state === "unknown") return [files.problem];
  const problems = named.flatMap(({ file: { chain } }) =>
    chain.state === "unknown" && chain.problem.code !== "not-recorded" ? [chain.problem] : [],
  );
  if (knownValue(files)?.isTruncated !== true) return problems;
  const detail = "More certificate files are configured than are looked at";
  return [...problems, { code: "too-large", detail }];
}

function nothing(facts: DiskFacts): string {
  const listeners = concernedTls(facts.routes, facts);
  const [named] = listeners.flatMap(({ certificates }) => certificates);
  if (named !== undefined) return `${named.file} is not on the audited machine`;
  const [other] = listeners.flatMap(({ otherCertificates }) => otherCertificates ?? []);
  return other === undefined
    ? "No proxy's configuration names a certificate file"
    : `No certificate file is configured: ${other}`;
}

/** The file with what is in it. */
export function diskAt({ file: { path }, certificate }: DiskCertificate): Evidence {
  const { serial, notBefore, notAfter, signature, problems, chain } = certificate;
  const verdict = problems.length > 0 ? `; ${problems.join(", ")}` : "";
  const links = chain.length === 1 ? "1 certificate" : `${chain.length} certificates`;
  const excerpt = `${showCertificate(certificate)}, serial ${serial}, ${signature}, ${notBefore} to ${notAfter}; ${links}${verdict}`;
  return { file: path, excerpt };
}

/** Where the configuration names the file. */
export function namedAt({ file: { source }, listeners }: DiskCertificate): readonly Evidence[] {
  return listeners
    .slice(0, 3)
    .flatMap(({ certificates }) =>
      certificates
        .filter((one) => one.file === source)
        .map(({ at }) => ({ ...at, excerpt: `certificate ${source}` })),
    );
}
