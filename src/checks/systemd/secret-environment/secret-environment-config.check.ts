import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { describeSecret } from "../../../core/secret.ts";
import { type UnitRights, unitRights } from "../../../facts/unit-rights.fact.ts";
import { systemdSecretEnvironment } from "./secret-environment.control.ts";

export const systemdSecretEnvironmentConfig = defineCheck({
  control: systemdSecretEnvironment,
  layer: "config",
  reads: "Environment= of units that run the application, drop-ins merged.",
  needs: { units: unitRights },

  evaluate({ units }) {
    if (units.length === 0) return notApplicable("No unit runs the application");
    const findings = units.flatMap((unit) => unit.secrets.map((one) => findingOf(unit, one)));
    const hidden = units.find(({ problem }) => problem !== undefined)?.problem;
    if (findings.length === 0 && hidden !== undefined)
      return cannotTell(hidden.problem.code, hidden.problem.detail);
    const evidence = units.map(({ file, name }) => ({ file, excerpt: name }));
    return judge(findings, pass("No unit holds a secret in Environment=", evidence));
  },
});

function findingOf(unit: UnitRights, found: UnitRights["secrets"][number]): Finding {
  const { key, file, line, secret } = found;
  const isSample = !unit.isInstalled && secret.isPlaceholder;
  return {
    rule: isSample ? "placeholder" : "secret",
    status: isSample ? "warn" : "fail",
    subject: `${unit.name} ${key}`,
    message: `${unit.name} has ${key} in Environment= (${describeSecret(secret)}), which every account can read`,
    fix: `Move ${key} from ${file}:${line} into /etc/${unit.name.replace(/\.service$/, "")}.env (root, mode 0600) and write EnvironmentFile= with that path; then give it a new value`,
    evidence: [{ file, line, excerpt: `Environment=${key} (${describeSecret(secret)})` }],
  };
}
