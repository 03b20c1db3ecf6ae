import { readFileSync, statSync } from "node:fs";

import { UsageError } from "./io.ts";

/** Where a TLS server is, as the operator named it. */
export interface NamedTarget {
  readonly host: string;
  readonly port: number;
}

const PORT_DEFAULT = 443;
const PORT_MAX = 65_535;
/** A name has 253 characters at most (RFC 1035 section 2.3.4); an address with its zone fewer. */
const HOST_CHARACTERS_MAX = 253;
const QUOTED_CHARACTERS_MAX = 80;
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** `HOST`, `HOST:PORT`, `[V6]:PORT`, a bare IPv6 address or an https URL. Throws `UsageError`. */
export function parseTarget(text: string): NamedTarget {
  const bare = text
    .trim()
    .replace(/^https:\/\//i, "")
    .replace(/\/.*$/s, "");
  const bracketed = /^\[([0-9a-f:.%]+)\](?::(\d{1,5}))?$/i.exec(bare);
  const plain = /^([^\s:[\]\p{Cc}\u{fffd}]+)(?::(\d{1,5}))?$/u.exec(bare);
  const isV6 = /^[0-9a-f:.]+$/i.test(bare) && bare.split(":").length > 2;
  const [, host, port] = bracketed ?? plain ?? (isV6 ? ["", bare, undefined] : []);
  const number = Number(port ?? PORT_DEFAULT);
  const isHost = host !== undefined && host.length <= HOST_CHARACTERS_MAX;
  if (!isHost || number < 1 || number > PORT_MAX) {
    const quoted = text.slice(0, QUOTED_CHARACTERS_MAX);
    throw new UsageError(`"${quoted}" is not a server; write HOST, HOST:PORT or [IPV6]:PORT`);
  }
  return { host, port: number };
}

/** The targets of a file, one a line; `#` begins a comment. Throws `UsageError` naming the line. */
export function readTargets(path: string): readonly NamedTarget[] {
  const lines = readText(path).split(/\r?\n/);
  const targets = lines.flatMap((line, at) => {
    const text = line.replace(/#.*$/, "").trim();
    if (text === "") return [];
    try {
      return [parseTarget(text)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`${path}:${at + 1}: ${error.message}`, { cause: error });
    }
  });
  if (targets.length === 0) throw new UsageError(`${path} names no server`);
  return targets;
}

function readText(path: string): string {
  try {
    if (statSync(path).size > FILE_BYTES_MAX) {
      throw new UsageError(`${path}: larger than ${FILE_BYTES_MAX} bytes`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the targets: ${reason}`, { cause: error });
  }
}
