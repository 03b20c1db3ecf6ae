import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import { certificateFiles } from "../../../facts/certificate-files.fact.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { shellWord } from "../../judgement/remedy.ts";
import { reloadOf } from "../../route/proxy-remedy.ts";
import { concernedTls, PLACING } from "../../tls-scan/concerned.ts";
import { type Judgement, listenerAt, showListeners } from "../../tls-scan/configured.ts";
import {
  type DiskCertificate,
  diskAt,
  diskCertificates,
  joinDisk,
  namedAt,
  namedFiles,
} from "../../tls-scan/disk-certificates.ts";
import { tlsCertificateTrusted } from "./certificate-trusted.control.ts";
import { chainFaults } from "./chain-faults.ts";
import { judgeKeys } from "./key-faults.ts";

/** The certificate and key files that the proxies' configurations name. */
export const tlsCertificateTrustedProxy = defineCheck({
  control: tlsCertificateTrusted,
  layer: "proxy",
  reads:
    "The certificate files that the proxies' TLS listeners of this deployment name, chain and all, against the system's store; mode, owner and directories of the private keys, and whether they belong to the certificates.",
  needs: { routes: proxyRoutes },
  wants: { ...PLACING, files: certificateFiles },

  evaluate({ routes }, wanted) {
    const facts = { routes, ...wanted };
    const judgements = [
      ...diskCertificates(facts).map(judgeChain),
      ...namedFiles(facts).map(judgePresence),
      ...judgeKeys(wanted.files, concernedTls(routes, wanted)),
    ];
    return joinDisk(facts, judgements, (disk) =>
      pass(
        `The certificates on disk verify, and no key is open to others: ${disk.map(({ file }) => file.path).join(", ")}`,
        disk.map(diskAt),
      ),
    );
  },
});

function judgeChain(disk: DiskCertificate): Judgement {
  const { file, certificate, listeners } = disk;
  const findings = chainFaults(certificate).map(
    ({ rule, status, says }): Finding => ({
      rule,
      status,
      subject: file.path,
      message: `The certificate in ${file.path} ${says}`,
      fix: fixOf(rule, disk),
      evidence: [diskAt(disk), ...namedAt(disk), ...listeners.slice(0, 3).map(listenerAt)],
    }),
  );
  if (certificate.trusted !== "unknown" || findings.some(({ status }) => status === "fail")) {
    return { findings };
  }
  const detail = `${file.path}: the system's trust store could not be read`;
  return { findings, open: { code: "not-recorded", detail } };
}

function fixOf(rule: string, { file, listeners: [{ proxy, names }] }: DiskCertificate): string {
  const name = names.find((one) => /^[a-z0-9.-]+$/i.test(one)) ?? "NAME";
  switch (rule) {
    case "incomplete-chain":
    case "wrong-order":
      return `Put leaf, then intermediates, into ${file.path} (fullchain.pem instead of cert.pem); then run: ${reloadOf(proxy)}`;
    case "private-ca":
      return `Distribute your CA to every client, or run: certbot certonly -d ${name}`;
    case "oversized-key":
      return `Run: certbot certonly --key-type ecdsa -d ${name}`;
    default:
      return `Run: certbot certonly -d ${name}; put fullchain.pem and privkey.pem at ${file.path}; then run: ${reloadOf(proxy)}`;
  }
}

/** The installed proxy names a file that is not there: it will not start again, nor reload. */
function judgePresence({ file, listeners }: Omit<DiskCertificate, "certificate">): Judgement {
  if (file.chain.state !== "absent") return { findings: [] };
  const [first] = listeners;
  const named = first.certificates.find((one) => one.file === file.source)?.at ?? first;
  return {
    findings: [
      {
        rule: "certificate-missing",
        status: "warn",
        subject: file.path,
        message: `The certificate file ${file.path} of ${showListeners(listeners)} does not exist: ${first.proxy} cannot start or reload`,
        fix: `Put the certificate with its chain at ${shellWord(file.path)}; then run: ${reloadOf(first.proxy)}`,
        evidence: [
          { file: named.file, line: named.line, excerpt: `certificate ${file.path}` },
          listenerAt(first),
        ],
      },
    ],
  };
}
