import { cannotTell, defineCheck, judge, notApplicable, pass } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { type Database, databases } from "../../../facts/databases.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { type SourceSetting, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { databaseEvidence, withoutDatabase } from "../../database-settings/databases.ts";
import { rowsOf, sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { dbPooling } from "./pooling.control.ts";

/** Where pgbouncer listens unless it is told otherwise (pgbouncer.ini, `listen_port`). */
const PGBOUNCER_PORT = "6432";

export const dbPoolingSource = defineCheck({
  control: dbPooling,
  layer: "source",
  reads:
    "CONN_MAX_AGE, OPTIONS, create_engine and pools in Python source; pgbouncer in the database's address.",
  needs: { environment, databases },
  wants: { source: sourceSettings },

  evaluate({ environment: env, databases: found }, { source }) {
    const servers = found.filter(({ engine }) => engine === "postgresql");
    const [server] = servers;
    if (server === undefined) return withoutDatabase(env, "PostgreSQL");
    const bouncer = servers.find(isBouncer);
    if (bouncer !== undefined)
      return pass("pgbouncer stands between application and server", [databaseEvidence(bouncer)]);
    const rows = rowsOf(source, "db.pooling");
    const sized = rows.find(isPooling);
    if (sized !== undefined)
      return pass(`Connections are pooled: ${sized.subject} (${sourcePlace(sized)})`, [
        sourceEvidence(sized),
      ]);
    if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
    if (source.state === "absent") return notApplicable(source.reason);
    const read = knownValue(source)?.read ?? [];
    if (read.length === 0 && rows.length === 0)
      return cannotTell(
        "unsupported",
        "no source of an application that pools connections is here",
      );
    if (read.length > 0 && read.every((one) => one === "express"))
      return cannotTell("unsupported", "pools of Node's drivers are not read");
    const open = rows.find(({ resolved }) => resolved.state === "unknown");
    if (open !== undefined) return cannotTell("unsupported", `${open.chain}: ${open.value}`);
    const evidence = [databaseEvidence(server), ...rows.map(sourceEvidence)] as const;
    const message = "No pool of connections is configured for PostgreSQL";
    const fix = `Size the pool where the engine is made, for ${server.key}: create_engine(url, pool_size=10, max_overflow=5), or "CONN_MAX_AGE": 60 in Django's DATABASES`;
    return judge([{ rule: "no-pooling", status: "warn", message, fix, evidence }], pass(""));
  },
});

function isBouncer({ host, port }: Database): boolean {
  return port === PGBOUNCER_PORT || /pg-?bouncer|pgpool/i.test(host);
}

/** `None` of CONN_MAX_AGE keeps connections for ever; 0 closes each after its request. */
function isPooling({ subject, resolved }: SourceSetting): boolean {
  if (resolved.state !== "known") return false;
  const { value } = resolved;
  if (/conn_max_age/i.test(subject ?? "")) return value === null || Number(value) > 0;
  return value !== null && value !== false && value !== undefined;
}
