import { defineCheck, type Evidence, type Finding, pass } from "../../../core/check.ts";
import type { Readings } from "../../../core/fact.ts";
import type { TlsProtocol, TlsScan } from "../../../core/tls-scan.ts";
import type { Statement } from "../../../core/trace.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import type { TlsListener, TlsSetting } from "../../../facts/proxy-tls.ts";
import { type ProxyVersion, proxyVersions } from "../../../facts/proxy-versions.fact.ts";
import { expandCipherList } from "../../../parsers/openssl-ciphers/expand.ts";
import { reloadOf } from "../../route/proxy-remedy.ts";
import { concernedTls, joinConfigured, PLACING } from "../../tls-scan/concerned.ts";
import {
  groupBySetting,
  isAtLeast,
  type Judgement,
  listenerAt,
  opensslMajor,
  type SettingGroup,
  scannedListeners,
  settingAt,
  showListeners,
  showPlace,
  versionOf,
} from "../../tls-scan/configured.ts";
import { settingFix } from "../../tls-scan/directives.ts";
import { defaultProtocols } from "../../tls-scan/proxy-defaults.ts";
import { seenAt, showScan } from "../../tls-scan/scanned.ts";
import { DEPRECATED_PROTOCOLS } from "./deprecated-protocols.ts";
import { tlsProtocols } from "./protocols.control.ts";

const WANTS = { ...PLACING, versions: proxyVersions };
type Wanted = Readings<typeof WANTS>;

/** The protocols the TLS listeners of this deployment are told to speak. */
export const tlsProtocolsProxy = defineCheck({
  control: tlsProtocols,
  layer: "proxy",
  reads:
    "The protocols in force for every TLS listener of a proxy that concerns the deployment (it answers an audited server, lies in the audited tree, or its routes lead to the application): ssl_protocols of nginx (of the socket's default server, inherited from http), tls of Caddy, SSLProtocol of Apache, ssl-min-ver and its kin of HAProxy, tls.options of Traefik.",
  needs: { routes: proxyRoutes },
  wants: WANTS,

  evaluate({ routes }, wanted) {
    const listeners = concernedTls(routes, wanted);
    const groups = groupBySetting(listeners, ({ protocols }) => protocols);
    const judgements = [
      ...groups.map((group) => judgeGroup(group, wanted)),
      ...listeners.map((listener) => overruledOf(listener, wanted)),
      ...scannedListeners(listeners, wanted.scans).map(contradictionOf),
    ];
    return joinConfigured(
      routes,
      wanted,
      judgements,
      pass(passed(groups, wanted), groups.map(settingAt)),
    );
  },

  states({ routes }, wanted) {
    return statementsOf(concernedTls(routes, wanted), wanted);
  },
});

type Group = SettingGroup<readonly TlsProtocol[]>;

function judgeGroup(group: Group, wanted: Wanted): Judgement {
  const { setting, first } = group;
  switch (setting.state) {
    case "set":
      return { findings: judgeSet(group, setting, wanted) };
    case "unset":
      return { findings: judgeUnset(group, wanted) };
    case "unknown": {
      const detail = `The protocols of ${showListeners(group.listeners)} (${first.proxy}): ${setting.why}`;
      return { findings: [], open: { code: "unsupported", detail } };
    }
  }
}

type SetProtocols = Extract<TlsSetting<readonly TlsProtocol[]>, { state: "set" }>;

function judgeSet(group: Group, setting: SetProtocols, wanted: Wanted): readonly Finding[] {
  const { first, listeners } = group;
  const { proxy } = first;
  const fix = settingFix("protocols", proxy, setting.at, true);
  const evidence = [settingAt(group), ...listenersAt(group)] as const;
  const where = showListeners(listeners);
  const old = setting.value.filter((one) => DEPRECATED_PROTOCOLS.includes(one));
  const findings: Finding[] = [];
  if (old.length > 0) {
    const refuses = refusal(first, versionOf(wanted.versions, proxy));
    findings.push({
      rule: "old-protocol",
      status: refuses === undefined ? "fail" : "warn",
      subject: where,
      message: `${proxy} is told to speak ${old.join(", ")} for ${where}${refuses ?? ""}`,
      fix,
      evidence,
    });
  }
  if (!setting.value.includes("TLSv1.3")) {
    const message = `${proxy} is not told to speak TLS 1.3 for ${where}`;
    findings.push({ rule: "no-tls13", status: "warn", subject: where, message, fix, evidence });
  }
  return findings;
}

const LISTENERS_SHOWN_MAX = 5;

function listenersAt({ listeners }: Group): readonly Evidence[] {
  return listeners.slice(0, LISTENERS_SHOWN_MAX).map(listenerAt);
}

/**
 * Why the OpenSSL at hand does not speak it although it is told to: since 3.0 TLS 1.1 and older need security
 * level 0 (`ssl_security_default_callback`). Another build would.
 */
function refusal({ ciphers }: TlsListener, version: ProxyVersion | undefined): string | undefined {
  const major = opensslMajor(version);
  if (major === undefined || major < 3 || ciphers.state === "unknown") return undefined;
  if (ciphers.state === "set" && expandCipherList(ciphers.value).securityLevel === 0) {
    return undefined;
  }
  return `; OpenSSL ${version?.openssl} refuses it at its security level, another build would not`;
}

/** Not set: the product's default decides, where nobody has looked from outside. */
function judgeUnset(group: Group, wanted: Wanted): readonly Finding[] {
  const { first, listeners } = group;
  const { proxy } = first;
  const version = versionOf(wanted.versions, proxy);
  const speaks = defaultProtocols(proxy, version);
  const old = speaks?.filter((one) => DEPRECATED_PROTOCOLS.includes(one)) ?? [];
  if (speaks !== undefined && old.length === 0) return [];
  const isSeen = scannedListeners(listeners, wanted.scans).some(
    ({ scan }) => scan.protocols !== null,
  );
  if (isSeen) return [];
  const where = showListeners(listeners);
  const name = version === undefined ? proxy : `${proxy} ${version.version}`;
  const says =
    speaks === undefined
      ? `the default of ${proxy} decides, and its version is not known`
      : `the default of ${name} is ${speaks.join(", ")}`;
  return [
    {
      rule: "protocols-not-set",
      status: "warn",
      subject: where,
      message: `No protocols are set for ${where}: ${says}`,
      fix: settingFix("protocols", proxy, first, false),
      evidence: [listenerAt(first), ...listenersAt(group).slice(1)],
    },
  ];
}

/** nginx 1.29 began to read the server name before it settles on a protocol. */
const PER_SERVER_SINCE = "1.29.0";

/** A server that is not its socket's default and allows old protocols: that has no effect, or not yet. */
function overruledOf({ overruled, ...listener }: TlsListener, wanted: Wanted): Judgement {
  if (overruled?.own.state !== "set") return { findings: [] };
  const { own, by } = overruled;
  const old = own.value.filter((one) => DEPRECATED_PROTOCOLS.includes(one));
  const version = versionOf(wanted.versions, listener.proxy)?.version;
  if (old.length === 0 || (version !== undefined && !isAtLeast(version, PER_SERVER_SINCE))) {
    return { findings: [] };
  }
  const where = showListeners([listener]);
  const message = `${where} allows ${old.join(", ")}, which has an effect only from nginx ${PER_SERVER_SINCE} on: before, the default server of the socket decides`;
  return {
    findings: [
      {
        rule: "old-protocol-overruled",
        status: "warn",
        subject: where,
        message,
        fix: settingFix("protocols", listener.proxy, own.at, true),
        evidence: [
          { ...own.at, excerpt: own.text },
          { ...by, excerpt: "the default server of the socket" },
        ],
      },
    ],
  };
}

/** The server speaks what its file does not allow: it runs with another one, or another server answers. */
function contradictionOf({
  scan,
  listener,
}: {
  readonly scan: TlsScan;
  readonly listener: TlsListener;
}): Judgement {
  const { protocols, proxy } = listener;
  if (protocols.state !== "set" || scan.protocols === null) return { findings: [] };
  const more = scan.protocols.filter((one) => !protocols.value.includes(one));
  if (more.length === 0) return { findings: [] };
  const set = protocols.value.join(" ") || "none";
  return {
    findings: [
      {
        rule: "not-in-force",
        status: "warn",
        subject: showScan(scan),
        message: `${showScan(scan)} accepts ${more.join(", ")}, yet ${showPlace(protocols.at)} sets ${set}: ${proxy} was not reloaded, or another server answers`,
        fix: `Run: ${reloadOf(proxy)}; if that does not help, find what else listens on port ${scan.port}: ss -ltnp`,
        evidence: [
          { ...protocols.at, excerpt: protocols.text },
          seenAt(scan, `accepted: ${scan.protocols.join(", ")}`),
          listenerAt(listener),
        ],
      },
    ],
  };
}

function passed(groups: readonly Group[], wanted: Wanted): string {
  const says = groups.map(({ setting, first }) => {
    if (setting.state === "set") return `${setting.value.join(" and ")} (${showPlace(setting.at)})`;
    const version = versionOf(wanted.versions, first.proxy);
    const speaks = defaultProtocols(first.proxy, version)?.join(" and ");
    const name = version === undefined ? first.proxy : `${first.proxy} ${version.version}`;
    return speaks === undefined ? `what ${name} has by default` : `${speaks}, ${name}'s default`;
  });
  return `The proxy is told to speak only ${[...new Set(says)].join("; ")}`;
}

/** What the file says and what the first scanned server of it speaks. */
function statementsOf(listeners: readonly TlsListener[], wanted: Wanted): readonly Statement[] {
  const [seen] = scannedListeners(listeners, wanted.scans).filter(
    ({ scan }) => scan.protocols !== null,
  );
  const listener = seen?.listener ?? listeners[0];
  if (listener === undefined) return [];
  const inner = statementOf(listener, versionOf(wanted.versions, listener.proxy));
  if (seen === undefined) return [inner];
  const value = (seen.scan.protocols ?? []).join(" ");
  return [inner, { layer: "live", says: "sets", value, where: showScan(seen.scan) }];
}

function statementOf(
  { protocols, proxy, file, line }: TlsListener,
  version: ProxyVersion | undefined,
): Statement {
  const layer = "proxy";
  switch (protocols.state) {
    case "set":
      return {
        layer,
        says: "sets",
        value: protocols.value.join(" "),
        where: showPlace(protocols.at),
      };
    case "unknown":
      return { layer, says: "unknown", where: protocols.why };
    case "unset": {
      const speaks = defaultProtocols(proxy, version);
      const where =
        `not set for ${file}:${line}, the default of ${proxy} ${version?.version ?? ""}`.trim();
      if (speaks === undefined) return { layer, says: "unknown", where: `${where} decides` };
      return { layer, says: "sets", value: speaks.join(" "), where };
    }
  }
}
