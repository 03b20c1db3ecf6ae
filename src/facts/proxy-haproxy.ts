import {
  effectiveLine,
  type HaproxyConfiguration,
  type HaproxyLine,
  type HaproxySection,
} from "../parsers/haproxy.ts";
import { excerptOf, type ProxyExtract } from "./proxy-extract.ts";
import type { ProxyListener, ProxyRoute, Upstream } from "./proxy-routes.fact.ts";
import {
  splitHostPort,
  uniqueUpstreams,
  unixUpstream,
  unresolvedUpstream,
} from "./proxy-upstream.ts";

/** Servers one `server-template` stands for is one name here; addresses on one `bind`. */
const BINDS_MAX = 256;

/** Routes of a haproxy configuration: one for each way from a frontend (or listen) to its servers. */
export function haproxyRoutes(configuration: HaproxyConfiguration): ProxyExtract {
  const { sections } = configuration;
  const backends = new Map(
    sections
      .filter(({ kind }) => kind === "backend" || kind === "listen")
      .map((each) => [each.name, each]),
  );
  const routes = sections
    .filter(({ kind }) => kind === "frontend" || kind === "listen")
    .filter((section) => isSwitchedOn(configuration, section))
    .flatMap((section) => sectionRoutes(configuration, section, backends));
  return { routes, roots: [] };
}

/** `disabled` and `enabled` are rivals: the later one of a section wins. */
export function isSwitchedOn(
  configuration: HaproxyConfiguration,
  section: HaproxySection,
): boolean {
  const own = section.lines.findLast(({ keyword }) => /^(?:en|dis)abled$/.test(keyword));
  if (own !== undefined) return own.keyword === "enabled";
  return effectiveLine(configuration, section, "disabled") === undefined;
}

function sectionRoutes(
  configuration: HaproxyConfiguration,
  section: HaproxySection,
  backends: ReadonlyMap<string, HaproxySection>,
): readonly ProxyRoute[] {
  const listeners = section.lines
    .filter(({ keyword }) => keyword === "bind")
    .flatMap(bindListeners)
    .slice(0, BINDS_MAX);
  if (listeners.length === 0) return [];
  const port = listeners[0]?.port ?? 0;
  const route = (line: HaproxyLine, upstreams: readonly Upstream[], path: string): ProxyRoute => ({
    proxy: "haproxy",
    names: namesOf(section, line),
    file: line.file,
    line: line.line,
    listeners,
    upstreams: uniqueUpstreams(upstreams),
    path,
    excerpt: excerptOf([line.keyword, ...line.args.map(({ text }) => text)]),
  });
  const uses = section.lines.filter(({ keyword }) => keyword === "use_backend");
  const fallback = effectiveLine(configuration, section, "default_backend");
  const ways = [...uses, ...(fallback === undefined ? [] : [fallback])].map((line) => {
    const name = line.args[0]?.text ?? "";
    const backend = backends.get(name);
    const upstreams =
      backend === undefined
        ? [unresolvedUpstream(name)]
        : backend.lines.flatMap((server) => serverUpstreams(server, port));
    return route(line, upstreams, conditionOf(line));
  });
  const own = section.lines
    .filter(({ keyword }) => keyword === "server" || keyword === "server-template")
    .map((line) => route(line, serverUpstreams(line, port), "/"));
  return [...ways, ...(section.kind === "listen" ? own : [])];
}

/** The condition of a `use_backend`, as written; `/` for none. */
function conditionOf({ args }: HaproxyLine): string {
  const words = args.slice(1).map(({ text }) => text);
  return words.length === 0 ? "/" : words.join(" ");
}

/** Host names of the ACLs a `use_backend` names, or written in its own braces. */
function namesOf(section: HaproxySection, line: HaproxyLine): readonly string[] {
  const words = new Set(line.args.slice(1).map(({ text }) => text));
  const acls = section.lines
    .filter(({ keyword, args }) => keyword === "acl" && words.has(args[0]?.text ?? ""))
    .map(({ args }) => args.slice(1).map(({ text }) => text));
  const own = line.args.slice(1).map(({ text }) => text);
  return [...new Set([...acls, own].flatMap(hostValues))];
}

/** Values behind `hdr(host)`, `req.hdr(host)` or `ssl_fc_sni`, flags and converters left out. */
function hostValues(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) =>
    /^(?:req\.)?hdr(?:_dom|_end|_beg)?\(host\)|^ssl_fc_sni|^req\.ssl_sni/i.test(word),
  );
  if (at === -1) return [];
  const values: string[] = [];
  for (const word of words.slice(at + 1)) {
    if (word === "}" || word === "or" || word === "||") break;
    if (!word.startsWith("-") && word !== "str") values.push(word);
  }
  return values;
}

export function bindListeners(line: HaproxyLine): readonly ProxyListener[] {
  const words = line.args.map(({ text }) => text);
  const truth = tlsTruth(words, line);
  return (words[0] ?? "").split(",").flatMap((text) => {
    const { host, port } = addressOf(text);
    // A range `:8000-8010` listens on each; its first port stands for it.
    const number = Number(/^\d{1,5}/.exec(port)?.[0] ?? 0);
    const address = host === "" || host === "0.0.0.0" ? "*" : host;
    return [{ address, port: number, ...truth, file: line.file, line: line.line }];
  });
}

/** Address of a `bind` or `server`: a prefix `ipv4@`, `ipv6@`, `unix@` says its family. */
function addressOf(text: string): { readonly host: string; readonly port: string } {
  const bare = text.replace(/^(?:ipv4|ipv6|tcp4|tcp6|quic4|quic6)@/, "");
  if (/^(?:unix|abns|fd|sockpair|rhttp)@/.test(bare) || bare.startsWith("/"))
    return { host: bare.replace(/^unix@/, ""), port: "" };
  if (bare.startsWith("[") || bare.indexOf(":") === bare.lastIndexOf(":"))
    return splitHostPort(bare);
  // `:::443` and `2001:db8::1:443`: haproxy takes what follows the last colon as the port.
  const colon = bare.lastIndexOf(":");
  return { host: bare.slice(0, colon), port: bare.slice(colon + 1) };
}

function tlsTruth(
  words: readonly string[],
  { file, line }: HaproxyLine,
): Pick<ProxyListener, "isTls" | "because" | "certificate"> {
  if (!words.includes("ssl")) return { isTls: false, because: "bind without ssl" };
  const at = words.findIndex((word) => word === "crt" || word === "crt-list");
  const certificate = at === -1 ? undefined : words[at + 1];
  if (certificate === undefined) return { isTls: false, because: "bind has ssl but no crt" };
  return {
    isTls: true,
    because: `bind has ssl and ${words[at]}`,
    certificate: { file: certificate, exists: undefined, at: `${file}:${line}` },
  };
}

/** A server without a port is reached on the port the client came to. */
export function serverUpstreams(line: HaproxyLine, frontendPort: number): readonly Upstream[] {
  const isTemplate = line.keyword === "server-template";
  if (line.keyword !== "server" && !isTemplate) return [];
  const words = line.args.map(({ text }) => text);
  if (words.includes("disabled")) return [];
  const text = words[isTemplate ? 2 : 1] ?? "";
  const isTls = words.slice(2).includes("ssl");
  if (text === "" || /[$%{]/.test(text)) return [unresolvedUpstream(text)];
  const { host, port } = addressOf(text);
  if (host.startsWith("/")) return [unixUpstream(host, isTls)];
  // `+100` is added to the client's port.
  const number = port.startsWith("+") ? frontendPort + Number(port) : Number(port || frontendPort);
  if (!Number.isInteger(number)) return [unresolvedUpstream(text)];
  return [{ kind: "tcp", host: host === "" ? "localhost" : host, port: number, isTls }];
}
