import { defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { type Database, databases, type SqliteFile } from "../../../facts/databases.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import {
  databaseEvidence,
  databaseFix,
  withoutDatabase,
} from "../../database-settings/databases.ts";
import { dbLocation } from "./location.control.ts";

const WEB_ROOT =
  /(?:^|\/)(?:static|staticfiles|assets|public|public_html|htdocs|wwwroot|webroot|media|uploads)\/|^\/var\/www\/html\/|^\/usr\/share\/nginx\/html\//;
const TEMPORARY = /^\/(?:tmp|var\/tmp|dev\/shm|run|var\/run)\//;

export const dbLocationConfig = defineCheck({
  control: dbLocation,
  layer: "config",
  reads:
    "DATABASE_URL, AGENTOS_DB_PATH and the like of the effective environment, and the volumes of compose.",
  needs: { environment, databases },
  wants: { services },

  evaluate({ environment: env, databases: found }, readings) {
    const [first] = found;
    if (first === undefined) return withoutDatabase(env, "database");
    const findings = found.flatMap((database): readonly Finding[] => {
      const fault = faultOf(database);
      if (fault === undefined) return [];
      const path = "/var/lib/app/production.sqlite";
      const isUrl = database.sqlite !== undefined && /_(?:UR[LI]|DSN)$/i.test(database.key);
      const value = isUrl ? `sqlite:///${path}` : path;
      const fix = databaseFix(database.key, value, env, readings.services);
      const evidence = [databaseEvidence(database)] as const;
      return [{ ...fault, subject: database.key, fix, evidence }];
    });
    const shown = found.map(({ key, shown: place }) => `${key} ${place}`).join(", ");
    return judge(findings, pass(`The database is at ${shown}`, found.map(databaseEvidence)));
  },
});

type Fault = Pick<Finding, "rule" | "status" | "message">;

function faultOf({ key, engine, sqlite }: Database): Fault | undefined {
  if (engine !== "sqlite") return undefined;
  if (sqlite === undefined) {
    const message = `${key} keeps the database in memory: it ends with the process`;
    return { rule: "database-in-memory", status: "warn", message };
  }
  return fileFault(key, sqlite);
}

function fileFault(key: string, sqlite: SqliteFile): Fault | undefined {
  const { path, isRelative, isInTree, isInContainerLayer } = sqlite;
  const warn = (rule: string, says: string): Fault => ({
    rule,
    status: "warn",
    message: `${key}=${path} ${says}`,
  });
  if (WEB_ROOT.test(path)) {
    const message = `${key}=${path} lies under a directory that is served`;
    return { rule: "database-in-web-root", status: "fail", message };
  }
  if (isRelative) return warn("database-relative", "is relative: it lies where the service starts");
  if (TEMPORARY.test(path)) return warn("database-temporary", "lies where files are cleared away");
  if (isInTree) return warn("database-in-tree", "lies in the deployment itself");
  if (isInContainerLayer)
    return warn("database-in-container", "lies in the container's own layer, on no volume");
  return undefined;
}
