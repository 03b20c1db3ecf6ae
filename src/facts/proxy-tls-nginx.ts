import type { TlsProtocol } from "../core/tls-scan.ts";
import {
  type BlockPath,
  effectiveList,
  effectiveScalar,
  ownDirectives,
} from "../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective, type NginxTree } from "../parsers/nginx/parse.ts";
import {
  httpServers,
  listenSockets,
  type NginxServer,
  type NginxSocket,
  streamServers,
} from "../parsers/nginx/server.ts";
import { unreadIncludes } from "./proxy-extract.ts";
import type { NginxPlaces } from "./proxy-nginx.ts";
import {
  type NamedCertificate,
  type Place,
  setTo,
  sortedProtocols,
  type TlsListener,
  type TlsSetting,
  UNSET,
  untold,
} from "./proxy-tls.ts";
import { resolveFrom } from "./target-path.ts";

/** Listeners of one configuration: a port range counts as many. */
const LISTENERS_MAX = 5_000;

const PROTOCOLS: Readonly<Record<string, TlsProtocol>> = {
  SSLv2: "SSLv2",
  SSLv3: "SSLv3",
  TLSv1: "TLSv1",
  "TLSv1.1": "TLSv1.1",
  "TLSv1.2": "TLSv1.2",
  "TLSv1.3": "TLSv1.3",
};

/** Every server on every socket with `ssl` or `quic`, of `http` and of `stream`. */
export function nginxTls(tree: NginxTree, places: NginxPlaces): readonly TlsListener[] {
  const unread = tree.problems.filter(
    ({ kind }) => kind === "missing-include" || kind === "unreadable-include",
  );
  const all = [httpServers(tree), streamServers(tree)];
  const blocks = all.flatMap(({ servers }) => servers.map(({ directive }) => directive));
  const unreadIn = unreadIncludes(unread, blocks);
  const view: View = {
    places,
    hidden: (path, isOwn) =>
      (isOwn ? path.slice(-1) : path.slice(1)).map(unreadIn).find((place) => place !== undefined),
  };
  return all
    .flatMap(({ servers }) => listenSockets(servers))
    .filter(({ isSsl, isQuic }) => isSsl || isQuic)
    .flatMap((socket) => socketListeners(socket, view))
    .slice(0, LISTENERS_MAX);
}

interface View {
  readonly places: NginxPlaces;
  /** The include in the server (and, unless `isOwn`, around it) that was not read, `file:line`. */
  hidden(path: BlockPath, isOwn: boolean): string | undefined;
}

function socketListeners(socket: NginxSocket, view: View): readonly TlsListener[] {
  const decisive = protocolsOf(socket.defaultServer.path, view);
  const listens = new Set(socket.listens);
  return socket.servers.flatMap((server) => {
    const isDefaultServer = server === socket.defaultServer;
    const listen = server.listens.find((one) => listens.has(one));
    // Without a certificate of its own it is there to refuse names nobody serves.
    if (isRejecting(server) && !isDefaultServer) return [];
    const { file, line } = listen ?? server.directive;
    const { path, names } = server;
    const own = isDefaultServer ? decisive : protocolsOf(path, view);
    return [
      {
        proxy: "nginx" as const,
        names: names.map(({ text }) => text).filter((name) => name !== "" && name !== "_"),
        address: socket.address.replace(/^\[|\]$/g, ""),
        port: socket.port,
        file,
        line,
        isDefaultServer,
        protocols: decisive,
        ...(isSameSetting(own, decisive)
          ? {}
          : { overruled: { own, by: placeOf(socket.defaultServer.directive) } }),
        ...settingsOf(path, view),
        ...(isRejecting(server) ? { certificates: [] } : certificatesOf(path, view)),
      },
    ];
  });
}

function isRejecting({ path }: NginxServer): boolean {
  return effectiveScalar(path, "ssl_reject_handshake")?.args[0]?.text === "on";
}

function isSameSetting(
  one: TlsSetting<readonly TlsProtocol[]>,
  other: TlsSetting<readonly TlsProtocol[]>,
): boolean {
  if (one.state !== "set" || other.state !== "set") return one.state === other.state;
  return one.value.join() === other.value.join();
}

function placeOf({ file, line }: Place): Place {
  return { file, line };
}

/**
 * `ssl_protocols` is a bit mask: several in one block add up (`ngx_conf_set_bitmask_slot`), and any in
 * the server replaces those of `http`. `ssl_conf_command` comes on top.
 */
function protocolsOf(path: BlockPath, view: View): TlsSetting<readonly TlsProtocol[]> {
  const directives = effectiveList(path, "ssl_protocols");
  const hidden = view.hidden(path, ownDirectives(path, "ssl_protocols").length > 0);
  const commands = confCommands(path);
  const protocol = commands.get("protocol");
  if (protocol !== undefined) return untold(`ssl_conf_command Protocol at ${shown(protocol)}`);
  if (hidden !== undefined) return untold(`the file included at ${hidden} was not read`);
  const [first] = directives;
  if (first === undefined) return UNSET;
  const named = directives.flatMap(({ args }) =>
    args.flatMap(({ text }) => (Object.hasOwn(PROTOCOLS, text) ? (PROTOCOLS[text] ?? []) : [])),
  );
  const text = directives.map((directive) => directiveText(directive)).join(" ");
  return withMinimum(setTo(sortedProtocols(named), text, first), commands.get("minprotocol"));
}

/** `ssl_conf_command MinProtocol TLSv1.2` refuses what is below, whatever `ssl_protocols` says. */
function withMinimum(
  setting: TlsSetting<readonly TlsProtocol[]>,
  command: NginxDirective | undefined,
): TlsSetting<readonly TlsProtocol[]> {
  const word = command?.args[1]?.text ?? "";
  const minimum = Object.hasOwn(PROTOCOLS, word) ? PROTOCOLS[word] : undefined;
  if (command === undefined || minimum === undefined || setting.state !== "set") return setting;
  const kept = setting.value.filter((one) => sortedProtocols([one, minimum])[0] === minimum);
  return setTo(kept, `${setting.text} ${directiveText(command)}`, setting.at);
}

/** `ssl_conf_command` by its first word in lower case; the last of a name counts. */
function confCommands(path: BlockPath): ReadonlyMap<string, NginxDirective> {
  return new Map(
    effectiveList(path, "ssl_conf_command").map((directive) => [
      directive.args[0]?.text.toLowerCase() ?? "",
      directive,
    ]),
  );
}

function shown({ file, line }: Place): string {
  return `${file}:${line}`;
}

type Settings = Pick<
  TlsListener,
  "ciphers" | "notation" | "modernSuites" | "preferServer" | "groups" | "dhParameters" | "stapling"
>;

function settingsOf(path: BlockPath, view: View): Settings {
  const commands = confCommands(path);
  const hidden = view.hidden(path, false);
  const one = (name: string): TlsSetting<string> => {
    // A second one in the same block is an error, so what is in the server itself is what counts.
    const own = ownDirectives(path, name).at(-1);
    if (own !== undefined) return wordsOf(own, 0);
    if (hidden !== undefined) return untold(`the file included at ${hidden} was not read`);
    const directive = effectiveScalar(path, name);
    return directive === undefined ? UNSET : wordsOf(directive, 0);
  };
  const ciphers = one("ssl_ciphers");
  const dhParameters = one("ssl_dhparam");
  return {
    ciphers: commandOf(commands, "cipherstring") ?? withoutProfile(ciphers),
    notation: "openssl",
    modernSuites: commandOf(commands, "ciphersuites") ?? UNSET,
    preferServer: switchOf(one("ssl_prefer_server_ciphers")),
    groups: one("ssl_ecdh_curve"),
    dhParameters:
      dhParameters.state === "set"
        ? { ...dhParameters, value: fileOf(dhParameters.value, view) }
        : dhParameters,
    stapling: switchOf(one("ssl_stapling")),
  };
}

function wordsOf(directive: NginxDirective, from: number): TlsSetting<string> {
  const value = directive.args
    .slice(from)
    .map(({ text }) => text)
    .join(" ");
  return setTo(value, directiveText(directive), directive);
}

function commandOf(
  commands: ReadonlyMap<string, NginxDirective>,
  name: string,
): TlsSetting<string> | undefined {
  const directive = commands.get(name);
  return directive === undefined ? undefined : wordsOf(directive, 1);
}

/** Fedora's `PROFILE=SYSTEM` leaves it to a policy of the machine. */
function withoutProfile(setting: TlsSetting<string>): TlsSetting<string> {
  if (setting.state !== "set" || !setting.value.startsWith("PROFILE=")) return setting;
  return untold(`${setting.value} at ${shown(setting.at)}: the system's crypto policy decides`);
}

function switchOf(setting: TlsSetting<string>): TlsSetting<boolean> {
  if (setting.state !== "set") return setting;
  return { ...setting, value: setting.value === "on" };
}

function fileOf(text: string, { places }: View): string {
  return isPath(text) ? resolveFrom(places.configurationDirectory, text) : text;
}

function isPath(text: string): boolean {
  return text !== "" && !text.includes("$") && !/^(?:data|engine|store):/.test(text);
}

/** `ssl_certificate` and `ssl_certificate_key` are paired in their order (ngx_http_ssl_module). */
function certificatesOf(
  path: BlockPath,
  view: View,
): Pick<TlsListener, "certificates" | "otherCertificates"> {
  const named = effectiveList(path, "ssl_certificate");
  const keys = effectiveList(path, "ssl_certificate_key");
  const certificates = named.flatMap((directive, at): readonly NamedCertificate[] => {
    const text = directive.args[0]?.text ?? "";
    const key = keys[at]?.args[0]?.text ?? "";
    if (!isPath(text)) return [];
    const keyFile = isPath(key) ? { keyFile: fileOf(key, view) } : {};
    return [{ file: fileOf(text, view), ...keyFile, at: placeOf(directive) }];
  });
  const hidden = view.hidden(path, false);
  const other = named.find(({ args }) => !isPath(args[0]?.text ?? ""));
  const why =
    other !== undefined
      ? `${directiveText(other).slice(0, 80)} at ${shown(other)} is no plain file`
      : hidden !== undefined && named.length === 0
        ? `the file included at ${hidden} was not read`
        : undefined;
  return { certificates, ...(why !== undefined && { otherCertificates: why }) };
}
