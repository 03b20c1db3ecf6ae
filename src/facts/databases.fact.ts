import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading, unknown } from "../core/reading.ts";
import type { SecretMeasure } from "../core/secret.ts";
import { type ComposeFiles, composeFiles } from "./compose-files.fact.ts";
import { type DatabaseAddress, isListedPair, readDatabaseUrl, sqliteAt } from "./database-url.ts";
import { pathAccess } from "./env-access.ts";
import type { PathAccess } from "./env-files.fact.ts";
import {
  type Assignment,
  type EnvironmentValues,
  effectiveAssignment,
  environmentValues,
} from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { measureSecret } from "./secret-measure.ts";
import { type Services, services } from "./services.fact.ts";
import { directoryOf, isWithin, resolveFrom, shownPath } from "./target-path.ts";

/** A database that the environment names, without its password. */
export interface Database extends Omit<DatabaseAddress, "password" | "path"> {
  readonly key: string;
  readonly file: string;
  readonly line?: number;
  readonly password?: SecretMeasure;
  /** User and password are a pair of images and tutorials. */
  readonly isListedPair: boolean;
  /** The host is a service of the compose project: traffic stays on its network. */
  readonly isComposeService: boolean;
  /** Only its host is given, or a file for the password: what it is opened with is not in the environment. */
  readonly isPasswordElsewhere?: true;
  readonly sqlite?: SqliteFile;
}

export interface SqliteFile {
  readonly path: string;
  readonly isRelative: boolean;
  /** Absolute, a relative one from the audited directory. */
  readonly absolute: string;
  readonly isInTree: boolean;
  /** The application runs in a container that mounts nothing there. */
  readonly isInContainerLayer: boolean;
  readonly directory: Reading<PathAccess>;
  /** The file itself with `-wal`, `-shm` and `-journal`, those that are there. */
  readonly files: readonly { readonly path: string; readonly access: Reading<PathAccess> }[];
}

const URL_KEY =
  /(?:^|_)(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|SQLALCHEMY)(?:_DATABASE)?_(?:UR[LI]|DSN)$/;
const PATH_KEY = /(?:^|_)(?:DB|DATABASE|SQLITE)_(?:PATH|FILE)$/;
const HOST_KEY = /^(.*(?:^|_)(?:DB|DATABASE|POSTGRES|PG|MYSQL))_?HOST$/;
/** Databases of one deployment that are looked at. */
const DATABASES_MAX = 20;
/** Files that SQLite keeps beside a database ("Temporary Files Used By SQLite"). */
const SIDE_FILES = ["", "-wal", "-shm", "-journal"];

/** Empty where the environment names none. */
export const databases = defineFact({
  id: "databases",
  title: "Databases of the environment",
  access: "read",
  timeoutMs: 5_000,
  needs: { environmentValues },
  wants: { composeFiles, services },
  async collect(context, facts, readings): Promise<Reading<readonly Database[]>> {
    const values = facts.environmentValues;
    const found: Database[] = [];
    for (const { assignment, address } of addressesOf(values).slice(0, DATABASES_MAX))
      found.push(await databaseOf(context, values, assignment, address, readings));
    return known(found);
  },
});

interface Around {
  readonly composeFiles: Reading<ComposeFiles>;
  readonly services: Reading<Services>;
}

function addressesOf(values: EnvironmentValues) {
  const keys = [...new Set(values.assignments.map(({ key }) => key))];
  return keys.flatMap((key) => {
    const assignment = effectiveAssignment(values, key);
    if (assignment === undefined || assignment.value.trim() === "") return [];
    const address = addressOf(values, key.toUpperCase(), assignment.value.trim());
    return address === undefined ? [] : [{ assignment, address }];
  });
}

type FoundAddress = DatabaseAddress & Pick<Database, "isPasswordElsewhere">;

function addressOf(
  values: EnvironmentValues,
  key: string,
  value: string,
): FoundAddress | undefined {
  if (URL_KEY.test(key)) return readDatabaseUrl(value);
  if (PATH_KEY.test(key)) return value.includes("://") ? readDatabaseUrl(value) : sqliteAt(value);
  const prefix = HOST_KEY.exec(key)?.[1];
  return prefix === undefined ? undefined : ofParts(values, prefix, value);
}

/** `DB_HOST`, `DB_USER`, `DB_PASSWORD`: the engine by the prefix or `DB_ENGINE`. */
function ofParts(values: EnvironmentValues, prefix: string, host: string): FoundAddress {
  const part = (...names: readonly string[]) =>
    names
      .flatMap((name) => [`${prefix}_${name}`, `${prefix}${name}`])
      .map((key) => effectiveAssignment(values, key)?.value)
      .find((value) => value !== undefined);
  const isMysql = /MYSQL|MARIA/i.test(`${prefix} ${part("ENGINE", "TYPE") ?? ""}`);
  const address = readDatabaseUrl(
    `${isMysql ? "mysql" : "postgresql"}://${host.startsWith("/") ? encodeURIComponent(host) : host}/${part("NAME", "DATABASE", "DB") ?? ""}`,
  );
  const user = part("USER", "USERNAME");
  const password = part("PASSWORD", "PASS");
  const isInFile = part("PASSWORD_FILE", "PASS_FILE", "PASSWORD__FILE") !== undefined;
  const isElsewhere = password === undefined && (user === undefined || isInFile);
  return {
    ...(address ?? sqliteAt("")),
    ...(isElsewhere ? { isPasswordElsewhere: true } : {}),
    user: user ?? "",
    password,
    tlsMode: part("SSLMODE", "SSL_MODE")?.toLowerCase(),
  };
}

async function databaseOf(
  context: CollectContext,
  values: EnvironmentValues,
  { key, file, line }: Assignment,
  { password: inUrl, path, ...address }: FoundAddress,
  around: Around,
): Promise<Database> {
  const password =
    inUrl ??
    (address.engine === "postgresql"
      ? effectiveAssignment(values, "PGPASSWORD")?.value
      : undefined);
  const options = measureOptions(values, context.fingerprintKey);
  const composed = knownValue(around.composeFiles)?.project.services ?? [];
  return {
    ...address,
    key,
    file,
    ...(line === undefined ? {} : { line }),
    ...(password === undefined ? {} : { password: measureSecret(password, options) }),
    isListedPair: password !== undefined && isListedPair(address.user, password),
    isComposeService: composed.some(({ name, containerName, hostname }) =>
      [name, containerName, hostname].includes(address.host),
    ),
    ...(path === undefined ? {} : { sqlite: await sqliteFile(context, path, around) }),
  };
}

async function sqliteFile(
  context: CollectContext,
  path: string,
  around: Around,
): Promise<SqliteFile> {
  const { directory } = context.target;
  const absolute = resolveFrom(directory, path);
  const files: { path: string; access: Reading<PathAccess> }[] = [];
  for (const end of SIDE_FILES) {
    const access = await accessOf(context, `${absolute}${end}`);
    if (access.state === "absent") continue;
    files.push({ path: shownPath(directory, `${absolute}${end}`), access });
  }
  return {
    path,
    isRelative: !path.startsWith("/"),
    absolute: shownPath(directory, absolute),
    isInTree: isWithin(directory, absolute),
    isInContainerLayer: isInContainerLayer(path, around),
    directory: await accessOf(context, directoryOf(absolute)),
    files,
  };
}

/** Outside the audited directory only this machine's own files may be asked for. */
function accessOf(context: CollectContext, path: string): Promise<Reading<PathAccess>> {
  const { directory, hostFacts } = context.target;
  if (hostFacts || isWithin(directory, path)) return pathAccess(context, path);
  return Promise.resolve(unknown("unsupported", `${path} is not among the facts of the machine`));
}

function isInContainerLayer(path: string, { composeFiles: compose, services: run }: Around) {
  const own = (knownValue(run)?.services ?? []).filter(({ isApplication }) => isApplication);
  if (own.length === 0 || !own.every(({ kind }) => kind === "compose")) return false;
  const names = new Set(own.map(({ name }) => name));
  const composed = (knownValue(compose)?.project.services ?? []).filter(({ name }) =>
    names.has(name),
  );
  return (
    path.startsWith("/") &&
    composed.length > 0 &&
    composed.every(({ volumes }) => volumes.every(({ target }) => !isWithin(target, path)))
  );
}
