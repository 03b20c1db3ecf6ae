import { type IpAddress, showIp, unmapped } from "./address.ts";

/** A row of `/proc/net/tcp` or `tcp6` (proc_pid_net(5)). */
export interface ProcSocket {
  readonly address: string;
  readonly port: number;
  readonly isIpv6: boolean;
  readonly uid: number;
  readonly inode: number;
}

/** `TCP_LISTEN` of the kernel's tcp_states.h. */
const LISTEN = "0A";
/** Rows read of one table. */
export const ROWS_MAX = 200_000;

/** Listening sockets of the table. The heading and rows that are not in this form are left out. */
export function parseProcNet(text: string): readonly ProcSocket[] {
  const sockets: ProcSocket[] = [];
  for (const row of text.split("\n", ROWS_MAX)) {
    const [, local = "", , state, , , , uid = "", , inode = ""] = row.trim().split(/\s+/, 10);
    if (state !== LISTEN) continue;
    const [words = "", port = ""] = local.split(":");
    const address = parseProcAddress(words);
    if (address === undefined || !/^[0-9A-F]{4}$/i.test(port)) continue;
    sockets.push({
      address: showIp(address),
      port: Number.parseInt(port, 16),
      isIpv6: address.family === 6,
      uid: Number(uid) || 0,
      inode: Number(inode) || 0,
    });
  }
  return sockets;
}

/**
 * `0100007F` is 127.0.0.1: words of 32 bits, each printed as the machine holds it, which is
 * little-endian on every machine this runs on (x86, ARM). An IPv6 address is four of them.
 */
export function parseProcAddress(words: string): IpAddress | undefined {
  if (!/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(words)) return undefined;
  const bytes: number[] = [];
  for (let word = 0; word < words.length; word += 8) {
    for (let byte = 6; byte >= 0; byte -= 2) {
      bytes.push(Number.parseInt(words.slice(word + byte, word + byte + 2), 16));
    }
  }
  return bytes.length === 4 ? { family: 4, bytes } : unmapped(bytes);
}

export interface ProcUnixSocket {
  readonly path: string;
  readonly inode: number;
}

/** `__SO_ACCEPTCON`: the socket takes connections (unix(7), net.h). */
const ACCEPTS = 0x1_00_00;

/** Listening sockets of `/proc/net/unix` with a path; abstract ones (`@name`) are left out. */
export function parseProcNetUnix(text: string): readonly ProcUnixSocket[] {
  const sockets: ProcUnixSocket[] = [];
  for (const row of text.split("\n", ROWS_MAX)) {
    const match =
      /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{4} [0-9A-F]{2} +(\d+) (\/.*)$/i.exec(
        row,
      );
    const [, flags = "", inode = "", path = ""] = match ?? [];
    if (match === null || (Number.parseInt(flags, 16) & ACCEPTS) === 0) continue;
    sockets.push({ path, inode: Number(inode) });
  }
  return sockets;
}
