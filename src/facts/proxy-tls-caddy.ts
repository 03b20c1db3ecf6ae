import type { TlsProtocol } from "../core/tls-scan.ts";
import type { CaddyDirective, Caddyfile } from "../parsers/caddyfile/parse.ts";
import { caddySites } from "./proxy-caddy.ts";
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
import { directoryOf, resolveFrom } from "./target-path.ts";

const PROTOCOLS: Readonly<Record<string, TlsProtocol>> = {
  "tls1.2": "TLSv1.2",
  "tls1.3": "TLSv1.3",
};

/** Every site address that Caddy ends TLS for, with its `tls` directive. `file`: the configuration's absolute path. */
export function caddyTls(caddyfile: Caddyfile, file: string): readonly TlsListener[] {
  return caddySites(caddyfile).flatMap(({ site, listeners }) => {
    const directives = site.directives.filter(({ name }) => name === "tls");
    const settings = settingsOf(directives);
    const certificates = directives.flatMap((one) => namedBy(one, directoryOf(file)));
    const other = certificates.length === 0 ? { otherCertificates: managed(directives) } : {};
    return listeners
      .filter(({ listener }) => listener.isTls)
      .map(({ listener, host }) => ({
        proxy: "caddy" as const,
        names: host === "" ? [] : [host],
        address: listener.address,
        port: listener.port,
        file: listener.file,
        line: listener.line,
        isDefaultServer: host === "",
        ...NOTHING_SET,
        ...settings,
        notation: "iana" as const,
        certificates,
        ...other,
      }));
  });
}

function managed(directives: readonly CaddyDirective[]): string {
  const isInternal = directives.some(({ args }) => args[0]?.text === "internal");
  return isInternal ? "certificates of Caddy's own authority" : "certificates Caddy gets by itself";
}

/** The block's option of a name; the last one of all `tls` directives counts. */
function optionOf(directives: readonly CaddyDirective[], name: string): CaddyDirective | undefined {
  return directives.flatMap(({ block }) => block ?? []).findLast((one) => one.name === name);
}

function settingsOf(
  directives: readonly CaddyDirective[],
): Pick<TlsListener, "protocols" | "ciphers" | "groups"> {
  const words = (name: string): TlsSetting<string> => {
    const option = optionOf(directives, name);
    if (option === undefined) return UNSET;
    const text = option.args.map((word) => word.text).join(" ");
    const hole = /\{[^}]*\}/.exec(text)?.[0];
    const { file, line } = option;
    return hole === undefined
      ? setTo(text, `${name} ${text}`, option)
      : untold(`${hole} at ${file}:${line} has no value that is known here`);
  };
  return {
    protocols: protocolsOf(words("protocols")),
    ciphers: words("ciphers"),
    groups: words("curves"),
  };
}

/** `protocols MIN [MAX]` (Caddy's documentation of `tls`); it knows nothing below TLS 1.2. */
function protocolsOf(setting: TlsSetting<string>): TlsSetting<readonly TlsProtocol[]> {
  if (setting.state !== "set") return setting;
  const [min = "", max = "tls1.3"] = setting.value.split(" ");
  const from = Object.hasOwn(PROTOCOLS, min) ? PROTOCOLS[min] : undefined;
  const to = Object.hasOwn(PROTOCOLS, max) ? PROTOCOLS[max] : undefined;
  if (from === undefined || to === undefined) {
    return untold(`${setting.text} at ${setting.at.file}:${setting.at.line} is no version of TLS`);
  }
  return { ...setting, value: protocolRange(from, to) };
}

/** `tls CERT KEY`; `load` names directories whose files hold both. */
function namedBy(directive: CaddyDirective, directory: string): readonly NamedCertificate[] {
  const { args, file, line, block } = directive;
  const [certificate, key] = args;
  const at = { file, line };
  const loads = (block ?? [])
    .filter(({ name }) => name === "load")
    .flatMap((load) => load.args)
    .map(({ text }) => ({
      file: resolveFrom(directory, text),
      at,
      isDirectory: true as const,
    }));
  if (certificate === undefined || key === undefined) return loads;
  const both = {
    file: resolveFrom(directory, certificate.text),
    keyFile: resolveFrom(directory, key.text),
    at,
  };
  return /\{[^}]*\}/.test(certificate.text) ? loads : [both, ...loads];
}
