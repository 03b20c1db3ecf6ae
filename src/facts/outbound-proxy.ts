import type { HttpProxy } from "../core/host.ts";
import { absent, known, type Reading, unknown } from "../core/reading.ts";
import { parseIp } from "../parsers/address.ts";
import { type EnvironmentValues, effectiveAssignment } from "./environment-values.fact.ts";

export interface OutboundProxy {
  readonly proxy: HttpProxy;
  /** `http://proxy.test:3128`: without userinfo. */
  readonly shown: string;
}

interface Destination {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

const PROXY_KEYS: Readonly<Record<string, readonly string[]>> = {
  https: ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
  http: ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
};

/**
 * The proxy the audited application goes through (curl(1), ENVIRONMENT; Python's `requests` reads the same).
 * Absent when there is none for this destination; unknown when it is of a kind not spoken here.
 */
export function outboundProxy(
  values: Pick<EnvironmentValues, "assignments"> | undefined,
  destination: Destination,
): Reading<OutboundProxy> {
  const text = (key: string) =>
    values === undefined ? "" : (effectiveAssignment(values, key)?.value.trim() ?? "");
  const keys = Object.hasOwn(PROXY_KEYS, destination.scheme)
    ? (PROXY_KEYS[destination.scheme] ?? [])
    : [];
  const key = keys.find((each) => text(each) !== "");
  if (key === undefined) return absent("no proxy is set");
  if (isExempt(text("no_proxy") || text("NO_PROXY"), destination)) {
    return absent("NO_PROXY exempts the host");
  }
  const written = text(key);
  const url = URL.parse(written.includes("://") ? written : `http://${written}`);
  if (url === null || url.hostname === "") return unknown("malformed", `${key} is no URL`);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== "http") {
    return unknown(
      "unsupported",
      `${key} names a proxy of the kind ${scheme}, only http is spoken`,
    );
  }
  const port = Number(url.port) || 80;
  return known({
    proxy: {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port,
      ...(url.username !== "" && { authorization: basic(url.username, url.password) }),
    },
    shown: `http://${url.hostname}:${port}`,
  });
}

/** RFC 7617 with UTF-8. */
function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${decoded(user)}:${decoded(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    new TextDecoder().decode(
      Uint8Array.from(run.slice(1).split("%"), (digits) => Number.parseInt(digits, 16)),
    ),
  );
}

/** NO_PROXY: `*`, names with everything below them (a leading dot changes nothing), `name:port`, addresses and CIDR blocks. */
function isExempt(list: string, { host, port }: Destination): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || matches(entry.toLowerCase(), host.toLowerCase(), port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (isInBlock(entry, host)) return true;
  const [, name = entry, only] = /^([^:]*):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const suffix = name.replace(/^\*?\./, "");
  return suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`));
}

function isInBlock(entry: string, host: string): boolean {
  const [block = "", length] = entry.split("/");
  const network = parseIp(block);
  const address = parseIp(host);
  if (network === undefined || address?.family !== network.family) return false;
  const bits = length === undefined ? network.bytes.length * 8 : Number(length);
  return network.bytes.every((byte, at) => {
    const kept = Math.max(0, Math.min(8, bits - at * 8));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((address.bytes[at] ?? 0) & mask);
  });
}
