import {
  type Check,
  type Control,
  cannotTell,
  defineCheck,
  type Evidence,
  judge,
  notApplicable,
  pass,
} from "../../core/check.ts";
import { type AlertRule, alertRules } from "../../facts/alert-rules.fact.ts";

export interface AlertRuleDefinition {
  readonly control: Control;
  /** What a rule watches that counts, in words: `failed logins`. */
  readonly watches: string;
  /** Its name and expression together. */
  readonly matches: RegExp;
  /** A rule to paste. */
  readonly sample: string;
}

const SHOWN_MAX = 5;
const NEEDS = { alerts: alertRules };

/**
 * Whether a rule of Prometheus or fail2ban watches something. Where the deployment holds rules and none does, that
 * is told; where it holds none they may be kept elsewhere, which an attestation answers.
 */
export function alertRuleCheck({
  control,
  watches,
  matches,
  sample,
}: AlertRuleDefinition): Check<typeof NEEDS, Record<never, never>> {
  return defineCheck({
    control,
    layer: "config",
    reads: `Alerts of Prometheus and jails of fail2ban in the deployment and on its machine, for one on ${watches}.`,
    needs: NEEDS,
    evaluate({ alerts: { rules, unread } }) {
      const found = rules.filter(({ name, text }) => matches.test(`${name} ${text}`));
      const [first] = found;
      if (first !== undefined) {
        const names = found.slice(0, SHOWN_MAX).map(({ name }) => name);
        return pass(`${names.join(", ")}: ${watches}`, found.slice(0, SHOWN_MAX).map(evidenceOf));
      }
      const [hidden] = unread;
      if (hidden !== undefined)
        return cannotTell(hidden.problem.code, `${hidden.file}: ${hidden.problem.detail}`);
      const [any, ...others] = rules.slice(0, SHOWN_MAX).map(evidenceOf);
      if (any === undefined) return notApplicable("No alert rule is kept with the deployment");
      const message = `None of the ${rules.length} alert rules is on ${watches}`;
      const fix = `Add to the rules: ${sample}`;
      return judge(
        [
          {
            ...{ rule: "no-rule", status: "warn", message, fix, isAbsence: true },
            evidence: [any, ...others],
          },
        ],
        pass(""),
      );
    },
  });
}

function evidenceOf({ name, text, file, line }: AlertRule): Evidence {
  return { file, line, excerpt: `${name}: ${text}` };
}
