import { isSecretName } from "../core/secret.ts";
import type { Assignment, EnvironmentValues } from "./environment-values.fact.ts";
import { publisherOf } from "./published-defaults.ts";
import type { PublishedSecret } from "./secret-literals.fact.ts";
import { type MeasureOptions, measureSecret } from "./secret-measure.ts";

/** Which secrets of the effective environment others know, because they are published or equal a name. */
export function publishedSecrets(
  environment: EnvironmentValues,
  measure: MeasureOptions,
): readonly PublishedSecret[] {
  const effective = new Map<string, Assignment>();
  for (const assignment of environment.assignments) {
    if (!effective.has(assignment.key)) effective.set(assignment.key, assignment);
  }
  const samples = new Set(environment.published);
  return [...effective.values()]
    .filter(({ key, value }) => isSecretName(key) && value.trim() !== "")
    .flatMap((assignment) => {
      const found = originOf(assignment, effective, samples);
      if (found === undefined) return [];
      const { key, file, line, value } = assignment;
      const { fingerprint } = measureSecret(value, measure);
      return [{ key, file, ...(line === undefined ? {} : { line }), fingerprint, ...found }];
    });
}

type Origin = Pick<PublishedSecret, "how" | "of">;

function originOf(
  { key, value }: Assignment,
  effective: ReadonlyMap<string, Assignment>,
  samples: ReadonlySet<string>,
): Origin | undefined {
  const { secret, user } = partsOf(value);
  if (secret === undefined) return undefined;
  const of = publisherOf(secret);
  if (of !== undefined) return { how: "published", of };
  if (samples.has(value) && !isPlain(value))
    return { how: "sample", of: "a sample or the README of this deployment" };
  if (user !== undefined && user === secret) return { how: "name", of: "the user's name" };
  const twin = [...effective.values()].find(
    (other) =>
      /(?:^|_)(?:USER|USERNAME)$/.test(other.key) &&
      other.value === secret &&
      related(key, other.key),
  );
  return twin === undefined ? undefined : { how: "name", of: twin.key };
}

/** `DB_PASSWORD` and `DB_USER`: the names have their first word in common. */
function related(key: string, other: string): boolean {
  return key.split("_")[0] === other.split("_")[0];
}

/** An address without credentials, a switch, a number: a sample shows what is to be used as it is. */
function isPlain(value: string): boolean {
  return /^[\w+.-]+:\/\/[^@]*$|^(?:true|false|on|off|yes|no|\d+)$|^[./~]/i.test(value);
}

/** The secret in the value: of a URL its password (RFC 3986 section 3.2.1), and who has it. */
function partsOf(value: string): { readonly secret?: string; readonly user?: string } {
  const url = /^[A-Za-z][\w+.-]*:\/\/([^\s:@/]{0,200}):([^\s@/]{1,200})@/.exec(value);
  if (url !== null) return { secret: url[2] ?? "", user: url[1] ?? "" };
  return /^[A-Za-z][\w+.-]*:\/\//.test(value) ? {} : { secret: value };
}
