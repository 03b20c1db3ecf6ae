import { defineCheck, type Evidence, type Finding, pass } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import type { TlsCertificate, TlsScan } from "../../../core/tls-scan.ts";
import { appSettings } from "../../../facts/app-settings.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { canonicalAddress, isNamed } from "../../../facts/tls/certificate-names.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { djangoHosts } from "../../judgement/allowed-hosts.ts";
import { certificateFix } from "../../tls-scan/directives.ts";
import {
  blockEvidence,
  judgeScans,
  nameOf,
  type ScanVerdict,
  type ServingBlock,
  seenAt,
  servingBlock,
  showScan,
} from "../../tls-scan/scanned.ts";
import { tlsCertificateNames } from "./certificate-names.control.ts";

/** Names shown of one certificate. */
const NAMES_SHOWN_MAX = 12;

/** The names of every certificate the server shows, against those it must cover. */
export const tlsCertificateNamesLive = defineCheck({
  control: tlsCertificateNames,
  layer: "live",
  reads:
    "The subject alternative names of every certificate the server shows, against the audited hosts, the names of the serving block and ALLOWED_HOSTS.",
  needs: { scans: tlsScan },
  wants: { routes: proxyRoutes, environment, settings: appSettings },

  evaluate({ scans }, { routes, environment, settings }) {
    const values = knownValue(environment);
    const list = values === undefined ? undefined : djangoHosts(values, settings);
    const allowed: Named =
      list?.state === "known"
        ? { names: list.list.entries.filter(isPlainName), evidence: list.list.evidence }
        : { names: [], evidence: [] };
    return judgeScans(
      scans,
      (scan) => judgeNames(scan, servingBlock(routes, scan), allowed),
      (answered) =>
        pass(
          "Every required name is covered",
          answered.flatMap((scan) => (scan.certificates ?? []).map((one) => namesAt(scan, one))),
        ),
    );
  },
});

interface Named {
  readonly names: readonly string[];
  readonly evidence: readonly Evidence[];
}

function judgeNames(scan: TlsScan, block: ServingBlock | undefined, allowed: Named): ScanVerdict {
  const readable = (scan.certificates ?? []).filter(({ serial }) => serial !== "");
  if (readable.length === 0)
    return { findings: [], unanswered: "no readable certificate was seen" };
  const required = [...new Set([nameOf(scan), ...(block?.names ?? []).filter(isPlainName)])];
  const related = allowed.names.filter((name) => !required.includes(name) && isUnder(name, scan));
  return {
    findings: readable.flatMap((certificate) => {
      const isMissing = (name: string) => !isCovered(certificate, name);
      const missing = required.filter(isMissing);
      const aside = related.filter(isMissing);
      const fix = certificateFix(
        [...required, ...aside].filter((name) => canonicalAddress(name) === undefined),
        block,
      );
      const evidence = [namesAt(scan, certificate), ...blockEvidence(block)] as const;
      const subject = `${showScan(scan)} ${certificate.keyType}`;
      return [
        ...missing.map((name): Finding => {
          const message = `The certificate of ${showScan(scan)} does not cover ${name}`;
          return {
            rule: "name-uncovered",
            status: "fail",
            subject: `${subject} ${name}`,
            message,
            fix,
            evidence,
          };
        }),
        ...aside.map((name): Finding => {
          const message = `${name} is allowed by ALLOWED_HOSTS and not covered by the certificate of ${showScan(scan)}`;
          const all = [...evidence, ...allowed.evidence] as const;
          return {
            rule: "allowed-name-uncovered",
            // www. and api. are what people write down beforehand; any other name is meant to be used.
            status: isOptional(name) ? "warn" : "fail",
            subject: `${subject} ${name}`,
            message,
            fix,
            evidence: [all[0], ...all.slice(1)],
          };
        }),
      ];
    }),
  };
}

function isCovered({ names }: TlsCertificate, host: string): boolean {
  const ipAddresses = names.filter((name) => canonicalAddress(name) !== undefined);
  const dnsNames = names.filter((name) => canonicalAddress(name) === undefined);
  return isNamed({ dnsNames, ipAddresses }, host);
}

/** A name somebody outside may type: no pattern, no address, none of this machine alone. */
function isPlainName(name: string): boolean {
  return (
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name) &&
    !/^[\d.]+$/.test(name) &&
    !/\.local(?:host)?$/i.test(name)
  );
}

function isOptional(name: string): boolean {
  return /^(?:www|api)\./i.test(name);
}

/** The host itself, a sibling or a child of it: `www.shop.test` and `api.shop.test` for `shop.test`. */
function isUnder(name: string, scan: TlsScan): boolean {
  const lower = nameOf(scan).toLowerCase();
  const bare = lower.replace(/^www\./, "");
  return name.toLowerCase() === bare || name.toLowerCase().endsWith(`.${bare}`);
}

function namesAt(scan: TlsScan, { keyType, keyBits, names }: TlsCertificate): Evidence {
  const more = names.length - NAMES_SHOWN_MAX;
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(", ") || "none";
  const rest = more > 0 ? ` and ${more} more` : "";
  return seenAt(scan, `${keyType} ${keyBits} certificate names: ${shown}${rest}`);
}
