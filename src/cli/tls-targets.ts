import { domainToASCII } from "node:url";
import { STARTTLS_PROTOCOLS, type StarttlsProtocol } from "../facts/tls/scan-target.ts";
import { UsageError } from "./io.ts";
import { readTargetFile } from "./target-file.ts";

/** Where a TLS server is, as the operator named it; a line of a file may say how it is reached. */
export interface NamedTarget {
  readonly host: string;
  readonly port: number;
  readonly sni?: string;
  readonly starttls?: StarttlsProtocol;
}

const PORT_DEFAULT = 443;
const PORT_MAX = 65_535;
/** A name has 253 characters at most (RFC 1035 section 2.3.4); an address with its zone fewer. */
const HOST_CHARACTERS_MAX = 253;
const QUOTED_CHARACTERS_MAX = 80;

/** `HOST`, `HOST:PORT`, `[V6]:PORT`, a bare IPv6 address or an https URL. Throws `UsageError`. */
export function parseTarget(text: string): NamedTarget {
  const bare = text
    .trim()
    .replace(/^https:\/\//i, "")
    .replace(/[/?#].*$/s, "");
  const bracketed = /^\[([0-9a-f:.%]+)\](?::(\d{1,5}))?$/i.exec(bare);
  const plain = /^([^\s:[\]@\p{Cc}\u{fffd}-][^\s:[\]@\p{Cc}\u{fffd}]*)(?::(\d{1,5}))?$/u.exec(bare);
  const isV6 = /^[0-9a-f:.]+$/i.test(bare) && bare.split(":").length > 2;
  const [, named, port] = bracketed ?? plain ?? (isV6 ? ["", bare, undefined] : []);
  // An international name as it is asked for in DNS and sent as SNI; "" for one that is none.
  const host = named === undefined || /^[\x21-\x7e]+$/.test(named) ? named : domainToASCII(named);
  const number = Number(port ?? PORT_DEFAULT);
  const isHost = host !== undefined && host !== "" && host.length <= HOST_CHARACTERS_MAX;
  if (!isHost || number < 1 || number > PORT_MAX) {
    const quoted = shownOf(text).slice(0, QUOTED_CHARACTERS_MAX);
    throw new UsageError(`"${quoted}" is not a server; ${hintFor(text.trim())}`);
  }
  return { host, port: number };
}

/** Credentials in an address are nobody's business. */
function shownOf(text: string): string {
  return text.replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?)[^/@]*@/i, "$1***@");
}

const PORTS: Readonly<Record<string, number>> = {
  smtps: 465,
  imaps: 993,
  pop3s: 995,
  ldaps: 636,
};

function hintFor(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const starttls = scheme === undefined ? undefined : starttlsNamed(scheme.replace(/ql$/, ""));
  if (starttls !== undefined) return `write HOST:PORT --starttls ${starttls}`;
  if (scheme === "http") return "http:// is without TLS; write HOST, HOST:PORT or https://HOST";
  const port = scheme === undefined ? undefined : PORTS[scheme];
  if (port !== undefined) return `write HOST:${port}`;
  if (text === "") return "it is empty; write HOST, HOST:PORT or [IPV6]:PORT";
  if (/:\d+:\d+$/.test(text)) return "it has two ports; write HOST:PORT, for IPv6 [ADDRESS]:PORT";
  if (/^[^:[\]]+:\d+$/.test(text)) return `a port is a number from 1 to ${PORT_MAX}`;
  return "write HOST, HOST:PORT or [IPV6]:PORT";
}

/**
 * The targets of a file, `-` for standard input: `HOST[:PORT] [starttls=PROTOCOL] [sni=NAME]` a line. Throws
 * `UsageError` naming the line.
 */
export function readTargets(path: string): readonly NamedTarget[] {
  return readTargetFile(path, (text) => targetOf(text.split(/\s+/)));
}

function starttlsNamed(name: string): StarttlsProtocol | undefined {
  return STARTTLS_PROTOCOLS.find((one) => one === name);
}

function targetOf([first = "", ...settings]: readonly string[]): NamedTarget {
  const target = parseTarget(first);
  const given: { sni?: string; starttls?: StarttlsProtocol } = {};
  for (const setting of settings) {
    const [, key, value = ""] = /^(starttls|sni)=(\S+)$/.exec(setting) ?? [];
    const starttls = starttlsNamed(value);
    if (key === "sni") given.sni = value;
    else if (key === "starttls" && starttls !== undefined) given.starttls = starttls;
    else {
      throw new UsageError(
        `"${setting}" is not known here; after the target may stand sni=NAME and starttls=PROTOCOL (${STARTTLS_PROTOCOLS.join(", ")})`,
      );
    }
  }
  return { ...target, ...given };
}
