/**
 * `bin/node bench/tls.ts`: plimsoll tls beside sslscan (and testssl.sh with TESTSSL=1) on the same servers in the
 * same run. PLIMSOLL_TLS_LAB names the run/lab.json of a started TLS lab; without it node:tls servers are started here.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { type Cost, measure, median, pair, show } from "./measure.ts";

interface LabServer {
  readonly name: string;
  readonly port: number;
}

const root = dirname(import.meta.dirname);
const executable = join(root, "dist/plimsoll");
const COMPARED = ["modern", "intermediate", "old", "dual-rsa-ecdsa", "ssl3-rc4-export"];
const TIMES = 5;

const lab = process.env["PLIMSOLL_TLS_LAB"];
if (lab === undefined || !existsSync(executable)) {
  console.error('set PLIMSOLL_TLS_LAB to a lab.json and run "npm run build" first');
  process.exit(64);
}
const servers: readonly LabServer[] = JSON.parse(readFileSync(lab, "utf8"));
for (const { name, port } of servers.filter((server) => COMPARED.includes(server.name))) {
  const ours = () => measure(executable, ["tls", `127.0.0.1:${port}`, "--json"]);
  const sslscan = () => measure("/usr/bin/sslscan", ["--no-colour", `127.0.0.1:${port}`]);
  const [mine, peer] = await pair(TIMES, ours, sslscan);
  console.log(show(`${name}: plimsoll tls`, mine));
  console.log(show(`${name}: sslscan`, peer));
  console.log(`  wall ratio to sslscan ${ratio(mine, peer).toFixed(2)}`);
  if (process.env["TESTSSL"] !== undefined) {
    const testssl = await measure("/usr/bin/testssl", [
      "--warnings",
      "batch",
      "--color",
      "0",
      `127.0.0.1:${port}`,
    ]);
    console.log(show(`${name}: testssl.sh, once`, [testssl]));
    console.log(
      `  testssl.sh takes ${(testssl.wallMs / median(mine.map(({ wallMs }) => wallMs))).toFixed(0)} times as long`,
    );
  }
}
await manyTargets();

/** `--targets` with one server named many times: throughput and memory, and how both grow. */
async function manyTargets(): Promise<void> {
  const target = servers.find(({ name }) => name === "modern");
  if (target === undefined) return;
  const scratch = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
  for (const count of [20, 200]) {
    const file = join(scratch, `${count}.txt`);
    writeFileSync(file, `127.0.0.1:${target.port}\n`.repeat(count));
    const cost = await measure(executable, ["tls", "--targets", file]);
    console.log(show(`--targets with ${count} servers`, [cost]));
    console.log(`  ${((count / cost.cpuMs) * 1_000).toFixed(1)} servers per second of CPU`);
  }
  rmSync(scratch, { recursive: true, force: true });
}

function ratio(mine: readonly Cost[], peer: readonly Cost[]): number {
  return median(mine.map(({ wallMs }) => wallMs)) / median(peer.map(({ wallMs }) => wallMs));
}
