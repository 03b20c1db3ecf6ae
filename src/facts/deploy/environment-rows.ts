import { isSecretName } from "../../core/secret.ts";
import { isPublicKey, publicText } from "../environment-public.ts";
import type { DeployRow } from "./deploy-row.ts";

/** A variable that a deployment file sets, its value as written. */
export interface SetVariable {
  readonly file: string;
  readonly line: number;
  readonly key: string;
  readonly value: string;
  readonly kind: DeployRow["kind"];
  readonly variables: readonly string[];
}

const STAGES =
  /^(?:dev|development|develop|local|prod|production|live|staging|stage|test|testing|ci|qa|uat)$/i;
const STAGE_KEY = /(?:^|_)(?:ENV|ENVIRONMENT|STAGE|APP_MODE|MODE|CONFIG)$/;
const BIND_KEY =
  /(?:^|_)(?:HOST|BIND|BIND_HOST|BIND_ADDRESS|LISTEN|LISTEN_ADDRESS|ADDRESS|BIND_IP)$/;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?::1?\]?|localhost)(?::\d{1,5})?$/;
/** Addresses of what the application connects to. */
const REMOTE =
  /(?:DB|DATABASE|POSTGRES|PG|MYSQL|MONGO|REDIS|VALKEY|SMTP|E?MAIL|CACHE|BROKER|RABBITMQ|ELASTIC|ES|LDAP|PROXY|REMOTE|KAFKA|MEMCACHED|S3|MINIO)/;

/** The switch of a limiter. */
const RATE_LIMIT = /(?:^|_)RATE_?LIMIT(?:ER|ING|S)?(?:_ENABLED?)?$|(?:^|_)ENABLE_RATE_?LIMIT/;

/** The slugs of what a variable says by its name alone. */
export function environmentRows(variable: SetVariable): readonly DeployRow[] {
  const { key, value, file, line, kind, variables } = variable;
  if (isSecretName(key)) return [];
  const row = (slug: string, shown = shownValue(key, value)): DeployRow => ({
    slug,
    file,
    line,
    kind,
    value: shown,
    subject: key,
    variables,
  });
  if (key === "DJANGO_SETTINGS_MODULE") return [row("django.settings_module")];
  if (key === "NODE_ENV" || (STAGE_KEY.test(key) && STAGES.test(value)))
    return [row("env.mode", STAGES.test(value) ? value : shownValue(key, value))];
  if (BIND_KEY.test(key) && !REMOTE.test(key) && ADDRESS.test(value))
    return [row("bind.address", value)];
  if (RATE_LIMIT.test(key)) return [row("ratelimit.app")];
  if (key === "FORWARDED_ALLOW_IPS") return [row("proxy.trusted")];
  return [];
}

/** The value where it may be shown. */
export function shownValue(key: string, value: string): string {
  const text = isPublicKey(key) ? publicText(key, value) : undefined;
  return text ?? `set, ${[...value].length} characters`;
}
