import { UsageError } from "./io.ts";
import { readTargetFile } from "./target-file.ts";

/** Where a TLS server is, as the operator named it. */
export interface NamedTarget {
  readonly host: string;
  readonly port: number;
}

const PORT_DEFAULT = 443;
const PORT_MAX = 65_535;

/** `HOST`, `HOST:PORT`, `[V6]:PORT`, a bare IPv6 address or an https URL. Throws `UsageError`. */
export function parseTarget(text: string): NamedTarget {
  const bare = text
    .trim()
    .replace(/^https:\/\//i, "")
    .replace(/\/.*$/s, "");
  const bracketed = /^\[([0-9a-f:.%]+)\](?::(\d{1,5}))?$/i.exec(bare);
  const plain = /^([^\s:[\]]+)(?::(\d{1,5}))?$/.exec(bare);
  const isV6 = /^[0-9a-f:.]+$/i.test(bare) && bare.split(":").length > 2;
  const [, host, port] = bracketed ?? plain ?? (isV6 ? ["", bare, undefined] : []);
  const number = Number(port ?? PORT_DEFAULT);
  if (host === undefined || number < 1 || number > PORT_MAX) {
    throw new UsageError(`"${text}" is not a server; write HOST, HOST:PORT or [IPV6]:PORT`);
  }
  return { host, port: number };
}

/** The targets of a file, one a line. Throws `UsageError` naming the line. */
export function readTargets(path: string): readonly NamedTarget[] {
  return readTargetFile(path, parseTarget);
}
