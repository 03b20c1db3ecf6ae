import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import type { SecretMeasure } from "../../../core/secret.ts";
import { type Environment, environment } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { firstVariable } from "../../judgement/effective-value.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import {
  describeStrength,
  looksTyped,
  type StrengthFloor,
  strengthFaults,
} from "../../judgement/secret-strength.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { sessionSecretStrengthControl } from "./secret-strength.control.ts";

/** Below it a key fails. */
const SESSION_KEY_FLOOR: StrengthFloor = { lengthMin: 32, bitsMin: 128, distinctMin: 5 };
/** Characters of `secrets.token_urlsafe(32)`: 256 bits in base64. */
const GOOD_LENGTH_MIN = 43;
const GENERATE = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"';

export const sessionSecretStrengthSource = defineCheck({
  control: sessionSecretStrengthControl,
  layer: "source",
  reads:
    "The key handed to SessionMiddleware, express-session or Flask under the effective environment; only its measures.",
  needs: { source: sourceSettings },
  wants: { environment, services },

  evaluate({ source }, readings) {
    const rows = settingsOf(source, "session.secret");
    const [first] = rows;
    if (first === undefined)
      return nothingFound(source, "Source sets up no session that a key signs");
    const env = knownValue(readings.environment);
    const restart = thenRestart(knownValue(readings.services));
    const findings = rows.flatMap((row) => findingsOf(row, env, restart));
    const open = rows.find(({ resolved }) => resolved.state === "unknown");
    if (open?.resolved.state === "unknown")
      return judge(
        findings,
        cannotTell(
          "unsupported",
          `The key at ${sourcePlace(open)} is only known at run time: ${open.resolved.reason}`,
        ),
      );
    return judge(
      findings,
      pass(`The session key is strong (${measures(rows)})`, rows.map(sourceEvidence)),
    );
  },
});

function measures(rows: readonly SourceSetting[]): string {
  return rows
    .flatMap(({ resolved }) =>
      resolved.state === "known" && resolved.secret !== undefined
        ? [describeStrength(resolved.secret)]
        : [],
    )
    .join("; ");
}

function findingsOf(
  row: SourceSetting,
  env: Environment | undefined,
  restart: string,
): readonly Finding[] {
  const { resolved, variables } = row;
  const [name] = variables;
  const variable = env === undefined || name === undefined ? undefined : firstVariable(env, [name]);
  const target = name ?? "SESSION_SECRET_KEY";
  const told = {
    subject: row.subject ?? row.slug,
    fix: `Set ${target} ${whereToSet(variable, env)} to the output of: ${GENERATE}${restart}`,
    evidence: [sourceEvidence(row)],
  } as const;
  const of = (rule: string, status: "warn" | "fail", says: string): readonly Finding[] => [
    { ...told, rule, status, message: `The session key ${says} (${sourcePlace(row)})` },
  ];
  if (resolved.state === "unknown") return [];
  if (resolved.state === "raises") return of("missing", "fail", `is missing: ${resolved.reason}`);
  if (resolved.secret === undefined) return of("missing", "fail", "is missing");
  const { secret } = resolved;
  const faults = strengthFaults(secret, SESSION_KEY_FLOOR);
  const [worst] = faults;
  if (worst !== undefined) return of(worst.rule, "fail", faults.map(({ says }) => says).join(", "));
  const twin = env === undefined ? undefined : sameElsewhere(secret, variables, env);
  if (twin !== undefined) return of("reused", "fail", `is the value of ${twin} as well`);
  if (secret.length < GOOD_LENGTH_MIN)
    return of("short", "warn", `has ${secret.length} characters, fewer than ${GOOD_LENGTH_MIN}`);
  return looksTyped(secret) ? of("looks-typed", "warn", "looks typed") : [];
}

/** Another secret variable in force with the same value. */
function sameElsewhere(
  { fingerprint }: SecretMeasure,
  own: readonly string[],
  { variables }: Environment,
): string | undefined {
  return Object.entries(variables).find(
    ([key, [effective]]) =>
      !own.includes(key) && effective.secret !== undefined && effective.fingerprint === fingerprint,
  )?.[0];
}
