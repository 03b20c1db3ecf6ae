/**
 * Serves scenarios for bench/http.ts from a process of its own, so that their cost is not counted as the scanner's:
 * prints one line of JSON (`ServedScenarios`), ends when its input does.
 * usage: bin/node bench/http-servers.ts SCENARIOS.jsonl DIRECTORY
 */
import { readFileSync } from "node:fs";

import { makeCertificates, startReplay } from "../test/integration/http-replay.ts";
import type { ScenarioRow } from "../test/integration/http-scenario.ts";

export interface ServedScenarios {
  readonly caFile: string;
  readonly ports: readonly { readonly http: number; readonly https: number }[];
}

const [file = "", directory = ""] = process.argv.slice(2);
const rows = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line): ScenarioRow => JSON.parse(line));
const certificates = makeCertificates(directory);
const ports: { http: number; https: number }[] = [];
for (const { scenario } of rows) {
  const { httpPort, httpsPort } = await startReplay(scenario, certificates);
  ports.push({ http: httpPort, https: httpsPort });
}
const served: ServedScenarios = { caFile: certificates.caFile, ports };
process.stdout.write(`${JSON.stringify(served)}\n`);
process.stdin.resume().once("end", () => process.exit(0));
