import type { Evidence, Finding } from "../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../core/reading.ts";
import type { TlsScan } from "../../core/tls-scan.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { Place, TlsListener, TlsSetting } from "../../facts/proxy-tls.ts";
import type { ProxyVersion } from "../../facts/proxy-versions.fact.ts";

/** What one listener, file or setting comes to. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Why it may not be called good although nothing was found. */
  readonly open?: Problem;
}

export function showPlace({ file, line }: Place): string {
  return `${file}:${line}`;
}

const NAMES_SHOWN_MAX = 3;

/** `a.test, b.test`; `*:443` for a listener without names. */
export function showListeners(listeners: readonly TlsListener[]): string {
  const names = new Set(
    listeners.flatMap((one) => (one.names.length > 0 ? one.names : [showSocket(one)])),
  );
  const shown = [...names].slice(0, NAMES_SHOWN_MAX).join(", ");
  const more = names.size - NAMES_SHOWN_MAX;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function showSocket({ address, port }: TlsListener): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

export function listenerAt(listener: TlsListener): Evidence {
  const { file, line, proxy } = listener;
  return { file, line, excerpt: `${proxy} ${showSocket(listener)} ${listener.names.join(" ")}` };
}

/** Listeners that one and the same setting is in force for: it is told once. */
export interface SettingGroup<T> {
  readonly setting: TlsSetting<T>;
  readonly first: TlsListener;
  readonly listeners: readonly TlsListener[];
}

/** Groups by where the setting stands; of those without one by proxy. */
export function groupBySetting<T>(
  listeners: readonly TlsListener[],
  pick: (listener: TlsListener) => TlsSetting<T>,
): readonly SettingGroup<T>[] {
  const groups = Map.groupBy(listeners, (listener) => {
    const setting = pick(listener);
    const { proxy } = listener;
    if (setting.state === "set") return `${proxy} ${showPlace(setting.at)} ${setting.text}`;
    return `${proxy} ${setting.state === "unknown" ? setting.why : ""}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ setting: pick(first), first, listeners: group }];
  });
}

/** Where a setting stands, else the listener it is missing from. */
export function settingAt<T>({ setting, first }: SettingGroup<T>): Evidence {
  return setting.state === "set" ? { ...setting.at, excerpt: setting.text } : listenerAt(first);
}

/** The listener that answers a scanned server; `undefined` where no configuration that was read does. */
export function answeringListener(
  listeners: readonly TlsListener[],
  { host, port, address }: TlsScan,
): TlsListener | undefined {
  const onPort = listeners.filter((one) => one.port === port);
  const onAddress = onPort.filter((one) => one.address === address);
  const near = onAddress.length > 0 ? onAddress : onPort;
  const isNamed = (one: TlsListener) => one.names.some((name) => coversName(name, host));
  return (
    near.find(isNamed) ??
    near.find(({ isDefaultServer }) => isDefaultServer) ??
    // A port that is mapped on the way (a container, a firewall): the name tells.
    listeners.find(isNamed)
  );
}

/** A name as proxies write it, wildcards at either end, against a host. Patterns are not tried. */
export function coversName(name: string, host: string): boolean {
  const pattern = name.toLowerCase();
  const asked = host.toLowerCase().replace(/\.$/, "");
  if (pattern.startsWith("*.")) return asked.endsWith(pattern.slice(1));
  if (pattern.startsWith(".")) return asked === pattern.slice(1) || asked.endsWith(pattern);
  if (pattern.endsWith(".*")) return asked.startsWith(pattern.slice(0, -1));
  return pattern === asked;
}

/** Scans that spoke TLS, each with the listener that answers it. */
export function scannedListeners(
  listeners: readonly TlsListener[],
  scans: Reading<readonly TlsScan[]>,
): readonly { readonly scan: TlsScan; readonly listener: TlsListener }[] {
  return (knownValue(scans) ?? [])
    .filter(({ state }) => state === "tls")
    .flatMap((scan) => {
      const listener = answeringListener(listeners, scan);
      return listener === undefined ? [] : [{ scan, listener }];
    });
}

/** The version of a proxy, where it is known. */
export function versionOf(
  versions: Reading<readonly ProxyVersion[]>,
  proxy: ProxyKind,
): ProxyVersion | undefined {
  return knownValue(versions)?.find((one) => one.proxy === proxy);
}

/** Whether a version is another or later: `isAtLeast("1.27.3", "1.23.4")`. */
export function isAtLeast(version: string, least: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [at, wanted] of least.split(".").map(Number).entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** The major version of the OpenSSL a proxy runs with, where it tells. */
export function opensslMajor(version: ProxyVersion | undefined): number | undefined {
  return version?.openssl === undefined ? undefined : Number(version.openssl.split(".")[0]);
}
