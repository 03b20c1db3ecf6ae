import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { duplexPair } from "node:stream";
import { connect, TLSSocket } from "node:tls";
import type { Member } from "../../src/wire/x509/cast-example.ts";
import { pemOf } from "../../src/wire/x509/certificate-example.ts";
import type { Der } from "../../src/wire/x509/der-example.ts";

/** What the other verifiers are asked about. */
export interface Asked {
  readonly sent: readonly Der[];
  readonly roots: readonly Der[];
  readonly key: Member["key"];
  readonly host: string;
}

/** Whether `openssl verify` accepts the chain for a server, host name or address included. */
export function opensslAccepts(
  folder: string,
  { sent, roots, host }: Asked,
  flags: readonly string[] = [],
): boolean {
  const [leaf, ...rest] = sent;
  const file = (name: string, list: readonly Der[]) => {
    const path = join(folder, name);
    writeFileSync(path, list.map(pemOf).join(""));
    return path;
  };
  const named = /^[\d.]+$|:/.test(host) ? ["-verify_ip", host] : ["-verify_hostname", host];
  const args = [
    ...["verify", "-purpose", "sslserver", "-auth_level", "0", ...named, ...flags],
    ...["-CAfile", file("roots.pem", roots)],
    ...(rest.length === 0 ? [] : ["-untrusted", file("rest.pem", rest)]),
    file("leaf.pem", leaf === undefined ? [] : [leaf]),
  ];
  const { status, error } = spawnSync("openssl", args, { stdio: "ignore", timeout: 10_000 });
  if (error !== undefined) throw error;
  return status === 0;
}

/** Whether node:tls authorizes the chain, over a handshake in memory; a chain it cannot load it does not. */
export async function nodeAccepts({ sent, roots, key, host }: Asked): Promise<boolean> {
  const [near, far] = duplexPair();
  const ciphers = "DEFAULT@SECLEVEL=0";
  try {
    const server = new TLSSocket(far, {
      isServer: true,
      key: key.privateKey.export({ format: "pem", type: "pkcs8" }),
      cert: sent.map(pemOf).join(""),
      ciphers,
    });
    server.on("error", () => {});
    const ca = roots.map(pemOf);
    const usual = { socket: near, ca, servername: host, ciphers, rejectUnauthorized: false };
    const client = connect(usual);
    client.on("error", () => {});
    await once(client, "secureConnect");
    const { authorized } = client;
    client.destroy();
    return authorized;
  } catch {
    return false;
  } finally {
    near.destroy();
    far.destroy();
  }
}
