import {
  defineCheck,
  type Evidence,
  type Finding,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import type { Readings } from "../../../core/fact.ts";
import { knownValue } from "../../../core/reading.ts";
import { certificateFiles } from "../../../facts/certificate-files.fact.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import { proxyVersions } from "../../../facts/proxy-versions.fact.ts";
import { reloadOf } from "../../route/proxy-remedy.ts";
import { concernedTls, joinConfigured, PLACING } from "../../tls-scan/concerned.ts";
import {
  groupBySetting,
  type Judgement,
  listenerAt,
  type SettingGroup,
  scannedListeners,
  settingAt,
  showListeners,
  versionOf,
} from "../../tls-scan/configured.ts";
import { settingFix } from "../../tls-scan/directives.ts";
import { DEFAULT_CIPHERS } from "../../tls-scan/proxy-defaults.ts";
import {
  DH_BITS_MIN,
  SUITE_CLASSES,
  type SuiteClass,
  shortenList,
} from "../../tls-scan/suite-classes.ts";
import { tlsCiphers } from "./ciphers.control.ts";
import { type AllowedSuite, allowedSuites } from "./configured-suites.ts";

const WANTS = { ...PLACING, versions: proxyVersions, files: certificateFiles };
type Wanted = Readings<typeof WANTS>;

/** The suites the TLS listeners of this deployment are told to allow. */
export const tlsCiphersProxy = defineCheck({
  control: tlsCiphers,
  layer: "proxy",
  reads:
    "The suites in force for every TLS listener of a proxy that concerns the deployment (it answers an audited server, lies in the audited tree, or its routes lead to the application): OpenSSL cipher lists made out suite by suite (nginx, Apache, HAProxy), names (Caddy, Traefik), and the size of Diffie-Hellman parameters.",
  needs: { routes: proxyRoutes },
  wants: WANTS,

  evaluate({ routes }, wanted) {
    const listeners = concernedTls(routes, wanted);
    const legacy = listeners.filter(speaksLegacy);
    const groups = groupBySetting(legacy, ({ ciphers }) => ciphers);
    const summary = "Every suite the proxy allows up to TLS 1.2 has forward secrecy and AEAD";
    return joinConfigured(
      routes,
      wanted,
      [
        ...groups.map((group) => judgeGroup(group, wanted)),
        ...legacy.map((one) => judgeDh(one, wanted)),
      ],
      legacy.length === 0 && listeners.length > 0
        ? notApplicable("TLS 1.3 alone is configured")
        : pass(summary, groups.map(settingAt)),
    );
  },
});

/** Whether anything below TLS 1.3 may be spoken. */
function speaksLegacy({ protocols }: TlsListener): boolean {
  return protocols.state !== "set" || protocols.value.some((one) => one !== "TLSv1.3");
}

type Group = SettingGroup<string>;

function judgeGroup(group: Group, wanted: Wanted): Judgement {
  const { setting, first, listeners } = group;
  const { proxy } = first;
  const where = showListeners(listeners);
  if (setting.state === "unknown") {
    const detail = `The suites of ${where} (${proxy}): ${setting.why}`;
    return { findings: [], open: { code: "unsupported", detail } };
  }
  if (setting.state === "set") return { findings: judgeList(group, setting.value, "", wanted) };
  const list = DEFAULT_CIPHERS[proxy];
  if (list === undefined) {
    const detail = `No suites are set for ${where}, and what ${proxy} has by default is not known`;
    return { findings: [], open: { code: "unsupported", detail } };
  }
  // What is not set is what the server does: a look from outside tells it.
  const isSeen = scannedListeners(listeners, wanted.scans).length > 0;
  return { findings: isSeen ? [] : judgeList(group, list, " by default", wanted) };
}

function judgeList(group: Group, list: string, how: string, wanted: Wanted): readonly Finding[] {
  const { setting, first, listeners } = group;
  const { proxy } = first;
  const where = showListeners(listeners);
  const suites = allowedSuites(list, reachOf(group), versionOf(wanted.versions, proxy));
  const fix = settingFix(
    "ciphers",
    proxy,
    setting.state === "set" ? setting.at : first,
    setting.state === "set",
  );
  const classed = Map.groupBy(suites, ({ suite }) =>
    SUITE_CLASSES.find(({ holds }) => holds(suite)),
  );
  const finding = (
    { rule, status }: Pick<SuiteClass, "rule" | "status">,
    says: string,
    excerpt: string,
  ): Finding => ({
    rule,
    status,
    subject: where,
    message: `${proxy} ${says}${how} for ${where}`,
    fix,
    evidence: [settingAt(group), { excerpt }, ...othersAt(group)],
  });
  const findings = SUITE_CLASSES.flatMap((one): readonly Finding[] => {
    const members = classed.get(one) ?? [];
    if (members.length === 0) return [];
    const { shown, status, aside } = weighed(
      one,
      members,
      versionOf(wanted.versions, proxy)?.openssl,
    );
    const says = `allows ${one.what} (${shortenList(shown)})${aside}`;
    return [finding({ rule: one.rule, status }, says, shown.join(", "))];
  });
  if (findings.length > 0 && classed.has(undefined) && leavesOrder(first)) {
    const says = "lets the client choose from a mixed list of suites";
    findings.push(
      finding({ rule: "client-order", status: "warn" }, says, "the client's order counts"),
    );
  }
  return findings;
}

/** Of several listeners with one list, one that has Diffie-Hellman parameters. */
function reachOf({ first, listeners }: Group): TlsListener {
  return listeners.find(({ dhParameters }) => dhParameters.state !== "unset") ?? first;
}

const LISTENERS_SHOWN_MAX = 5;

function othersAt({ listeners, setting }: Group): readonly Evidence[] {
  // Where nothing is set the first listener has been shown in its place.
  const from = setting.state === "set" ? 0 : 1;
  return listeners.slice(from, LISTENERS_SHOWN_MAX).map(listenerAt);
}

/** What this OpenSSL does not offer is a warning: another build would. */
function weighed(
  { status }: SuiteClass,
  members: readonly AllowedSuite[],
  openssl: string | undefined,
): {
  readonly shown: readonly string[];
  readonly status: Finding["status"];
  readonly aside: string;
} {
  const offered = members.filter(({ isRefused }) => !isRefused);
  const shown = (offered.length > 0 ? offered : members).map(({ suite }) => suite.name);
  if (offered.length > 0) return { shown, status, aside: "" };
  return { shown, status: "warn", aside: `, which OpenSSL ${openssl ?? ""} does not offer,` };
}

/** Products that follow the client's order unless they are told otherwise. */
const CLIENT_FIRST = new Set(["nginx", "apache"]);

function leavesOrder({ preferServer, proxy }: TlsListener): boolean {
  if (preferServer.state === "set") return !preferServer.value;
  return preferServer.state === "unset" && CLIENT_FIRST.has(proxy);
}

/** Own parameters for finite-field Diffie-Hellman, where a suite uses them. */
function judgeDh(listener: TlsListener, { files, versions, scans }: Wanted): Judgement {
  const { dhParameters, ciphers, proxy } = listener;
  if (dhParameters.state !== "set" || listener.notation === "iana") return { findings: [] };
  const list = ciphers.state === "set" ? ciphers.value : (DEFAULT_CIPHERS[proxy] ?? "");
  const isUsed = allowedSuites(list, listener, versionOf(versions, proxy)).some(
    ({ suite }) => suite.keyExchange === "DHE",
  );
  const path = dhParameters.value;
  const bits = knownValue(files)?.dhParameters.find((one) => one.path === path)?.bits;
  if (!isUsed) return { findings: [] };
  if (bits?.state !== "known") {
    const isSeen = scannedListeners([listener], scans).length > 0;
    const code = bits?.state === "unknown" ? bits.problem.code : "unreachable";
    const detail = `How many bits the DH parameters in ${path} have cannot be told`;
    return { findings: [], ...(!isSeen && { open: { code, detail } }) };
  }
  if (bits.value >= DH_BITS_MIN) return { findings: [] };
  return {
    findings: [
      {
        rule: "small-dh",
        status: "fail",
        subject: showListeners([listener]),
        message: `${path} holds DH parameters of ${bits.value} bits`,
        fix: `Run: openssl dhparam -out ${path} ${DH_BITS_MIN}; then run: ${reloadOf(proxy)}`,
        evidence: [{ ...dhParameters.at, excerpt: dhParameters.text }, listenerAt(listener)],
      },
    ],
  };
}
