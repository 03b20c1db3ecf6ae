import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import {
  type BackupFile,
  type BackupPlace,
  type Backups,
  backups,
} from "../../../facts/backups.fact.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { DATABASE } from "../../attested/conditions.ts";
import { shellWord } from "../../judgement/remedy.ts";
import { dbBackup } from "./backup.control.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Catalog db.backup: daily, with two hours to spare. */
const FRESH_MS = 26 * HOUR_MS;
const LATE_MS = 8 * DAY_MS;
/** Mode bit of POSIX `<sys/stat.h>`. */
const OTHER_READ = 0o004;

export const dbBackupHost = defineCheck({
  control: dbBackup,
  layer: "host",
  reads:
    "Timers, cron tables and compose services that dump a database, BACKUP_DIR and the like of the effective environment, and the newest file of the directories these name.",
  needs: { backups, clock },
  wants: DATABASE.wants,

  evaluate({ backups: found, clock: { nowMs } }, readings) {
    const whyNot = DATABASE.whyNot(readings);
    if (whyNot !== undefined) return notApplicable(whyNot);
    const newest = newestOf(found.places);
    const isSwitchedOff =
      found.jobs.length > 0 && found.jobs.every(({ isActive }) => isActive === false);
    const findings = [
      ...(isSwitchedOff ? [switchedOff(found)] : []),
      ...(newest === undefined ? [] : faultsOf(newest, nowMs)),
      ...(newest === undefined ? nothingMade(found.places) : []),
    ];
    return judge(findings, otherwise(found, newest, nowMs));
  },
});

interface Newest {
  readonly place: BackupPlace;
  readonly file: BackupFile;
}

function newestOf(places: readonly BackupPlace[]): Newest | undefined {
  return places
    .flatMap((place) => {
      const file = knownValue(place.newest);
      return file === undefined ? [] : [{ place, file }];
    })
    .sort((a, b) => b.file.modifiedMs - a.file.modifiedMs)[0];
}

function switchedOff({ jobs }: Backups): Finding {
  const [first, ...others] = jobs.map(({ file, line, tool }) => ({
    ...{ file, excerpt: `${tool}, not enabled` },
    ...(line === undefined ? {} : { line }),
  }));
  const name = jobs[0]?.name ?? "";
  return {
    rule: "schedule-disabled",
    status: "fail",
    message: `${name} would make backups, and is switched off`,
    fix: `systemctl enable --now ${shellWord(name)}`,
    evidence: [first ?? { excerpt: name }, ...others],
  };
}

function faultsOf({ place, file }: Newest, nowMs: number): readonly Finding[] {
  const age = nowMs - file.modifiedMs;
  const evidence = [evidenceOf(file)] as const;
  const fix = `Find out why nothing new is in ${place.path} (written by ${place.from}), make a backup, and look at it`;
  const findings: Finding[] = [];
  if (file.sizeBytes === 0) {
    const message = `The newest backup ${file.path} is empty`;
    findings.push({ rule: "backup-empty", status: "fail", message, fix, evidence });
  }
  if (age > FRESH_MS) {
    const message = `The newest backup ${file.path} is ${describeAge(age)} old`;
    const status = age > LATE_MS ? "fail" : "warn";
    findings.push({ rule: "backup-old", status, message, fix, evidence });
  }
  if ((file.mode & OTHER_READ) !== 0) {
    const message = `Every account may read the backup ${file.path}`;
    const close = `chmod o= ${shellWord(file.path)}, and umask 077 in what writes it`;
    findings.push({ rule: "backup-world-readable", status: "warn", message, fix: close, evidence });
  }
  if (place.isOnDatabaseDevice === true) {
    const message = `The backups in ${place.path} lie on the file system of the database`;
    const away = `Copy ${place.path} to another machine after each backup (restic, rsync)`;
    findings.push({
      ...{ rule: "backup-beside-database", status: "warn", message, fix: away, evidence },
    });
  }
  return findings;
}

/** Every place that is named was looked at, and none holds a backup. */
function nothingMade(places: readonly BackupPlace[]): readonly Finding[] {
  const [first, ...others] = places;
  if (first === undefined || places.some(({ newest }) => newest.state !== "absent")) return [];
  const evidenceAt = ({ path, from }: BackupPlace): Evidence => ({
    file: path,
    excerpt: `no backup in it; named by ${from}`,
  });
  return [
    {
      rule: "no-backup",
      status: "fail",
      message: `${first.path} is where backups belong, and holds none`,
      fix: `Run what writes to ${first.path} (${first.from}) once by hand, and see what it says`,
      evidence: [evidenceAt(first), ...others.map(evidenceAt)],
    },
  ];
}

function otherwise(found: Backups, newest: Newest | undefined, nowMs: number): Outcome {
  const active = found.jobs.find(({ isActive }) => isActive === true);
  if (newest === undefined) return unseen(found);
  const { file } = newest;
  if (nowMs - file.modifiedMs < -HOUR_MS)
    return cannotTell("malformed", `The newest backup ${file.path} is dated in the future`);
  if (active === undefined)
    return cannotTell(
      "not-recorded",
      `${file.path} is ${describeAge(nowMs - file.modifiedMs)} old, but no active timer, cron line or compose service was found that makes backups`,
    );
  const at = active.line === undefined ? {} : { line: active.line };
  return pass(
    `${file.path} is ${describeAge(nowMs - file.modifiedMs)} old, made by ${active.name}`,
    [evidenceOf(file), { file: active.file, ...at, excerpt: `${active.kind}: ${active.tool}` }],
  );
}

function unseen({ jobs, places }: Backups): Outcome {
  const hidden = places.find(({ newest }) => newest.state === "unknown")?.newest;
  if (hidden?.state === "unknown") return cannotTell(hidden.problem.code, hidden.problem.detail);
  const [job] = jobs;
  return cannotTell(
    "not-recorded",
    job === undefined
      ? "No backup location is declared, and nothing that makes backups was found"
      : `${job.name} runs ${job.tool}, but where its backups lie cannot be told`,
  );
}

function evidenceOf({ path, sizeBytes, modifiedMs, mode }: BackupFile): Evidence {
  const written = new Date(modifiedMs).toISOString();
  const bits = mode.toString(8).padStart(4, "0");
  return { file: path, excerpt: `${sizeBytes} bytes, written ${written}, mode ${bits}` };
}

function describeAge(ms: number): string {
  const hours = Math.max(0, Math.floor(ms / HOUR_MS));
  return hours < 48 ? `${hours} h` : `${Math.floor(ms / DAY_MS)} days`;
}
