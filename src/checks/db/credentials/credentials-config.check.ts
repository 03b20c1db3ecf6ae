import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { type Database, databases } from "../../../facts/databases.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import {
  databaseEvidence,
  databaseFix,
  withoutDatabase,
} from "../../database-settings/databases.ts";
import { dbCredentials } from "./credentials.control.ts";

/** Catalog db.credentials. */
const PASSWORD_LENGTH_MIN = 12;
/** Modes in which the client checks whom it speaks to (libpq, MySQL). */
const VERIFIED: ReadonlySet<string> = new Set([
  "verify-full",
  "verify-ca",
  "verify_ca",
  "verify_identity",
]);

export const dbCredentialsConfig = defineCheck({
  control: dbCredentials,
  layer: "config",
  reads:
    "DATABASE_URL and the DB_* parts of the effective environment: user, measures of the password, host and sslmode.",
  needs: { environment, databases },
  wants: { services },

  evaluate({ environment: env, databases: found }, readings) {
    const servers = found.filter(({ engine }) => engine !== "sqlite");
    if (servers.length === 0) return withoutDatabase(env, "database server");
    const findings = servers.flatMap((database) =>
      [passwordFault(database), transportFault(database)].flatMap((fault): readonly Finding[] => {
        if (fault === undefined) return [];
        const { key, shown } = database;
        const what = fault.isTransport
          ? `${shown.replace(/^(\w+:\/\/)/, "$1USER:PASSWORD@")}?sslmode=verify-full`
          : "a URL with a generated password (openssl rand -base64 24), after changing it in the database";
        const fix = databaseFix(key, what, env, readings.services);
        const { rule, status, message } = fault;
        return [
          { rule, status, message, subject: key, fix, evidence: [databaseEvidence(database)] },
        ];
      }),
    );
    const hidden = servers.find(
      ({ password, isPasswordElsewhere }) => password === undefined && isPasswordElsewhere === true,
    );
    if (hidden !== undefined) {
      const detail = `What ${hidden.key} is opened with is not in the environment: it may be in a file or a secret`;
      return judge(findings, cannotTell("not-recorded", detail));
    }
    const names = servers.map(({ key, shown }) => `${key} ${shown}`).join(", ");
    return judge(findings, pass(`Credentials are sound: ${names}`, servers.map(databaseEvidence)));
  },
});

interface Fault extends Pick<Finding, "rule" | "status" | "message"> {
  readonly isTransport?: boolean;
}

function passwordFault(database: Database): Fault | undefined {
  const { key, password, isListedPair, isSocket, isPasswordElsewhere } = database;
  if (password === undefined || password.length === 0) {
    if (isSocket || isPasswordElsewhere) return undefined;
    const message = `${key} gives no password`;
    return { rule: "database-password-empty", status: "fail", message };
  }
  if (isListedPair) {
    const message = `${key} holds a well-known pair of user and password`;
    return { rule: "database-password-default", status: "fail", message };
  }
  if (password.isPlaceholder || password.isUnexpanded) {
    const message = `${key} holds a placeholder for the password`;
    return { rule: "database-password-placeholder", status: "fail", message };
  }
  if (password.length >= PASSWORD_LENGTH_MIN) return undefined;
  const message = `The password of ${key} has ${password.length} characters, fewer than ${PASSWORD_LENGTH_MIN}`;
  return { rule: "database-password-short", status: "warn", message };
}

function transportFault(database: Database): Fault | undefined {
  const { key, host, isLocal, isComposeService, tlsMode } = database;
  if (isLocal || isComposeService || (tlsMode !== undefined && VERIFIED.has(tlsMode)))
    return undefined;
  const mode = tlsMode === undefined ? "no sslmode" : `sslmode=${tlsMode}`;
  const message = `${key} goes to ${host} with ${mode}: whom it speaks to is not verified`;
  return { rule: "database-tls-unverified", status: "warn", message, isTransport: true };
}
