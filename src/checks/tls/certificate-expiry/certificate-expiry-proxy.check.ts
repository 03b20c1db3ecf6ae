import { defineCheck, type Finding, pass } from "../../../core/check.ts";
import type { Readings } from "../../../core/fact.ts";
import type { TlsCertificate, TlsScan } from "../../../core/tls-scan.ts";
import type { Statement } from "../../../core/trace.ts";
import { certificateFiles } from "../../../facts/certificate-files.fact.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { type ProxyRoutes, proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import { reloadOf } from "../../route/proxy-remedy.ts";
import { concernedTls, PLACING } from "../../tls-scan/concerned.ts";
import { type Judgement, listenerAt, scannedListeners } from "../../tls-scan/configured.ts";
import {
  type DiskCertificate,
  diskAt,
  diskCertificates,
  joinDisk,
  namedAt,
} from "../../tls-scan/disk-certificates.ts";
import { seenAt, showCertificate, showScan } from "../../tls-scan/scanned.ts";
import { tlsCertificateExpiry } from "./certificate-expiry.control.ts";
import { DAY_MS, dateFault } from "./date-faults.ts";

const WANTS = { ...PLACING, files: certificateFiles };
type Wanted = Readings<typeof WANTS>;

/** The dates of the certificates on disk, and whether the servers show what is there. */
export const tlsCertificateExpiryProxy = defineCheck({
  control: tlsCertificateExpiry,
  layer: "proxy",
  reads:
    "notBefore and notAfter in the certificate files that the proxies' TLS listeners of this deployment name, and their serial numbers against those that the audited servers show.",
  needs: { routes: proxyRoutes, clock },
  wants: WANTS,

  evaluate({ routes, clock: { nowMs } }, wanted) {
    const facts = { routes, ...wanted };
    const disk = diskCertificates(facts);
    const judgements = [
      ...disk.map((one) => judgeDates(one, nowMs)),
      ...pairsOf(routes, wanted).map(judgePair),
    ];
    return joinDisk(facts, judgements, (all) =>
      pass(`The certificates on disk are valid; the next expires in ${soonest(all, nowMs)} days`, [
        ...all.map(diskAt),
      ]),
    );
  },

  states({ routes }, wanted) {
    const [pair] = pairsOf(routes, wanted);
    if (pair === undefined) {
      const [first] = diskCertificates({ routes, ...wanted });
      return first === undefined ? [] : [onDisk(first)];
    }
    const { served, scan } = pair;
    const live: Statement = {
      layer: "live",
      says: "sets",
      value: `serial ${served.serial}`,
      where: showScan(scan),
    };
    return [onDisk(pair.disk), live];
  },
});

function onDisk({ file, certificate }: DiskCertificate): Statement {
  const value = `serial ${certificate.serial}`;
  return { layer: "proxy", says: "sets", value, where: file.path };
}

function judgeDates(disk: DiskCertificate, nowMs: number): Judgement {
  const { certificate, file, listeners } = disk;
  if (certificate.notAfter === "") {
    const detail = `${file.path}: the certificate in it cannot be read`;
    return { findings: [], open: { code: "malformed", detail } };
  }
  const fault = dateFault(certificate, nowMs);
  if (fault === undefined) return { findings: [] };
  const { rule, status, says } = fault;
  const reload = reloadOf(listeners[0].proxy);
  return {
    findings: [
      {
        rule,
        status,
        subject: file.path,
        message: `The certificate in ${file.path} ${says}`,
        fix:
          rule === "not-yet-valid"
            ? "Set the clock of this machine and of the one that issued the certificate: timedatectl set-ntp true"
            : `Run: certbot renew && ${reload}`,
        evidence: [diskAt(disk), ...namedAt(disk)],
      },
    ],
  };
}

/** A certificate on disk beside the one of its kind that the server shows for it. */
interface Pair {
  readonly disk: DiskCertificate;
  readonly served: TlsCertificate;
  readonly scan: TlsScan;
  readonly listener: TlsListener;
}

function pairsOf(routes: ProxyRoutes, wanted: Wanted): readonly Pair[] {
  const disk = diskCertificates({ routes, ...wanted });
  return scannedListeners(concernedTls(routes, wanted), wanted.scans).flatMap(
    ({ scan, listener }) =>
      disk
        .filter(
          ({ listeners, certificate }) => listeners.includes(listener) && certificate.serial !== "",
        )
        .flatMap((one) => {
          const served = (scan.certificates ?? []).find(
            ({ keyType, serial }) => serial !== "" && keyType === one.certificate.keyType,
          );
          return served === undefined ? [] : [{ disk: one, served, scan, listener }];
        }),
  );
}

/** The file was renewed and the server still shows the old one. */
function judgePair({ disk, served, scan, listener }: Pair): Judgement {
  const { certificate, file } = disk;
  const isOther = certificate.fingerprint256 !== served.fingerprint256;
  const isNewer = Date.parse(certificate.notBefore) > Date.parse(served.notBefore);
  if (!isOther || !isNewer) return { findings: [] };
  const finding: Finding = {
    rule: "reload-forgotten",
    status: "warn",
    subject: `${showScan(scan)} ${served.keyType}`,
    message: `The certificate in ${file.path} (serial ${certificate.serial}, from ${certificate.notBefore}) is newer than the one ${showScan(scan)} shows (serial ${served.serial}, from ${served.notBefore})`,
    fix: `Run: ${reloadOf(listener.proxy)}; and let every renewal do so: certbot renew --deploy-hook '${reloadOf(listener.proxy)}'`,
    evidence: [
      diskAt(disk),
      seenAt(
        scan,
        `${showCertificate(served)}, serial ${served.serial}: ${served.notBefore} to ${served.notAfter}`,
      ),
      listenerAt(listener),
    ],
  };
  return { findings: [finding] };
}

function soonest(disk: readonly DiskCertificate[], nowMs: number): number {
  const ends = disk.map(({ certificate }) => Date.parse(certificate.notAfter));
  return Math.floor((Math.min(...ends) - nowMs) / DAY_MS);
}
