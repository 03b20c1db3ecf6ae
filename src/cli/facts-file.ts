import { constants, createReadStream, openSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { addAbortSignal, type Readable } from "node:stream";
import { isJsonObject } from "../core/json-object.ts";

import type { Reading } from "../core/reading.ts";
import { UsageError } from "./io.ts";

export const FACTS_SCHEMA = "plimsoll.facts/1";
const BYTES_MAX = 64 * 1024 * 1024;

export interface FactsFile {
  readonly directory: string;
  readonly urls: readonly string[];
  /** Milliseconds since the epoch. */
  readonly collectedAtMs: number;
  readonly facts: ReadonlyMap<string, Reading<unknown>>;
}

/**
 * Reads what `plimsoll collect` wrote; a pipe too (`judge <(ssh node plimsoll collect)`).
 * Throws `UsageError` naming the file and what is wrong with it; `undefined` when interrupted.
 */
export async function readFactsFile(
  path: string,
  signal: AbortSignal,
): Promise<FactsFile | undefined> {
  const text = await readBounded(path, signal);
  if (text === undefined) return undefined;
  const data = parse(text, path);
  const { schema, target, collectedAt, facts } = data;
  if (schema !== FACTS_SCHEMA) {
    throw new UsageError(
      `${path}: not a facts file ("schema" must be "${FACTS_SCHEMA}"); make one with "plimsoll collect"`,
    );
  }
  if (!isJsonObject(facts) || !isJsonObject(target))
    throw new UsageError(`${path}: "facts" and "target" must be objects`);
  const readings = Object.entries(facts).map(([id, reading]) => {
    if (!isReading(reading)) throw new UsageError(`${path}: facts.${id} is not a reading`);
    return [id, reading] as const;
  });
  const collectedAtMs = typeof collectedAt === "string" ? Date.parse(collectedAt) : Number.NaN;
  if (Number.isNaN(collectedAtMs))
    throw new UsageError(`${path}: "collectedAt" is not an ISO 8601 time`);
  const { directory, urls } = target;
  return {
    directory: typeof directory === "string" ? directory : "",
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === "string") : [],
    collectedAtMs,
    facts: new Map(readings),
  };
}

/** `undefined` when interrupted. */
async function readBounded(path: string, signal: AbortSignal): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of addAbortSignal(signal, openFacts(path)) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BYTES_MAX) throw new UsageError(`${path}: larger than ${BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the facts: ${reason}`, { cause: error });
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A pipe is polled: opening one that nobody writes to would block, and the interruption with it. */
function openFacts(path: string): Readable {
  const stats = statSync(path);
  if (stats.isFile()) return createReadStream(path);
  if (!stats.isFIFO()) throw new UsageError(`${path}: neither a file nor a pipe`);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const data: unknown = JSON.parse(text);
    if (isJsonObject(data)) return data;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path}: not JSON (${reason})`, { cause: error });
  }
  throw new UsageError(`${path}: not a JSON object`);
}

function isReading(value: unknown): value is Reading<unknown> {
  if (!isJsonObject(value)) return false;
  const { state, reason, problem } = value;
  if (state === "known") return "value" in value;
  if (state === "absent") return typeof reason === "string";
  return (
    state === "unknown" &&
    isJsonObject(problem) &&
    typeof problem["code"] === "string" &&
    typeof problem["detail"] === "string"
  );
}
