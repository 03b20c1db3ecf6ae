import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { type AttestItem, faultsOfStated } from "../checks/attested/item.ts";
import { CATALOG_VERSION } from "../checks/seed/catalog-version.ts";
import { type AttestationStatement, attestationText } from "../core/attestation.ts";
import {
  DETAIL_CHARACTERS_MAX,
  DETAILS_MAX,
  isDetailName,
  isSha256,
  isWord,
  SCOPE_MAX,
} from "../core/attested-words.ts";
import { addDays, type Day, dayOf, isDay } from "../core/expiry.ts";
import { EXIT } from "../core/report.ts";
import { signed } from "../facts/attestation-signature.ts";
import { ATTESTATIONS_DIRECTORY } from "../facts/attestations.fact.ts";
import { printable } from "../report/printable.ts";
import type { AttestCall } from "./attest.command.ts";
import { evidenceOf } from "./attest-evidence.ts";
import { readKey, signerName } from "./attest-key.ts";
import { isInside } from "./attest-trust.ts";
import { UsageError } from "./io.ts";

/** Signs one statement and writes it into the deployment. Throws `UsageError` for what does not belong together. */
export async function signItem(item: AttestItem, call: AttestCall): Promise<number> {
  const { options, io, nowMs } = call;
  const root = directoryOf(resolve(io.directory, call.place ?? "."));
  const performed = performedDay(call);
  const parts = {
    scope: scopeOf(options.texts("scope")),
    details: detailsOf(options.texts("set")),
    evidence: evidenceOf(options.texts("evidence"), call, root),
  };
  const [fault] = faultsOfStated(item, parts);
  if (fault !== undefined) throw new UsageError(`${item.id}: ${fault.says}; ${hint(item)}`);
  const release = await releaseOf(item, call, root);
  const policy = policyOf(item, options.text("policy"));
  const statement: Omit<AttestationStatement, "key"> = {
    item: item.id,
    deployment: word("deployment", options.text("deployment") ?? basename(root)),
    ...(release !== undefined && { release }),
    ...(policy !== undefined && { policy }),
    catalog: CATALOG_VERSION,
    ...parts,
    who: signerName(call),
    performed,
    madeAt: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    expires: lastDay(item, call, performed),
  };
  const attestation = signed(statement, readKey(call, root));
  const text = attestationText(attestation);
  const file = write(root, item, statement.madeAt, text);
  io.stdout(
    `${[
      `${item.id}: ${item.states}`,
      `  ${statement.who} says so of ${statement.deployment}${release === undefined ? "" : `, release ${release}`}`,
      `  done on ${performed}, holds until the end of ${statement.expires} UTC`,
      `  written to ${file}`,
    ]
      .map(printable)
      .join("\n")}\n`,
  );
  return EXIT.ok;
}

function hint({ details }: AttestItem): string {
  const sets = details.map(({ name, says }) => `--set ${name}="${says}"`).join(" ");
  return sets === "" ? 'see "plimsoll attest items"' : `it takes ${sets}`;
}

function word(name: string, text: string): string {
  if (isWord(text)) return text;
  throw new UsageError(`--${name} takes a name of one line, at most 200 characters`);
}

function directoryOf(path: string): string {
  try {
    if (statSync(path).isDirectory()) return realpathSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot attest for ${path}: ${reason}`, { cause: error });
  }
  throw new UsageError(`cannot attest for ${path}: not a directory`);
}

function performedDay({ options, nowMs }: AttestCall): Day {
  const today = dayOf(nowMs);
  const text = options.text("performed") ?? today;
  if (!isDay(text)) throw new UsageError(`--performed takes a day (2026-11-28), not "${text}"`);
  if (text > today)
    throw new UsageError(`--performed ${text} is still to come (today is ${today})`);
  return text;
}

/** Throws `UsageError` for a day that is none, is over, or lies past what the item allows. */
function lastDay(item: AttestItem, { options, nowMs }: AttestCall, performed: Day): Day {
  const latest = addDays(performed, item.daysMax);
  const text = options.text("expires");
  const allowed = `${item.id} holds at most ${item.daysMax} days after it was done: until ${latest}`;
  if (text === undefined) throw new UsageError(`--expires is missing; ${allowed}`);
  const [, days] = /^([1-9]\d{0,4})d$/.exec(text) ?? [];
  const day = days === undefined ? text : addDays(performed, Number(days));
  if (!isDay(day))
    throw new UsageError(
      `--expires takes a day (2027-11-28) or a number of days (90d), not "${text}"`,
    );
  if (day < dayOf(nowMs)) throw new UsageError(`--expires ${day} is over already`);
  if (day > latest) throw new UsageError(`--expires ${text}: ${allowed}`);
  return day;
}

function scopeOf(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap((text) => text.split(",")).map((each) => each.trim());
  const named = [...new Set(words.filter((each) => each !== ""))];
  if (named.length > SCOPE_MAX || !named.every((each) => isWord(each)))
    throw new UsageError(`--scope takes at most ${SCOPE_MAX} names of one line`);
  return named;
}

function detailsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  if (texts.length > DETAILS_MAX)
    throw new UsageError(`--set is taken at most ${DETAILS_MAX} times`);
  const pairs = texts.map((text) => {
    const at = text.indexOf("=");
    const [name, value] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1).trim()];
    if (!isDetailName(name) || !isWord(value, DETAIL_CHARACTERS_MAX))
      throw new UsageError(`--set takes NAME=TEXT of one line, not "${text.slice(0, 80)}"`);
    return [name, value] as const;
  });
  const details = Object.fromEntries(pairs);
  if (Object.keys(details).length < pairs.length)
    throw new UsageError("--set gives one name twice");
  return details;
}

function policyOf({ id, bound }: AttestItem, text: string | undefined): string | undefined {
  if (bound !== "policy") {
    if (text !== undefined) throw new UsageError(`--policy is not for ${id}`);
    return undefined;
  }
  const hash = text?.replace(/^sha256:/, "");
  if (isSha256(hash)) return hash;
  throw new UsageError(
    `${id} needs --policy HASH, the policy's SHA-256; "plimsoll audit --url URL" names it`,
  );
}

/** `--release`; for what is bound to one, else the commit that is checked out. */
async function releaseOf(
  { id, bound }: AttestItem,
  { options, io, nowMs }: AttestCall,
  directory: string,
): Promise<string | undefined> {
  const given = options.text("release");
  if (given !== undefined) return word("release", given);
  if (bound === undefined || bound === "policy") return undefined;
  const { releaseAt } = await import("./attest-facts.ts");
  const found = await releaseAt(directory, nowMs, io);
  if (found !== undefined) return found;
  throw new UsageError(`${id} is about one release: say --release ID, as no commit is checked out`);
}

/** Beside its place first, so that an audit never reads half of it. Returns the path, relative to the deployment. */
function write(root: string, { id }: AttestItem, madeAt: string, text: string): string {
  const directory = join(root, ATTESTATIONS_DIRECTORY);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const name = `${id}.${madeAt.replace(/[-:]/g, "")}.${digest}.json`;
  const beside = join(directory, `.${name}.${process.pid}`);
  try {
    mkdirSync(directory, { recursive: true });
    if (!isInside(directory, root))
      throw new UsageError(`${ATTESTATIONS_DIRECTORY} leads out of the deployment`);
    writeFileSync(beside, text, { flag: "wx", mode: 0o644 });
    renameSync(beside, join(directory, name));
    return `${ATTESTATIONS_DIRECTORY}/${name}`;
  } catch (error) {
    rmSync(beside, { force: true });
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write the attestation: ${reason}`, { cause: error });
  }
}
