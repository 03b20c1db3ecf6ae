import type { TlsProtocol } from "../core/tls-scan.ts";
import { type ApacheConfiguration, type ApacheNode, isNamed } from "../parsers/apache.ts";
import {
  apacheWorld,
  hostListeners,
  isMissingInclude,
  lastNamed,
  serverNames,
  unclaimedListeners,
} from "./proxy-apache.ts";
import { unreadInclude } from "./proxy-extract.ts";
import type { ProxyListener } from "./proxy-routes.fact.ts";
import {
  type NamedCertificate,
  NOTHING_SET,
  setTo,
  sortedProtocols,
  type TlsListener,
  type TlsSetting,
  UNSET,
  untold,
} from "./proxy-tls.ts";
import { resolveFrom } from "./target-path.ts";

/** Words of SSLProtocol in lower case; `all` is every one but SSLv2 (mod_ssl 2.4). */
const PROTOCOLS: Readonly<Record<string, readonly TlsProtocol[]>> = {
  sslv2: ["SSLv2"],
  sslv3: ["SSLv3"],
  tlsv1: ["TLSv1"],
  "tlsv1.1": ["TLSv1.1"],
  "tlsv1.2": ["TLSv1.2"],
  "tlsv1.3": ["TLSv1.3"],
  all: ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
};

/** Every virtual host with `SSLEngine on`, and the main server where it listens itself. */
export function apacheTls(
  { nodes, problems }: ApacheConfiguration,
  serverRoot: string,
): readonly TlsListener[] {
  const world = apacheWorld(nodes, serverRoot);
  const hosts = nodes.filter((node) => isNamed(node, "VirtualHost"));
  const missing = problems.filter(isMissingInclude);
  const scopes = [
    ...hosts.map((host) => ({
      own: host.children ?? [],
      listeners: hostListeners(host, world),
      hidden: unreadInclude(missing, host, hosts),
    })),
    { own: [], listeners: unclaimedListeners(world, hosts), hidden: undefined },
  ];
  const taken = new Set<string>();
  return scopes.flatMap(({ own, listeners, hidden }) => {
    const scope: Scope = { own, main: world.main, hidden, serverRoot };
    return listeners
      .filter(({ isTls }) => isTls)
      .map((listener): TlsListener => {
        // The first virtual host of an address answers clients that name none.
        const socket = `${listener.address} ${listener.port}`;
        const isDefaultServer = !taken.has(socket);
        taken.add(socket);
        return { ...listenerOf(listener, scope), isDefaultServer };
      });
  });
}

interface Scope {
  /** Of the virtual host; empty for the main server. */
  readonly own: readonly ApacheNode[];
  readonly main: readonly ApacheNode[];
  readonly hidden: string | undefined;
  readonly serverRoot: string;
}

function listenerOf(
  { address, port, file, line }: ProxyListener,
  scope: Scope,
): Omit<TlsListener, "isDefaultServer"> {
  const commands = confCommands(scope);
  const dhParameters = commands.get("dhparameters");
  return {
    ...NOTHING_SET,
    proxy: "apache",
    names: serverNames(scope.own.length > 0 ? scope.own : scope.main),
    address,
    port,
    file,
    line,
    protocols: protocolsOf(scope, commands),
    ciphers: ciphersOf(scope, commands),
    modernSuites: modernSuitesOf(scope),
    preferServer: switchOf(scope, "SSLHonorCipherOrder"),
    groups: commands.get("curves") ?? commands.get("groups") ?? UNSET,
    dhParameters:
      dhParameters?.state === "set"
        ? { ...dhParameters, value: resolveFrom(scope.serverRoot, dhParameters.value) }
        : UNSET,
    stapling: switchOf(scope, "SSLUseStapling"),
    ...certificatesOf(scope),
  };
}

/** The directive in force: the last one of the virtual host, else of the main server. */
function find(
  { own, main }: Scope,
  name: string,
  holds: (node: ApacheNode) => boolean = () => true,
): ApacheNode | undefined {
  return lastNamed(own.filter(holds), name) ?? lastNamed(main.filter(holds), name);
}

function textOf({ name, args }: ApacheNode): string {
  return [name, ...args.map(({ text }) => text)].join(" ");
}

/** What a missing directive says where an include that was not read may hold it. */
function missing({ hidden }: Scope): TlsSetting<never> {
  return hidden === undefined ? UNSET : untold(`the file included at ${hidden} was not read`);
}

function unresolved(node: ApacheNode): TlsSetting<never> | undefined {
  const hole = node.args.find(({ text }) => text.includes("${"));
  if (hole === undefined) return undefined;
  return untold(`${hole.text.slice(0, 60)} at ${node.file}:${node.line} is not known here`);
}

/** `SSLOpenSSLConfCmd NAME VALUE` by name in lower case. */
function confCommands({ own, main }: Scope): ReadonlyMap<string, TlsSetting<string>> {
  return new Map(
    [...main, ...own]
      .filter((node) => isNamed(node, "SSLOpenSSLConfCmd"))
      .map((node) => {
        const [name, ...values] = node.args.map(({ text }) => text);
        const setting = unresolved(node) ?? setTo(values.join(" "), textOf(node), node);
        return [name?.toLowerCase() ?? "", setting];
      }),
  );
}

function protocolsOf(
  scope: Scope,
  commands: ReadonlyMap<string, TlsSetting<string>>,
): TlsSetting<readonly TlsProtocol[]> {
  const command = commands.get("protocol") ?? commands.get("minprotocol");
  if (command !== undefined) {
    return untold(
      `SSLOpenSSLConfCmd sets the protocols${command.state === "set" ? ` at ${command.at.file}:${command.at.line}` : ""}`,
    );
  }
  const node = find(scope, "SSLProtocol");
  if (node === undefined) return missing(scope);
  const words = node.args.map(({ text }) => text);
  return unresolved(node) ?? setTo(protocolsOfWords(words), textOf(node), node);
}

/**
 * `ssl_cmd_protocol_parse`: `+` adds, `-` takes away, and a word without sign replaces everything
 * before it: `SSLProtocol TLSv1.2 TLSv1.3` is TLS 1.3 alone.
 */
export function protocolsOfWords(words: readonly string[]): readonly TlsProtocol[] {
  let found: ReadonlySet<TlsProtocol> = new Set();
  for (const word of words) {
    const sign = /^[+-]/.exec(word)?.[0];
    const name = word.replace(/^[+-]/, "").toLowerCase();
    const named = new Set(Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : []);
    if (sign === "-") found = found.difference(named);
    else found = sign === "+" ? found.union(named) : named;
  }
  return sortedProtocols(found);
}

/** Words by which SSLCipherSuite names the protocol it is for; without one up to TLS 1.2. */
const FOR_MODERN = /^TLSv1\.3$/i;
const FOR_LEGACY = /^SSL$/i;
/** mod_ssl puts this behind every list (`ssl_cmd_SSLCipherSuite`). */
const ALWAYS = ":!aNULL:!eNULL:!EXP";

function ciphersOf(
  scope: Scope,
  commands: ReadonlyMap<string, TlsSetting<string>>,
): TlsSetting<string> {
  const command = commands.get("cipherstring");
  if (command !== undefined) return command;
  const node = find(
    scope,
    "SSLCipherSuite",
    ({ args }) => args.length < 2 || !FOR_MODERN.test(args[0]?.text ?? ""),
  );
  if (node === undefined) return missing(scope);
  const words = node.args.map(({ text }) => text);
  const list = words.slice(words.length > 1 && FOR_LEGACY.test(words[0] ?? "") ? 1 : 0).join(" ");
  if (list.startsWith("PROFILE=")) {
    return untold(`${list} at ${node.file}:${node.line}: the system's crypto policy decides`);
  }
  return unresolved(node) ?? setTo(`${list}${ALWAYS}`, textOf(node), node);
}

function modernSuitesOf(scope: Scope): TlsSetting<string> {
  const node = find(
    scope,
    "SSLCipherSuite",
    ({ args }) => args.length > 1 && FOR_MODERN.test(args[0]?.text ?? ""),
  );
  if (node === undefined) return missing(scope);
  return setTo(node.args[1]?.text ?? "", textOf(node), node);
}

function switchOf(scope: Scope, name: string): TlsSetting<boolean> {
  const node = find(scope, name);
  if (node === undefined) return missing(scope);
  return setTo(node.args[0]?.text.toLowerCase() === "on", textOf(node), node);
}

/** Certificates and keys are paired in their order; a key that is not named lies in the certificate's file. */
function certificatesOf(
  scope: Scope,
): Pick<TlsListener, "certificates"> & Partial<Pick<TlsListener, "otherCertificates">> {
  const { own, main, serverRoot } = scope;
  const all = (name: string): readonly ApacheNode[] => {
    const mine = own.filter((node) => isNamed(node, name));
    return mine.length > 0 ? mine : main.filter((node) => isNamed(node, name));
  };
  const named = all("SSLCertificateFile");
  const keys = all("SSLCertificateKeyFile");
  const chain = find(scope, "SSLCertificateChainFile")?.args[0]?.text;
  const certificates = named.flatMap((node, at): readonly NamedCertificate[] => {
    const text = node.args[0]?.text ?? "";
    if (!isPath(text)) return [];
    const key = keys[at]?.args[0]?.text ?? text;
    const { file, line } = node;
    return [
      {
        file: resolveFrom(serverRoot, text),
        ...(isPath(key) && { keyFile: resolveFrom(serverRoot, key) }),
        ...(chain !== undefined && isPath(chain) && { chainFile: resolveFrom(serverRoot, chain) }),
        at: { file, line },
      },
    ];
  });
  if (certificates.length > 0 && certificates.length === named.length) return { certificates };
  const why = named.length > 0 ? "a certificate is no plain file" : "certificates of mod_md";
  return { certificates, otherCertificates: why };
}

/** No `${VARIABLE}`, no `pkcs11:` and the like. */
function isPath(text: string): boolean {
  return text !== "" && !text.includes("${") && !/^[a-z][a-z0-9]+:/i.test(text);
}
