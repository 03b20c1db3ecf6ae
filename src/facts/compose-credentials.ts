import type { SecretMeasure } from "../core/secret.ts";
import type { ComposeService, ComposeVariable } from "../parsers/compose.ts";
import { databasePasswordName, isOpenDatabase } from "./deploy/database-variables.ts";
import { type MeasureOptions, measureSecret } from "./secret-measure.ts";

/** A password of a service, or the setting that does without one. No value in it. */
export interface ComposeCredential {
  readonly key: string;
  readonly file: string;
  readonly line: number;
  /**
   * `written`: in the compose file; `variable`: `.env` or a default of `${...}` gives it; `unset`: nobody
   * does; `none`: the variable lets anybody in (`POSTGRES_HOST_AUTH_METHOD=trust`).
   */
  readonly from: "written" | "variable" | "unset" | "none";
  /** It is one of the words everybody tries first: `postgres`, `admin`, `password`. */
  readonly isCommon: boolean;
  /** It is the name of the account, database, service or image it guards. */
  readonly isOwnName: boolean;
  readonly secret?: SecretMeasure;
}

/** Passwords of sample files and manuals, and those of the official images. */
const COMMON: ReadonlySet<string> = new Set(
  `postgres postgresql mysql mariadb mongo mongodb redis rabbitmq guest admin administrator root toor
  user username password passwd pass passw0rd p@ssw0rd p@ssword pass123 password1 password123 admin123
  root123 test test123 testing demo example secret secrets mysecretpassword changeme changethis change_me
  change-me changeit letmein qwerty 1234 12345 123456 12345678 123456789 1234567890 abc123 docker default
  database db app dbpass dbpassword dbuser db_password db_user my-secret-pw mypassword pgpass supersecret
  minioadmin minio123 elastic sa yourStrong(!)Password sample local dev development public temp
  somewordpress wordpress nextcloud exampleuser examplepass netbox paperless mealie taiga gitea keycloak
  ghost zabbix sonar airflow superset strapi directus n8n umami`.split(/\s+/),
);
const URL_PASSWORD = /^[a-z][a-z0-9+.-]{1,30}:\/\/([^/@\s:]*):([^/@\s]*)@/i;
/** Which database the program uses: with SQLite the password of a server is not read. */
const ENGINE = /(?:^|_)(?:ENGINE|TYPE|DRIVER|CONNECTION|DIALECT|ADAPTER|CLIENT)$/;
const NAMES = /(?:^|_)(?:USER|USERNAME|USR|DB|DATABASE|NAME)$/;

/** The passwords in the environment of one merged service. */
export function credentialsOf(
  service: ComposeService,
  options: MeasureOptions,
): readonly ComposeCredential[] {
  const own = new Set(
    [
      service.name,
      ...service.environment.flatMap(({ key, value }) => (NAMES.test(key) && value ? [value] : [])),
    ].map((name) => name.toLowerCase()),
  );
  const isSqlite = service.environment.some(
    ({ key, value }) => ENGINE.test(key) && /sqlite/i.test(value ?? ""),
  );
  return service.environment
    .filter(({ key }) => !isSqlite || !databasePasswordName(key))
    .flatMap((variable) => credentialOf(variable, own, options));
}

function credentialOf(
  { key, value, isInterpolated, file, line }: ComposeVariable,
  own: ReadonlySet<string>,
  options: MeasureOptions,
): readonly ComposeCredential[] {
  const place = { key, file, line };
  if (value !== undefined && isOpenDatabase(key, value))
    return [{ ...place, from: "none", isCommon: false, isOwnName: false }];
  const [, user = "", inUrl] = URL_PASSWORD.exec(value ?? "") ?? [];
  if (inUrl === undefined && !databasePasswordName(key)) return [];
  const password = inUrl ?? value ?? "";
  const text = password.toLowerCase();
  if (password === "") return [{ ...place, from: "unset", isCommon: false, isOwnName: false }];
  return [
    {
      ...place,
      from: isInterpolated ? "variable" : "written",
      isCommon: COMMON.has(text),
      isOwnName: own.has(text) || (user !== "" && user.toLowerCase() === text),
      secret: measureSecret(password, options),
    },
  ];
}
