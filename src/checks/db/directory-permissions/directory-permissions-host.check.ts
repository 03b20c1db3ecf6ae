import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import { databases, type SqliteFile } from "../../../facts/databases.fact.ts";
import { envFiles, type PathAccess } from "../../../facts/env-files.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { withoutDatabase } from "../../database-settings/databases.ts";
import { describeAccess, showMode, type Trusted } from "../../judgement/path-access.ts";
import { shellWord } from "../../judgement/remedy.ts";
import { dbDirectoryPermissions } from "./directory-permissions.control.ts";

/** Mode bits of POSIX `<sys/stat.h>`. */
const OTHER_WRITE = 0o002;
const OTHER_ENTER = 0o001;
const GROUP_ANY = 0o070;
const STICKY = 0o1000;
/** Bits that a database file may not have: anything of others, writing by the group. */
const FILE_BITS_OPEN = 0o027;
const DIRECTORY_BITS_OPEN = 0o027;

export const dbDirectoryPermissionsHost = defineCheck({
  control: dbDirectoryPermissions,
  layer: "host",
  reads:
    "Modes and owners of the directory of every SQLite database, of the file and of what SQLite keeps beside it.",
  needs: { environment, databases },
  wants: { envFiles },

  evaluate({ environment: env, databases: found }, readings) {
    const files = found.flatMap(({ sqlite }) => sqlite ?? []);
    const [first] = files;
    if (first === undefined) return withoutDatabase(env, "SQLite database");
    const trusted = knownValue(readings.envFiles)?.trusted ?? { owners: [], groups: [] };
    const findings = files.flatMap((file) => faultsOf(file, trusted));
    const open = files.map(problemOf).find((problem) => problem !== undefined);
    const access = knownValue(first.directory);
    const says = access === undefined ? "" : `: ${describeAccess(access)}`;
    return judge(
      findings,
      open ?? pass(`Only the service reads the database in ${parentOf(first.absolute)}${says}`),
    );
  },
});

/** Modes that were not had, and a database that is not there, are no proof of anything. */
function problemOf({ directory, files, absolute }: SqliteFile): Outcome | undefined {
  for (const reading of [directory, ...files.map(({ access }) => access)])
    if (reading.state === "unknown")
      return cannotTell(reading.problem.code, reading.problem.detail);
  if (directory.state === "absent" || knownValue(directory)?.hasNoModes === true)
    return cannotTell("unsupported", `the modes of ${parentOf(absolute)} cannot be told`);
  return undefined;
}

function faultsOf(file: SqliteFile, trusted: Trusted): readonly Finding[] {
  const path = parentOf(file.absolute);
  const directory = knownValue(file.directory);
  if (directory?.hasNoModes === true) return [];
  const isClosed = directory !== undefined && (directory.mode & OTHER_ENTER) === 0;
  const finding = (
    fault: Pick<Finding, "rule" | "status">,
    of: string,
    says: string,
    access: PathAccess,
  ): Finding => ({
    rule: fault.rule,
    status: fault.status,
    subject: of,
    message: `${of} ${says}`,
    fix: fixOf(file, trusted),
    evidence: [{ file: of, excerpt: `${of}: ${describeAccess(access)}` }],
  });
  return [
    ...(directory === undefined ? [] : directoryFaults(directory, trusted)).map((fault) =>
      finding(fault, path, fault.says, fault.access),
    ),
    ...file.files.flatMap(({ path: of, access }) =>
      fileFaults(access, isClosed).map((fault) => finding(fault, of, fault.says, fault.access)),
    ),
  ];
}

interface Fault extends Pick<Finding, "rule" | "status"> {
  readonly says: string;
  readonly access: PathAccess;
}

function directoryFaults(access: PathAccess, trusted: Trusted): readonly Fault[] {
  const { mode, owner, group } = access;
  if ((mode & OTHER_WRITE) !== 0 && (mode & STICKY) === 0) {
    const says = `has mode ${showMode(mode)}: every account can put another database in`;
    return [{ rule: "directory-other-writable", status: "fail", says, access }];
  }
  const faults: Fault[] = [];
  const isForeign = trusted.groups.length > 0 && !trusted.groups.includes(group);
  if ((mode & DIRECTORY_BITS_OPEN) !== 0 || ((mode & GROUP_ANY) !== 0 && isForeign)) {
    const says = `has mode ${showMode(mode)}, more than the service needs`;
    faults.push({ rule: "directory-open", status: "warn", says, access });
  }
  if (trusted.owners.length > 0 && !trusted.owners.includes(owner)) {
    const says = `belongs to ${owner}, who is neither root nor the service's account`;
    faults.push({ rule: "directory-foreign-owner", status: "warn", says, access });
  }
  return faults;
}

/** In a directory that others cannot enter a wide file is open to nobody yet. */
function fileFaults(reading: Reading<PathAccess>, isClosed: boolean): readonly Fault[] {
  const access = knownValue(reading);
  if (access === undefined || (access.mode & FILE_BITS_OPEN) === 0) return [];
  const others = access.mode & 0o007;
  if (others !== 0 && !isClosed) {
    const says = `has mode ${showMode(access.mode)}: every account can read or change it`;
    return [{ rule: "database-other-access", status: "fail", says, access }];
  }
  const says = `has mode ${showMode(access.mode)}, more than 0640`;
  return [{ rule: "database-open", status: "warn", says, access }];
}

function fixOf({ absolute, files }: SqliteFile, { owners }: Trusted): string {
  const directory = shellWord(parentOf(absolute));
  const service = owners.find((owner) => owner !== "root") ?? "root";
  const names = files.map(({ path }) => shellWord(path)).join(" ");
  const closed = names === "" ? "" : ` && chmod 600 ${names}`;
  return `chown ${shellWord(service)}: ${directory} && chmod 700 ${directory}${closed}`;
}

function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  if (at < 0) return ".";
  return at === 0 ? "/" : path.slice(0, at);
}
