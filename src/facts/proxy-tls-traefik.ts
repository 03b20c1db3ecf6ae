import type { TlsProtocol } from "../core/tls-scan.ts";
import { parseTraefikRule, type TraefikSetting } from "../parsers/traefik.ts";
import {
  type NamedCertificate,
  NOTHING_SET,
  protocolRange,
  setTo,
  type TlsListener,
  type TlsSetting,
  UNSET,
  untold,
} from "./proxy-tls.ts";
import { routerListeners, settingOf, settingsNamed } from "./proxy-traefik.ts";

const VERSIONS: Readonly<Record<string, TlsProtocol>> = {
  versiontls10: "TLSv1",
  versiontls11: "TLSv1.1",
  versiontls12: "TLSv1.2",
  versiontls13: "TLSv1.3",
};

/**
 * Every router with TLS of `settings` (one file, or the labels), on each of its entry points. Options and
 * certificates may stand in any file: `all` are the settings of all of them, `statics` those of Traefik itself.
 */
export function traefikTls(
  settings: readonly TraefikSetting[],
  statics: readonly TraefikSetting[],
  all: readonly TraefikSetting[],
): readonly TlsListener[] {
  const certificates = certificatesOf(all);
  const resolver = all.some(({ key }) => /\.tls\.certresolver$/.test(key));
  const other = resolver ? { otherCertificates: "certificates of an ACME resolver" } : {};
  return settingsNamed(settings, "http.routers.").flatMap((name) => {
    const prefix = `http.routers.${name}`;
    const rule = settings.findLast(({ key }) => key === `${prefix}.rule`);
    if (rule === undefined) return [];
    const { names } = parseTraefikRule(rule.value);
    return routerListeners(settings, prefix, statics, rule)
      .filter(({ listener }) => listener.isTls)
      .map(({ listener: { address, port, file, line }, entryPoint }) => ({
        ...NOTHING_SET,
        proxy: "traefik" as const,
        names,
        address,
        port,
        file,
        line,
        isDefaultServer: false,
        ...optionsOf(tlsOptionsName(settings, prefix, statics, entryPoint), all),
        notation: "iana" as const,
        certificates,
        ...(certificates.length === 0 && resolver === false
          ? { otherCertificates: "Traefik's own certificate" }
          : other),
      }));
  });
}

/** `tls.options` of the router, of its entry point, else `default`; the provider behind the name is left out. */
export function tlsOptionsName(
  settings: readonly TraefikSetting[],
  prefix: string,
  statics: readonly TraefikSetting[],
  entryPoint: string,
): string {
  const named =
    settingOf(settings, `${prefix}.tls.options`) ??
    settingOf(statics, `entrypoints.${entryPoint}.http.tls.options`) ??
    "default";
  return named.replace(/@.*$/, "").toLowerCase();
}

function optionsOf(
  name: string,
  all: readonly TraefikSetting[],
): Pick<TlsListener, "protocols" | "ciphers" | "groups" | "preferServer"> {
  const prefix = `tls.options.${name}.`;
  if (name !== "default" && !all.some(({ key }) => key.startsWith(prefix))) {
    const setting = untold(`the TLS options "${name}" are in no file that was read`);
    return { protocols: setting, ciphers: setting, groups: setting, preferServer: setting };
  }
  return {
    protocols: protocolsOf(prefix, all),
    ciphers: listOf(`${prefix}ciphersuites`, all),
    groups: listOf(`${prefix}curvepreferences`, all),
    preferServer: UNSET,
  };
}

function protocolsOf(
  prefix: string,
  all: readonly TraefikSetting[],
): TlsSetting<readonly TlsProtocol[]> {
  const found = (name: string) => all.findLast(({ key }) => key === `${prefix}${name}`);
  const versionOf = (setting: TraefikSetting | undefined): TlsProtocol | undefined => {
    const word = setting?.value.toLowerCase() ?? "";
    return Object.hasOwn(VERSIONS, word) ? VERSIONS[word] : undefined;
  };
  const minimum = found("minversion");
  const maximum = found("maxversion");
  const from = versionOf(minimum);
  if (minimum === undefined) return UNSET;
  if (from === undefined) {
    return untold(`minVersion at ${minimum.file}:${minimum.line} is no version of TLS`);
  }
  const text = `minVersion: ${minimum.value}`;
  return setTo(protocolRange(from, versionOf(maximum) ?? "TLSv1.3"), text, minimum);
}

function listOf(key: string, all: readonly TraefikSetting[]): TlsSetting<string> {
  const items = all.filter((one) => one.key === key || one.key.startsWith(`${key}.`));
  const [first] = items;
  if (first === undefined) return UNSET;
  const text = items.map(({ value }) => value).join(",");
  return setTo(text, text, first);
}

/** `tls.certificates` and the default certificate of the store: any of them may answer a name. */
function certificatesOf(all: readonly TraefikSetting[]): readonly NamedCertificate[] {
  return all
    .filter(({ key }) =>
      /^tls\.(?:certificates\.\d+|stores\.[^.]+\.defaultcertificate)\.certfile$/.test(key),
    )
    .filter(({ value }) => value.startsWith("/"))
    .map(({ key, value, file, line }) => {
      const keyFile = all.find(
        (one) => one.file === file && one.key === key.replace(/certfile$/, "keyfile"),
      )?.value;
      return {
        file: value,
        ...(keyFile?.startsWith("/") && { keyFile }),
        at: { file, line },
      };
    });
}
