import { realpathSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";

import type { AttestItem } from "../checks/attested/item.ts";
import { ITEMS } from "../checks/attested/items.ts";
import { attestCommand, type Standing, standingOf } from "../checks/attested/standing.ts";
import { expiryOf } from "../core/expiry.ts";
import { EXIT } from "../core/report.ts";
import type { Attestations, ReadAttestation } from "../facts/attestations.fact.ts";
import { jsonText } from "../report/json.report.ts";
import { printable, wrap } from "../report/printable.ts";
import type { AttestCall } from "./attest.command.ts";
import { attestationIn, attestationsAt } from "./attest-facts.ts";
import { attestTrust } from "./attest-trust.ts";
import { UsageError } from "./io.ts";

const COLUMNS = 100;
const INDENT = " ".repeat(13);

/** What may be attested, how long it holds and what belongs to it. */
export function showItems({ options, io }: AttestCall): number {
  if (options.isOn("json")) {
    const rows = ITEMS.map(
      ({ id, control, states, daysMax, isEvidenceNeeded, details, scope }) => ({
        ...{ id, control, states, daysMax, isEvidenceNeeded },
        details: details.map(({ name, says }) => ({ name, says })),
        ...(scope !== undefined && { scope }),
      }),
    );
    io.stdout(`${jsonText(rows)}\n`);
    return EXIT.ok;
  }
  const lines = ITEMS.flatMap((item) => [
    `${item.id.padEnd(26)}${item.states}`,
    `${" ".repeat(26)}at most ${item.daysMax} days${item.bound === undefined ? "" : `, for one ${item.bound === "policy" ? "policy" : "release"}`}`,
    `${" ".repeat(26)}${attestCommand(item)}`,
  ]);
  io.stdout(`${lines.join("\n")}\n`);
  return EXIT.ok;
}

const STATES = {
  holds: "valid",
  weak: "warning",
  lapsed: "invalid",
  void: "not counted",
} as const satisfies Record<Standing["rank"], string>;

/** One attestation as it is listed. */
interface Row {
  readonly read: ReadAttestation;
  readonly item: AttestItem | undefined;
  readonly state: (typeof STATES)[Standing["rank"]];
  readonly why?: string;
}

/** Every attestation of a deployment, or the one of a file; as a gate it answers by its exit code. */
export async function showAll(
  call: AttestCall,
  { isGate }: { readonly isGate: boolean },
): Promise<number> {
  const { options, io, nowMs } = call;
  const facts = await factsOf(call);
  const rows = facts.attestations.map((read) => rowOf(read, facts, nowMs));
  io.stdout(options.isOn("json") ? asJson(rows, facts, nowMs) : asText(rows, facts, nowMs));
  return isGate ? exitOf(rows, facts) : EXIT.ok;
}

async function factsOf(call: AttestCall): Promise<Attestations> {
  const { options, io, nowMs } = call;
  const path = resolve(io.directory, call.place ?? ".");
  if (!isDirectory(path))
    return attestationIn(
      path,
      attestTrust(options, io, { root: path, isCompat: false }),
      nowMs,
      io,
    );
  const root = realpathSync(path);
  const trust = attestTrust(options, io, { root, isCompat: false });
  const reading = await attestationsAt(root, trust, nowMs, io);
  if (reading.state === "known") return reading.value;
  const why = reading.state === "absent" ? reading.reason : reading.problem.detail;
  throw new UsageError(`cannot read the attestations: ${why}`);
}

function isDirectory(path: string): boolean {
  try {
    const stats: Stats = statSync(path);
    return stats.isDirectory();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the attestations: ${reason}`, { cause: error });
  }
}

function rowOf(read: ReadAttestation, facts: Attestations, nowMs: number): Row {
  const { statement } = read;
  const item = ITEMS.find(({ id }) => id === statement.item);
  if (item === undefined)
    return { read, item, state: "not counted", why: "nothing of that name can be attested" };
  // Which policies are in force only an audit sees: here it is taken to be the one that was tested.
  const policies = statement.policy === undefined ? [] : [statement.policy];
  const [standing] = standingOf({ item, nowMs, policies }, facts, read);
  const why = standing?.why ?? standing?.finding?.message;
  const state = STATES[standing?.rank ?? "void"];
  return { read, item, state, ...(why !== undefined && { why }) };
}

function exitOf(rows: readonly Row[], { unread, isTruncated }: Attestations): number {
  if (unread.length > 0 || rows.some(({ state }) => state === "invalid")) return EXIT.failures;
  const isWhole = rows.length > 0 && !isTruncated && rows.every(({ state }) => state === "valid");
  return isWhole ? EXIT.ok : EXIT.warnings;
}

/** Items whose control nobody attests by what is listed. */
function missing(rows: readonly Row[]): readonly string[] {
  const has = (id: string) =>
    rows.some(({ item, state }) => item?.id === id && (state === "valid" || state === "warning"));
  return ITEMS.filter(({ id }) => !has(id)).map(({ id }) => id);
}

function asJson(rows: readonly Row[], facts: Attestations, nowMs: number): string {
  const { deployments, release, trustedKeys, unread, isTruncated } = facts;
  return `${jsonText({
    schema: "plimsoll.attestations/1",
    ...{ deployments, trustedKeys, isTruncated },
    ...(release !== undefined && { release }),
    attestations: rows.map(({ read, item, state, why }) => {
      const { file, signer, keyId, statement } = read;
      const { lastDay, daysLeft } = lifeOf(statement, item, nowMs);
      const { key: _, ...stated } = statement;
      return {
        ...{ file, state },
        ...(why !== undefined && { why }),
        ...{ keyId, lastDay, daysLeft },
        ...(signer !== undefined && { signer }),
        control: item?.control ?? null,
        ...stated,
      };
    }),
    unread,
    notAttested: missing(rows),
  })}\n`;
}

function lifeOf(
  statement: ReadAttestation["statement"],
  item: AttestItem | undefined,
  nowMs: number,
) {
  return expiryOf({ ...statement, daysMax: item?.daysMax ?? 0 }, nowMs);
}

function asText(rows: readonly Row[], facts: Attestations, nowMs: number): string {
  const { deployments, trustedKeys, unread, isTruncated } = facts;
  const of = deployments.length === 0 ? "" : `Deployment: ${deployments.join(", ")}. `;
  const keys =
    trustedKeys === 0
      ? "No key is trusted (--attest-key): nothing counts"
      : `${trustedKeys} trusted ${trustedKeys === 1 ? "key" : "keys"}`;
  const rest = missing(rows);
  const lines = [
    `${of}${keys}`,
    "",
    ...rows.flatMap((row) => rowLines(row, nowMs)),
    ...unread.flatMap(({ file, why }) => told("unreadable", `${file}: ${why}`)),
    ...(isTruncated ? ["There are more files than are read"] : []),
    ...(rows.length + unread.length === 0 ? ["No attestations"] : []),
    "",
    ...wrap(`${"not attested".padEnd(13)}${rest.join(", ")}`, COLUMNS, INDENT),
    `${INDENT}What each of them takes: plimsoll attest items`,
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function rowLines({ read, item, state, why }: Row, nowMs: number): readonly string[] {
  const { statement, signer, keyId, file } = read;
  const { lastDay, daysLeft } = lifeOf(statement, item, nowMs);
  const days = daysLeft < 0 ? `${-daysLeft} days ago` : `${daysLeft} days left`;
  const release = statement.release === undefined ? "" : `, release ${statement.release}`;
  return [
    ...told(state, `${statement.item}  (${file})`),
    `${INDENT}${statement.who}, key ${keyId}${signer === undefined ? ", not trusted" : ` (${signer})`}${release}`,
    `${INDENT}done on ${statement.performed}, until the end of ${lastDay} UTC (${days})`,
    ...(why === undefined
      ? []
      : wrap(printable(why), COLUMNS, INDENT).map((line, at) =>
          at === 0 ? `${INDENT}${line}` : line,
        )),
  ];
}

function told(state: string, text: string): readonly string[] {
  return [`${state.padEnd(13)}${text}`];
}
