import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import { certificateFiles } from "../../../facts/certificate-files.fact.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import { concernedTls, PLACING } from "../../tls-scan/concerned.ts";
import { type Judgement, listenerAt, scannedListeners } from "../../tls-scan/configured.ts";
import {
  type DiskCertificate,
  diskCertificates,
  joinDisk,
  namedAt,
} from "../../tls-scan/disk-certificates.ts";
import { tlsCertificateNames } from "./certificate-names.control.ts";
import { isCovered, isPlainName, showNames } from "./covered-names.ts";

/** The names of the certificates on disk against those of the servers they are configured for. */
export const tlsCertificateNamesProxy = defineCheck({
  control: tlsCertificateNames,
  layer: "proxy",
  reads:
    "The subject alternative names in the certificate files that the proxies' TLS listeners of this deployment name, against the names of the servers that use them and the audited hosts these answer.",
  needs: { routes: proxyRoutes },
  wants: { ...PLACING, files: certificateFiles },

  evaluate({ routes }, wanted) {
    const facts = { routes, ...wanted };
    const disk = diskCertificates(facts);
    const seen = scannedListeners(concernedTls(routes, wanted), wanted.scans);
    const listeners = [...new Set(disk.flatMap((one) => one.listeners))];
    const judgements = listeners.map((listener) =>
      judgeListener(
        listener,
        disk.filter((one) => one.listeners.includes(listener)),
        seen.filter((one) => one.listener === listener).map(({ scan }) => scan.host),
      ),
    );
    return joinDisk(facts, judgements, (all) =>
      pass(
        "The certificates on disk cover every name of their servers",
        all.map((one) => ({ file: one.file.path, excerpt: showNames(one.certificate) })),
      ),
    );
  },
});

/** These try several certificates for a name; the others show each to a client that asks for its kind of key. */
const CHOOSE_BY_NAME = new Set(["haproxy", "traefik"]);

function judgeListener(
  listener: TlsListener,
  disk: readonly DiskCertificate[],
  hosts: readonly string[],
): Judgement {
  const broken = disk.find(({ certificate }) => certificate.serial === "");
  if (broken !== undefined) {
    const detail = `${broken.file.path}: the certificate in it cannot be read`;
    return { findings: [], open: { code: "malformed", detail } };
  }
  const required = [...new Set([...listener.names.filter(isPlainName), ...hosts])];
  const isChosen = CHOOSE_BY_NAME.has(listener.proxy);
  const findings = required.flatMap((name): readonly Finding[] => {
    const lacking = disk.filter(({ certificate }) => !isCovered(certificate, name));
    const [first] = lacking;
    if (first === undefined || (isChosen && lacking.length < disk.length)) return [];
    return [uncovered(name, listener, first)];
  });
  if (!isChosen || listener.otherCertificates === undefined) return { findings };
  // Another certificate that was not read may cover the name.
  const open = {
    code: "not-recorded",
    detail: `${listener.otherCertificates} was not read`,
  } as const;
  return findings.length === 0 ? { findings } : { findings: [], open };
}

function uncovered(name: string, listener: TlsListener, disk: DiskCertificate): Finding {
  const { path } = disk.file;
  const asked = [...new Set([...disk.certificate.names, name])]
    .filter((one) => !one.includes(":") && !/^[\d.]+$/.test(one))
    .map((one) => `-d '${one}'`)
    .join(" ");
  return {
    rule: "name-uncovered",
    status: "fail",
    subject: `${path} ${name}`,
    message: `The certificate in ${path} does not cover ${name}`,
    fix: `Run: certbot certonly ${asked}`,
    evidence: [
      { file: path, excerpt: showNames(disk.certificate) },
      listenerAt(listener),
      ...namedAt(disk),
    ],
  };
}
