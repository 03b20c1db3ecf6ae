/** Fact values for the tests of the database's controls; nothing here runs in an audit. */
import { known } from "../../core/reading.ts";
import type { Database, SqliteFile } from "../../facts/databases.fact.ts";
import { pathAccessOf, STRONG } from "../judgement/example-facts.ts";

/** A server on this machine with a strong password. */
export function serverOf(rest: Partial<Database> = {}): Database {
  return {
    engine: "postgresql",
    key: "DATABASE_URL",
    file: ".env",
    line: 7,
    shown: "postgresql://localhost/app",
    host: "localhost",
    port: "",
    isLocal: true,
    isSocket: false,
    user: "app",
    tlsMode: undefined,
    password: STRONG,
    isListedPair: false,
    isComposeService: false,
    ...rest,
  };
}

/** `/var/lib/app/db.sqlite` in a directory 0700, mode 0600, of the service. */
export function sqliteOf(rest: Partial<SqliteFile> = {}): Database {
  const sqlite: SqliteFile = {
    path: "/var/lib/app/db.sqlite",
    isRelative: false,
    absolute: "/var/lib/app/db.sqlite",
    isInTree: false,
    isInContainerLayer: false,
    directory: known(pathAccessOf({ mode: 0o700 })),
    files: [{ path: "/var/lib/app/db.sqlite", access: known(pathAccessOf({})) }],
    ...rest,
  };
  const { password: _, ...server } = serverOf({ engine: "sqlite", key: "AGENTOS_DB_PATH" });
  return { ...server, host: "", user: "", isSocket: true, shown: sqlite.path, sqlite };
}
