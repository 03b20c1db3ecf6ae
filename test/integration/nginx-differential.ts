import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { answerNginx } from "../../src/parsers/nginx/answer.ts";
import type { AnswerField, NginxOutcome } from "../../src/parsers/nginx/answer-outcome.ts";
import { parseNginx } from "../../src/parsers/nginx/parse.ts";
import { httpServers, type NginxServer } from "../../src/parsers/nginx/server.ts";
import { type EchoedRequest, startEcho } from "./echo-server.ts";
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
  const refusal = nginxRefuses(prefix);
  if (refusal !== undefined) {
    if (cases.length === 1) {
      tally.refused.push(`seed ${first.seed}: ${refusal.split("\n")[0]}`);
      return;
    }
    const middle = cases.length >> 1;
    await runBatch({ ...batch, cases: cases.slice(0, middle) }, tally);
    await runBatch({ ...batch, cases: cases.slice(middle) }, tally);
    return;
  }
  await askAll(batch, text, tally);
}

async function askAll({ prefix, cases }: Batch, text: string, tally: Tally): Promise<void> {
  const { servers } = httpServers(parseNginx(text, "nginx.conf"));
  const child = await startNginx(prefix, cases[0]?.port ?? 0, ADDRESS);
  try {
    for (const { seed, port, requests } of cases) {
      for (const request of requests) {
        const answer = await askOnce(port, request);
        const problem = compareOne(servers, port, request, answer, tally);
        if (problem !== undefined) {
          tally.differences.push(`seed ${seed} ${JSON.stringify(request)}: ${problem}`);
        }
      }
    }
  } finally {
    await stopNginx(child);
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
  const { outcomes, isComplete } = answerNginx(
    servers,
    {
      scheme: "http",
      address: ADDRESS,
      port,
      client: "127.0.0.1",
      host: request.host,
      target: request.target,
      method: request.method,
      fields: [...request.fields, ["Connection", "close"]],
    },
    diskOf,
  );
  tally.requests += 1;
  const reason = outcomes.map(openReasonOf).find((one) => one !== undefined);
  if (reason !== undefined) {
    tally.undecided += 1;
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  }
  const problems = outcomes.map((outcome) => problemWith(outcome, request, answer));
  if (problems.includes(undefined) || !isComplete) return undefined;
  return problems.join(" | or | ");
}

function diskOf(path: string): "file" | "directory" | "missing" {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "missing";
  return found.isDirectory() ? "directory" : "file";
}

function openReasonOf(outcome: NginxOutcome): string | undefined {
  const [assumption] = outcome.assumes;
  if (assumption !== undefined) return `${assumption.about}: ${assumption.because}`;
  const { content, responseFields, requestFields } = outcome;
  if (content.kind === "none") return content.because;
  const texts = [
    ...("text" in content ? [content.text] : []),
    ...("target" in content ? [content.target] : []),
    ...("uri" in content && content.uri !== undefined ? [content.uri] : []),
    ...[...responseFields, ...requestFields]
      .filter(({ name }) => name !== "Expires")
      .map(({ value }) => value),
  ];
  const open = texts.flatMap(({ pieces }) => pieces).find((piece) => piece.kind === "open");
  return open?.kind === "open" ? `$${open.name}: ${open.because}` : undefined;
}

function problemWith(
  outcome: NginxOutcome,
  request: RandomRequest,
  answer: Answer,
): string | undefined {
  const problem = contentProblem(outcome, request, answer) ?? fieldProblem(outcome, answer);
  if (problem === undefined) return undefined;
  const steps = outcome.steps.map(({ what, detail, line }) => `${line} ${what}: ${detail}`);
  return `${problem}\n    ${steps.join("\n    ")}\n  nginx: ${answer.status} ${JSON.stringify(answer.fields)} ${answer.body.slice(0, 300)}`;
}

function differs(what: string, said: unknown, seen: unknown): string | undefined {
  return said === seen ? undefined : `${what}: we ${said}, nginx ${seen}`;
}

function contentProblem(
  outcome: NginxOutcome,
  { method }: RandomRequest,
  answer: Answer,
): string | undefined {
  const { content } = outcome;
  if (content.kind === "none") return undefined;
  if (content.kind === "module") return `a module: ${content.at.name}`;
  if (content.kind === "closed") return differs("answer", "", answer.body + answer.fields.join());
  const status = content.kind === "pass" ? (content.status ?? STATUS_OF_ECHO) : content.status;
  const wrong = differs("status", status, answer.status);
  if (wrong !== undefined || method === "HEAD") return wrong;
  return madeProblem(outcome, answer);
}

const STATUS_OF_ECHO = 200;

/** Body, `Location`, or what the upstream server was asked. */
function madeProblem({ content, requestFields }: NginxOutcome, answer: Answer): string | undefined {
  const location = answer.fields.find(([name]) => name === "location")?.[1];
  switch (content.kind) {
    case "text":
      return content.text.isKnown ? differs("body", content.text.text, answer.body) : undefined;
    case "redirect":
      return content.target.isKnown
        ? differs("location", content.target.text.trim(), location ?? "")
        : undefined;
    case "files":
      return content.isListed
        ? undefined
        : differs("body", fileBody(content.path.text), answer.body);
    case "pass":
      return passProblem(content.uri?.text, requestFields, answer);
    default:
      return undefined;
  }
}

function fileBody(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return `(no such file: ${path})`;
  }
}

function passProblem(
  uri: string | undefined,
  fields: readonly AnswerField[],
  answer: Answer,
): string | undefined {
  let asked: EchoedRequest;
  try {
    asked = JSON.parse(answer.body) as EchoedRequest;
  } catch {
    return `nothing echoed: ${answer.body.slice(0, 100)}`;
  }
  const wrong = differs("upstream target", uri, asked.target);
  if (wrong !== undefined) return wrong;
  for (const { name, value, action } of fields) {
    if (!value.isKnown) continue;
    const seen = asked.fields.find(([one]) => one === name.toLowerCase())?.[1];
    const said = action === "remove" ? undefined : value.text.trim();
    const field = differs(`upstream field ${name}`, said, seen);
    if (field !== undefined) return field;
  }
  return undefined;
}

/** Fields the configurations set, in the order nginx sends them. */
function fieldProblem(outcome: NginxOutcome, answer: Answer): string | undefined {
  if (outcome.content.kind === "closed" || outcome.content.kind === "none") return undefined;
  const { responseFields, content } = outcome;
  for (const name of ["x-block", "x-text", "x-status", "cache-control"]) {
    const said = responseFields.filter(
      (field) => field.name.toLowerCase() === name && field.action !== "remove",
    );
    if (!said.every(({ value }) => value.isKnown)) continue;
    const seen = answer.fields.filter(([one]) => one === name).map(([, value]) => value);
    const wrong = differs(
      name,
      JSON.stringify(said.map(({ value }) => value.text.trim())),
      JSON.stringify(seen),
    );
    if (wrong !== undefined) return wrong;
  }
  const isHidden = responseFields.some(
    ({ name, action }) => name === "X-Up" && action === "remove",
  );
  const isUp = content.kind === "pass" && !isHidden;
  return differs(
    "x-up",
    isUp,
    answer.fields.some(([name]) => name === "x-up"),
  );
}
