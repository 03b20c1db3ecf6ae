import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { scanTls } from "../../src/facts/tls/scan.ts";
import { CLIENT_PROFILES } from "../../src/grades/client-profiles.ts";
import { type ClientOutcome, simulateClients } from "../../src/grades/client-simulation.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createAuthority } from "./host-certificates.ts";
import { createOpensslServers } from "./openssl-server.ts";
import { ROOT } from "./plimsoll.ts";
import { type Chosen, observeTls } from "./tls-observer.ts";

// What is foretold of a client against what the real one does, seen on the wire between it and a real server.

const NAME = "lab.test";
const directory = mkdtempSync(join(tmpdir(), "plimsoll-tls-clients-"));
const openssl = createOpensslServers(directory);
const authority = createAuthority(directory);
const caPem = readFileSync(authority.caFile, "utf8");
authority.issue("ec", { names: `DNS:${NAME}` });
authority.issue("rsa", { names: `DNS:${NAME}`, key: ["-newkey", "rsa:2048"] });
authority.issue("small", { names: `DNS:${NAME}`, key: ["-newkey", "rsa:1024"] });
const wide = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp521r1"];
authority.issue("p521", { names: `DNS:${NAME}`, key: wide });
after(() => {
  openssl.close();
  rmSync(directory, { recursive: true, force: true });
});

const SERVERS: readonly [name: string, key: string, args: readonly string[]][] = [
  ["defaults", "rsa", []],
  ["TLS 1.2, server's order", "rsa", ["-tls1_2", "-serverpref", "-groups", "P-384:X25519"]],
  ["TLS 1.3, no share fits", "ec", ["-tls1_3", "-groups", "P-384"]],
  ["P-521 certificate", "p521", []],
  ["RSA of 1024 bits", "small", ["-cipher", "DEFAULT:@SECLEVEL=0"]],
  ["TLS 1.1, signed", "rsa", ["-tls1_1", "-cipher", "ECDHE+AES:@SECLEVEL=0"]],
  ["TLS 1.1, RSA key exchange", "rsa", ["-tls1_1", "-cipher", "AES128-SHA:@SECLEVEL=0"]],
  ["static RSA", "rsa", ["-tls1_2", "-cipher", "AES256-SHA256:AES128-SHA"]],
];

interface Client {
  readonly profile: string;
  readonly version: readonly [program: string, ...args: string[]];
  /** The version the profile was captured from; another one is another client. */
  readonly is: RegExp;
  run(port: number): readonly [program: string, ...args: string[]];
}

const NODE = `${ROOT}/bin/node`;
const NODE_CLIENT = `
const [port, ca] = process.argv.slice(1);
const socket = require("node:tls").connect({ port, host: "127.0.0.1", servername: "${NAME}",
  ca: require("node:fs").readFileSync(ca), ecdhCurve: "auto",
  ciphers: "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:DEFAULT" });
socket.on("secureConnect", () => process.exit(0));
socket.on("error", () => process.exit(1));`;
const CLIENTS: readonly Client[] = [
  {
    profile: "OpenSSL 3.5",
    version: [NODE, "-p", "process.versions.openssl"],
    is: /^3\.5\./,
    run: (port) => [NODE, "-e", NODE_CLIENT, `${port}`, authority.caFile],
  },
  {
    profile: "OpenSSL 3.0 (Debian 12)",
    version: ["sh", "-c", "openssl version; cat /etc/debian_version"],
    is: /^OpenSSL 3\.0\.\S+ .*\n12\./,
    run: (port) => [
      "openssl",
      ...["s_client", "-connect", `127.0.0.1:${port}`, "-servername", NAME],
      ...["-CAfile", authority.caFile, "-verify_return_error"],
    ],
  },
  {
    profile: "curl 7.88 (Debian 12)",
    version: ["curl", "--version"],
    is: /^curl 7\.88\.1 .*OpenSSL\/3\.0\./,
    run: (port) => [
      "curl",
      ...["-s", "--max-time", "10", "--cacert", authority.caFile],
      ...["--resolve", `${NAME}:${port}:127.0.0.1`, `https://${NAME}:${port}/`],
    ],
  },
];

for (const [name, key, args] of SERVERS) {
  test(`${name}: every client does as foretold`, async (context) => {
    const files = ["-cert", `${key}.pem`, "-key", `${key}.key`];
    const port = await openssl.start(...files, ...args);
    const [scan] = await scanTls(
      createLocalHost(),
      { host: "127.0.0.1", port, sni: NAME, caPem },
      { signal: new AbortController().signal, nowMs: Date.now() },
    );
    assert.ok(scan);
    const foretold = simulateClients(scan);
    const observed = await observeTls(port);
    context.after(observed.close);
    for (const client of CLIENTS) {
      if (!client.is.test((await run(client.version)).stdout)) {
        context.diagnostic(`${client.profile} is not on this machine`);
        continue;
      }
      const { code } = await run(client.run(observed.port));
      const chosen = observed.take();
      const outcome = foretold.find((one) => one.client === client.profile);
      assert.ok(outcome);
      const ends = code === 0 ? [wordsOf(chosen)] : ["fails"];
      assert.deepEqual(
        wordsForetold(outcome).filter((words) => ends.includes(words)),
        ends,
        `${client.profile}: ${JSON.stringify(outcome)}`,
      );
      const profile = CLIENT_PROFILES.find((one) => one.name === client.profile);
      assert.deepEqual(chosen.offered, { suites: profile?.suites, groups: profile?.groups });
    }
  });
}

/** Where the scan cannot tell whose order of groups counts, either is right. */
function wordsForetold(outcome: ClientOutcome): readonly string[] {
  if (outcome.state !== "connects") return [outcome.state];
  const groups = outcome.group === undefined ? [{}] : outcome.group.split(" or ").map(groupOnly);
  return groups.map((group) =>
    wordsOf({ ...outcome, ...group, isRetried: outcome.needsRetry === true }),
  );
}

const groupOnly = (group: string) => ({ group });

function wordsOf({ protocol, suite, group, isRetried }: Chosen): string {
  return `${protocol} ${suite} ${group ?? "-"}${isRetried === true ? ", asked again" : ""}`;
}

/** No program is a code of its own, and no version. */
function run([program, ...args]: readonly [string, ...string[]]) {
  const { promise, resolve } = Promise.withResolvers<{ code: number; stdout: string }>();
  const child = execFile(program, args, { timeout: 20_000 }, (error, stdout) => {
    const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
    resolve({ code, stdout });
  });
  child.stdin?.end();
  return promise;
}
