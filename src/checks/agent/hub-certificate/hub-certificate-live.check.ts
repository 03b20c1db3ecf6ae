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
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { type HubCertificate, hubCertificate } from "../../../facts/hub-certificate.fact.ts";
import { type HubUrl, hubUrl } from "../../../facts/hub-url.fact.ts";
import { type WebhookDrivers, webhookDrivers } from "../../../facts/webhook-drivers.fact.ts";
import { answerOutsideRole } from "../../role/role-gate.ts";
import { showEndpoint } from "../../route/address.ts";
import { certificateFaults, isTransportError } from "./certificate-faults.ts";
import { agentHubCertificate } from "./hub-certificate.control.ts";

/** The certificate the hub shows, and whether the agent looks at it. */
export const agentHubCertificateLive = defineCheck({
  control: agentHubCertificate,
  layer: "live",
  reads:
    "One TLS handshake with SNI to the hub, and the agent's own calls that turn verification off.",
  needs: { mode: deploymentMode },
  wants: { hub: hubUrl, certificate: hubCertificate, drivers: webhookDrivers },

  evaluate({ mode }, { hub, certificate, drivers }) {
    const outside = answerOutsideRole(mode, "agent");
    if (outside !== undefined) return outside;
    if (hub.state === "unknown") return cannotTell(hub.problem.code, hub.problem.detail);
    if (hub.state === "absent") return notApplicable(hub.reason);
    if (hub.value.scheme !== "https" || !hub.value.isParsable) {
      return notApplicable("HUB_URL is not https, which agent.hub-https judges");
    }
    const found = [
      ...faultFindings(hub.value, certificate),
      ...unverifiedCalls(knownValue(drivers)),
    ];
    return judge(found, answerOf(hub.value, certificate));
  },
});

/** The answer where nothing speaks against the certificate. */
function answerOf({ host, port }: HubUrl, certificate: Reading<HubCertificate>): Outcome {
  switch (certificate.state) {
    case "absent":
      return cannotTell("not-recorded", `No handshake was tried: ${certificate.reason}`);
    case "unknown":
      return cannotTell(certificate.problem.code, certificate.problem.detail);
    case "known": {
      const { error, verified, daysLeft } = certificate.value;
      const where = showEndpoint(host, port);
      if (!verified && error !== undefined && isTransportError(error)) {
        return cannotTell("unreachable", `The handshake with ${where} was aborted: ${error}`);
      }
      if (daysLeft === undefined) {
        return cannotTell(
          "not-recorded",
          `How long the certificate of ${where} is valid is not known`,
        );
      }
      const summary = `The certificate of ${where} verifies and has ${daysLeft} days left`;
      return pass(summary, [seen(where, certificate.value)]);
    }
  }
}

function faultFindings(
  { host, port }: HubUrl,
  reading: Reading<HubCertificate>,
): readonly Finding[] {
  const certificate = knownValue(reading);
  if (certificate === undefined) return [];
  const { verified, error } = certificate;
  if (!verified && error !== undefined && isTransportError(error)) return [];
  const where = showEndpoint(host, port);
  return certificateFaults(certificate, host).map(({ rule, says }) => ({
    rule,
    status: "warn",
    message: `The hub's certificate ${says}`,
    fix: fixOf(rule, host, where, certificate.names),
    evidence: [seen(where, certificate)],
  }));
}

function fixOf(rule: string, host: string, where: string, names: readonly string[]): string {
  const look = `openssl s_client -connect ${where} -servername ${host} -verify_return_error </dev/null`;
  return `Run: ${look}; then ${mendingOf(rule, host, names)}`;
}

function mendingOf(rule: string, host: string, names: readonly string[]): string {
  switch (rule) {
    case "unknown-issuer":
    case "self-signed":
      return "install the hub's private CA in this machine's trust store (or set SSL_CERT_FILE to it)";
    case "name-mismatch": {
      const other = names.find((name) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name));
      const instead = other === undefined ? "" : `, or use ${other} in HUB_URL if that is the hub`;
      return `issue the hub a certificate that names ${host}${instead}`;
    }
    default:
      return `renew the hub's certificate for ${host}`;
  }
}

function unverifiedCalls(drivers: WebhookDrivers | undefined): readonly Finding[] {
  return (drivers?.unverifiedCalls ?? []).map(({ file, line, text }) => ({
    rule: "verification-off",
    status: "warn",
    message: `The agent's own code turns certificate verification off at ${file}:${line}`,
    fix: `In ${file} line ${line} remove the argument that turns verification off; for a private CA set SSL_CERT_FILE or REQUESTS_CA_BUNDLE to its file`,
    evidence: [{ file, line, excerpt: text }],
  }));
}

function seen(where: string, certificate: HubCertificate): Evidence {
  const { subject, issuer, names, notAfter, daysLeft, keyType, keyBits } = certificate;
  const key = keyBits === undefined ? keyType : `${keyType ?? "key"} ${keyBits}`;
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["subject", subject],
    ["names", names.join(" ") || undefined],
    ["issuer", issuer],
    ["not after", notAfter],
    ["days left", daysLeft === undefined ? undefined : String(daysLeft)],
    ["key", key],
    ["signature", certificate.signature],
    ["error", certificate.error],
  ];
  const told = parts.flatMap(([name, text]) => (text === undefined ? [] : [`${name} ${text}`]));
  return { excerpt: [where, ...told].join(", ") };
}
