import { statSync } from "node:fs";
import { join } from "node:path";
import { answerNginx, type NginxAnswer } from "../../src/parsers/nginx/answer.ts";
import { parseNginx } from "../../src/parsers/nginx/parse.ts";
import { httpServers, type NginxServer } from "../../src/parsers/nginx/server.ts";
import { startEcho } from "./echo-server.ts";
import { openReasonOf, problemWith } from "./nginx-compare.ts";
import {
  type Answer,
  ask,
  makePrefix,
  nginxRefuses,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";
import {
  FILES,
  type RandomCase,
  type RandomRequest,
  randomCase,
  variableServer,
} from "./nginx-random.ts";

/* Random configurations: what nginx answers against what answerNginx says. */

export interface DifferentialResult {
  readonly cases: number;
  readonly requests: number;
  /** Requests with more than one outcome, or an outcome with something unknown in it. */
  readonly undecided: number;
  /** Outcomes in all when nothing is known of fields, client and disk. */
  readonly openOutcomes: number;
  /** Undecided ones by the first reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** One text per disagreement, with the seed. */
  readonly differences: readonly string[];
  /** Seeds of configurations nginx does not load. */
  readonly refused: readonly string[];
}

interface Tally {
  requests: number;
  undecided: number;
  openOutcomes: number;
  readonly reasons: Map<string, number>;
  readonly differences: string[];
  readonly refused: string[];
}

/**
 * A loopback address nobody else uses, so that no port is taken between looking and listening; the ports
 * are below those the system gives out. Connections to it come from 127.0.0.1 all the same.
 */
const ADDRESS = `127.${64 + ((process.pid >> 8) & 63)}.${process.pid & 255}.1`;
const FIRST_PORT = 21_000;

/** Cases of one nginx process, each on a port of its own. */
const BATCH_CASES = 50;

/** Runs the cases of these seeds. */
export async function compareRandom(firstSeed: number, count: number): Promise<DifferentialResult> {
  const tally: Tally = {
    requests: 0,
    undecided: 0,
    openOutcomes: 0,
    reasons: new Map(),
    differences: [],
    refused: [],
  };
  for (let from = 0; from < count; from += BATCH_CASES) {
    const seeds = Array.from(
      { length: Math.min(BATCH_CASES, count - from) },
      (_, at) => firstSeed + from + at,
    );
    await compareBatch(seeds, tally);
  }
  return { ...tally, cases: count };
}

interface Batch {
  readonly prefix: string;
  readonly echoPort: number;
  readonly cases: readonly (RandomCase & { readonly port: number })[];
}

async function compareBatch(seeds: readonly number[], tally: Tally): Promise<void> {
  const echo = await startEcho();
  const files = Object.fromEntries(FILES.map((path) => [`files/${path}`, `file ${path}`]));
  const prefix = makePrefix(files);
  try {
    const cases = seeds.map((seed, id) => {
      const port = FIRST_PORT + id;
      return { ...randomCase(seed, id, `${ADDRESS}:${port}`), port };
    });
    await runBatch({ prefix, echoPort: echo.port, cases }, tally);
  } finally {
    removePrefix(prefix);
    await echo.close();
  }
}

/** A batch nginx refuses is halved until the case is found. */
async function runBatch(batch: Batch, tally: Tally): Promise<void> {
  const { prefix, echoPort, cases } = batch;
  const body = [
    "server_names_hash_bucket_size 128; variables_hash_max_size 4096;",
    variableServer(`unix:${join(prefix, "never.sock")}`),
    ...cases.map(({ text }) => text),
  ]
    .join("\n")
    .replaceAll("@FILES@", join(prefix, "files"))
    .replaceAll("@ECHO@", String(echoPort));
  const text = wrapHttp(prefix, body);
  writeFiles(prefix, { "nginx.conf": text });
  const [first] = cases;
  if (first === undefined) return;
  const child = await startNginx(prefix, first.port, ADDRESS).catch(() => undefined);
  if (child === undefined) return halve(batch, tally);
  try {
    await askAll(batch, text, tally);
  } finally {
    await stopNginx(child);
  }
}

async function halve(batch: Batch, tally: Tally): Promise<void> {
  const { cases, prefix } = batch;
  const middle = cases.length >> 1;
  const [first] = cases;
  if (middle === 0) {
    const why = nginxRefuses(prefix)?.split("\n")[0] ?? "it does not start";
    tally.refused.push(`seed ${first?.seed}: ${why}`);
    return;
  }
  await runBatch({ ...batch, cases: cases.slice(0, middle) }, tally);
  await runBatch({ ...batch, cases: cases.slice(middle) }, tally);
}

async function askAll({ cases }: Batch, text: string, tally: Tally): Promise<void> {
  const { servers } = httpServers(parseNginx(text, "nginx.conf"));
  for (const { seed, port, requests } of cases) {
    const answers = await Promise.all(requests.map((request) => askOnce(port, request)));
    for (const [at, request] of requests.entries()) {
      const answer = answers[at] ?? CLOSED;
      const problem = compareOne(servers, port, request, answer, tally);
      if (problem !== undefined) {
        tally.differences.push(`seed ${seed} ${JSON.stringify(request)}: ${problem}`);
      }
    }
  }
}

async function askOnce(port: number, request: RandomRequest): Promise<Answer> {
  const fields = request.fields.map(([name, value]) => `${name}: ${value}`);
  const { method, host, target } = request;
  try {
    return await ask(port, target, [`Host: ${host}`, ...fields], { method, address: ADDRESS });
  } catch (error) {
    // `return 444` ends the connection, at times before the request is read.
    if (error instanceof Error && "code" in error && error.code === "ECONNRESET") return CLOSED;
    throw error;
  }
}

const CLOSED: Answer = { status: Number.NaN, fields: [], body: "" };

/** Why nginx and we disagree; `undefined` when one of the outcomes is what nginx did. */
function compareOne(
  servers: readonly NginxServer[],
  port: number,
  request: RandomRequest,
  answer: Answer,
  tally: Tally,
): string | undefined {
  const { host, target, method } = request;
  const little = { scheme: "http", address: ADDRESS, port, host, target, method } as const;
  const fields = [...request.fields, ["Connection", "close"]] as const;
  const known = answerNginx(servers, { ...little, client: "127.0.0.1", fields }, diskOf);
  tally.requests += 1;
  const reason = known.outcomes.map(openReasonOf).find((one) => one !== undefined);
  if (reason !== undefined) {
    tally.undecided += 1;
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  }
  const open = answerNginx(servers, little);
  tally.openOutcomes += open.outcomes.length;
  return missing(known, request, answer) ?? missing(open, request, answer, "knowing little, ");
}

/** What nginx did must be among the outcomes. */
function missing(
  { outcomes, isComplete }: NginxAnswer,
  request: RandomRequest,
  answer: Answer,
  when = "",
): string | undefined {
  const problems = outcomes.map((outcome) => problemWith(outcome, request, answer));
  if (problems.includes(undefined) || !isComplete) return undefined;
  return when + problems.join(" | or | ");
}

function diskOf(path: string): "file" | "directory" | "missing" {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "missing";
  return found.isDirectory() ? "directory" : "file";
}
