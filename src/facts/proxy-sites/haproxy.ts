import type { HaproxyConfiguration, HaproxySection } from "../../parsers/haproxy.ts";
import { bindListeners, isSwitchedOn } from "../proxy-haproxy.ts";
import type { NamedSetting, ProxySite, Setting, SiteListener } from "../proxy-site.ts";
import { setTo, UNSET } from "../proxy-tls.ts";
import { aclsOf } from "./haproxy-condition.ts";
import { allLines, haproxyText, lastLine, optionLine, sectionChain } from "./haproxy-lines.ts";
import { type HaproxyScope, haproxyRoutesOf } from "./haproxy-routes.ts";
import { tableSettings } from "./haproxy-tables.ts";

/** Addresses of all `bind` lines of one frontend. */
const LISTENERS_MAX = 256;

/** Frontends (and `listen` sections) that are switched on, each with what it does over all its backends. */
export function haproxySites(configuration: HaproxyConfiguration): readonly ProxySite[] {
  const backends = new Map(
    configuration.sections
      .filter(({ kind }) => kind === "backend" || kind === "listen")
      .map((section) => [section.name, section] as const),
  );
  return configuration.sections
    .filter(({ kind }) => kind === "frontend" || kind === "listen")
    .filter((section) => isSwitchedOn(configuration, section))
    .map((section) => siteOf(configuration, section, backends));
}

function siteOf(
  configuration: HaproxyConfiguration,
  section: HaproxySection,
  backends: HaproxyScope["backends"],
): ProxySite {
  const chain = sectionChain(configuration, section);
  const binds = section.lines.filter(({ keyword }) => keyword === "bind");
  const mode = lastLine(chain, "mode")?.args[0]?.text ?? "tcp";
  const found = binds.flatMap(bindListeners).slice(0, LISTENERS_MAX);
  const schemes = new Map(
    found.map(({ port, isTls }) => [String(port), isTls ? "https" : "http"] as const),
  );
  const scope: HaproxyScope = {
    configuration,
    section,
    chain,
    backends,
    acls: { tests: aclsOf(allLines(chain, "acl")), schemes },
  };
  return {
    proxy: "haproxy",
    file: section.file,
    line: section.line,
    names: [],
    listeners: found.map((listener) => listenerOf(listener, mode)),
    routes: haproxyRoutesOf(scope),
    http2: http2Of(binds),
    settings: settingsOf(scope, mode),
  };
}

function listenerOf(
  { address, port, isTls, because, file, line }: ReturnType<typeof bindListeners>[number],
  mode: string,
): SiteListener {
  const untold =
    because === "bind has ssl but no crt"
      ? because
      : mode !== "http" && !isTls
        ? "mode tcp: what is spoken here is not HAProxy's to say"
        : undefined;
  return {
    address: address.startsWith("/") ? `unix:${address}` : address,
    port,
    isTls,
    ...(untold !== undefined && { untold }),
    defaultFor: "declared",
    file,
    line,
  };
}

/** `alpn h2,http/1.1` of the binds with TLS; without it HTTP/2 is on from 2.8. */
function http2Of(binds: HaproxySection["lines"]): Setting<boolean> {
  const tls = binds
    .map((line) => ({ line, words: line.args.map(({ text }) => text) }))
    .filter(({ words }) => words.includes("ssl"));
  const said = tls.flatMap(({ line, words }) => {
    const at = words.lastIndexOf("alpn");
    const list = at === -1 ? undefined : words[at + 1];
    return list === undefined ? [] : [{ line, list }];
  });
  const [first] = said;
  if (first === undefined || said.length < tls.length) return UNSET;
  const without = said.find(({ list }) => !list.split(",").includes("h2"));
  const { line, list } = without ?? first;
  return setTo(without === undefined, `alpn ${list}`, line);
}

const TIMEOUTS = ["client", "http-request"] as const;
const SERVER_TIMEOUTS = ["connect", "server"] as const;
const OPTIONS = [
  "accept-invalid-http-request",
  "accept-unsafe-violations-in-http-request",
  "accept-invalid-http-response",
  "http-server-close",
  "forwardfor",
] as const;

function settingsOf(scope: HaproxyScope, mode: string): readonly NamedSetting[] {
  const { section, chain, backends, configuration } = scope;
  const used = usedBackends(scope, backends);
  return [
    setting("mode", section, { value: mode }),
    ...TIMEOUTS.map((name) => timeoutOf(section, chain, name)),
    ...used.flatMap((backend) =>
      SERVER_TIMEOUTS.map((name) => timeoutOf(backend, sectionChain(configuration, backend), name)),
    ),
    ...OPTIONS.flatMap((name) => {
      const line = optionLine(chain, name);
      return line === undefined
        ? []
        : [
            {
              ...setting(`option.${name}`, section, { value: name, text: haproxyText(line) }),
              file: line.file,
              line: line.line,
            },
          ];
    }),
    logSetting(scope),
    ...tableSettings(scope, used),
  ];
}

function setting(
  name: string,
  { kind, name: of, file, line }: HaproxySection,
  said: { readonly value: string | undefined; readonly text?: string },
): NamedSetting {
  return { name, value: said.value, text: said.text ?? `${kind} ${of}`.trim(), file, line };
}

function timeoutOf(
  section: HaproxySection,
  chain: readonly HaproxySection[],
  name: string,
): NamedSetting {
  const line = lastLine(chain, "timeout", name);
  const said = setting(`timeout.${name}`, section, { value: line?.args[1]?.text });
  return line === undefined
    ? said
    : { ...said, text: haproxyText(line), file: line.file, line: line.line };
}

/** `log global`, `log ADDRESS ...`; `no log` takes all of them away. */
function logSetting({ section, chain }: HaproxyScope): NamedSetting {
  for (const { lines } of chain) {
    const line = lines.findLast(
      ({ keyword, args }) => keyword === "log" || (keyword === "no" && args[0]?.text === "log"),
    );
    if (line === undefined) continue;
    const value = line.keyword === "no" ? undefined : (line.args[0]?.text ?? "");
    return { name: "log", value, text: haproxyText(line), file: line.file, line: line.line };
  }
  return setting("log", section, { value: undefined });
}

/** Backends the frontend may hand a request to, itself where it is a `listen`. */
function usedBackends(
  { section, chain }: HaproxyScope,
  backends: HaproxyScope["backends"],
): readonly HaproxySection[] {
  const names = [...allLines([section], "use_backend"), ...allLines(chain, "default_backend")].map(
    ({ args }) => args[0]?.text ?? "",
  );
  const found = [...new Set(names)].flatMap((name) => backends.get(name) ?? []);
  const hasServers = section.kind === "listen" && section.lines.some(isServer);
  return hasServers ? [section, ...found] : found;
}

function isServer({ keyword }: HaproxySection["lines"][number]): boolean {
  return keyword === "server" || keyword === "server-template";
}
