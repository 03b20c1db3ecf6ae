const ENGINE =
  "POSTGRES(?:QL)?|PG|MYSQL|MARIADB|MONGO(?:DB)?|MSSQL|SA|REDIS|VALKEY|KEYDB|RABBITMQ|COUCHDB|CLICKHOUSE|INFLUXDB|ELASTIC|MINIO|DB|DATABASE";
const PASSWORD = new RegExp(
  `(?:^|_)(?:${ENGINE})(?:_[A-Z0-9]+)*_?(?:PASS|PASSWORD|PASSWD|PWD)$|^PGPASSWORD$`,
);

/** Whether a variable's name says that its value is the password of a database, cache or queue. */
export function databasePasswordName(key: string): boolean {
  return PASSWORD.test(key.toUpperCase());
}

/** Variables of official images that let anybody in who reaches the port. */
export function isOpenDatabase(key: string, value: string): boolean {
  const text = value.trim().toLowerCase();
  if (key === "POSTGRES_HOST_AUTH_METHOD") return text === "trust";
  const isEmptyAllowed =
    /^(?:MYSQL_ALLOW_EMPTY_PASSWORD|MARIADB_ALLOW_EMPTY_ROOT_PASSWORD|ALLOW_EMPTY_PASSWORD|ALLOW_ANONYMOUS_LOGIN)$/;
  // The images take every text that is not empty as yes; a written no is somebody's intention.
  return isEmptyAllowed.test(key) && !/^(?:|0|no|false|off)$/.test(text);
}
