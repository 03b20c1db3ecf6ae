import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import { appSettings } from "../../../facts/app-settings.fact.ts";
import { type DeploymentMode, deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { type WebhookDrivers, webhookDrivers } from "../../../facts/webhook-drivers.fact.ts";
import { judgeSharedSecret, type SecretFacts } from "../../agent-secret/shared-secret.ts";
import { type AuthFacts, apiKeyAuth } from "../../hub-auth/api-key-auth.ts";
import { thenRestart } from "../../judgement/remedy.ts";
import { SHARED_SECRET_FLOOR, strengthFaults } from "../../judgement/secret-strength.ts";
import { openDetail } from "../../role/role-gate.ts";
import { hubWebhookSignatures } from "./webhook-signatures.control.ts";

type Driver = WebhookDrivers["drivers"][number];

/** Generation 1 signs the body alone: nothing in it ages. */
const REPLAY_NOTE = "no timestamp is signed, so a captured message can be replayed";

/** Every enabled driver in source against its secret in the environment. */
export const hubWebhookSignaturesSource = defineCheck({
  control: hubWebhookSignatures,
  layer: "source",
  reads: "Webhook drivers and routes in source, and the effective WEBHOOK_SECRET_<DRIVER> of each.",
  needs: { mode: deploymentMode, environment },
  wants: { drivers: webhookDrivers, appSettings, services },

  evaluate({ mode, environment }, { drivers, appSettings, services }) {
    const outside = answerWithoutRoutes(mode, drivers);
    if (outside !== undefined) return outside;
    if (drivers.state === "unknown")
      return cannotTell(drivers.problem.code, drivers.problem.detail);
    const found = knownValue(drivers);
    const [hidden] = environment.unreadable;
    if (hidden !== undefined && found !== undefined && !found.isResolvable) {
      const { code, detail } = hidden.problem;
      const what = `Which webhook drivers are enabled may be set in ${hidden.file}`;
      return cannotTell(code, `${what}, which cannot be read: ${detail}`);
    }
    if (found === undefined || !found.isResolvable) {
      return cannotTell(
        "unsupported",
        "The list of webhook drivers cannot be made out from source",
      );
    }
    return judgeDrivers(found.drivers, { environment, appSettings, services });
  },
});

/** The answer on a node that is no hub and has no webhook routes. */
function answerWithoutRoutes(
  mode: DeploymentMode,
  drivers: Reading<WebhookDrivers>,
): Outcome | undefined {
  const hasRoutes = (knownValue(drivers)?.routes ?? []).length > 0;
  if (mode.roles.includes("hub") || hasRoutes || drivers.state === "unknown") return undefined;
  if (mode.isOpen) return cannotTell("denied", openDetail(mode));
  return notApplicable(`The node is no hub (${mode.label}), and source has no webhook routes`);
}

function judgeDrivers(drivers: readonly Driver[], facts: SecretFacts): Outcome {
  const enabled = drivers.filter(({ isEnabled }) => isEnabled);
  if (enabled.length === 0) {
    return drivers.length === 0
      ? cannotTell("unsupported", "No webhook driver was found in source")
      : pass("Every webhook driver is disabled", drivers.map(driverEvidence));
  }
  const { enabled: switched, enforced } = apiKeyAuth(facts);
  const isSwitchHidden = facts.environment.unreadable.length > 0 && switched.state === "unknown";
  // An env file that cannot be read may turn the keys on or off: then nothing is said of the drivers.
  if (isSwitchHidden && enforced.state === "on") {
    return cannotTell(switched.problem.code, switched.problem.detail);
  }
  if (isGuarded(facts)) {
    const summary = "API keys guard every route, the webhooks included";
    return pass(summary, enabled.map(driverEvidence));
  }
  const answers = enabled.map((driver) => [driver, judgeDriver(driver, facts)] as const);
  const findings = answers.flatMap(([, outcome]) =>
    "findings" in outcome ? outcome.findings : [],
  );
  const open = answers.map(([, outcome]) => outcome).find(({ status }) => status === "unknown");
  const names = enabled.map(({ name }) => name).join(", ");
  const evidence = answers.flatMap(([, outcome]) =>
    outcome.status === "pass" ? outcome.evidence : [],
  );
  const summary = `Every enabled driver verifies signatures (${names}); ${REPLAY_NOTE}`;
  return judge(findings, open ?? pass(summary, evidence));
}

/** Both halves of API-key authentication are proven: no request gets past it without a key. */
function isGuarded(facts: AuthFacts): boolean {
  const { enabled, enforced } = apiKeyAuth(facts);
  return enabled.state === "on" && enforced.state === "on";
}

function judgeDriver(driver: Driver, facts: SecretFacts): Outcome {
  const { name, signatureHeader } = driver;
  if (signatureHeader === undefined) return judge([unsigned(driver, facts)], pass(name));
  const outcome = judgeSharedSecret(facts, {
    key: `WEBHOOK_SECRET_${variablePart(name)}`,
    faultsOf: (measure) => strengthFaults(measure, SHARED_SECRET_FLOOR),
    consequence: `the driver ${name} accepts unsigned messages`,
    good: `${name} verifies ${signatureHeader}`,
    renew:
      'Run: python3 -c "import secrets; print(secrets.token_urlsafe(48))"; give the sender the same value',
  });
  return withDriver(outcome, driverEvidence(driver));
}

/** The outcome with the driver's place beside the secret's. */
function withDriver(outcome: Outcome, at: Evidence): Outcome {
  if (outcome.status === "pass") return { ...outcome, evidence: [at, ...outcome.evidence] };
  if (!("findings" in outcome)) return outcome;
  const [first, ...others] = outcome.findings;
  const placed = (finding: Finding): Finding => ({
    ...finding,
    subject: at.excerpt,
    evidence: [at, ...finding.evidence],
  });
  return { ...outcome, findings: [placed(first), ...others.map(placed)] };
}

function unsigned(driver: Driver, { services }: SecretFacts): Finding {
  const { name, file } = driver;
  return {
    rule: "no-signature-scheme",
    status: "warn",
    message: `The enabled driver ${name} has no known signature scheme`,
    fix: `Verify a signature in ${file}, or disable the driver ${name}${thenRestart(knownValue(services))}`,
    evidence: [driverEvidence(driver)],
  };
}

function driverEvidence({ name, file, line, signatureHeader }: Driver): Evidence {
  const scheme = signatureHeader === undefined ? "no signature header" : `reads ${signatureHeader}`;
  return { file, line, excerpt: `driver ${name}: ${scheme}` };
}

/** `alert-manager` is `ALERT_MANAGER` in a variable's name. */
function variablePart(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
}
