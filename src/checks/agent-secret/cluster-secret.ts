import type { Outcome } from "../../core/check.ts";
import { SHARED_SECRET_FLOOR, strengthFaults } from "../judgement/secret-strength.ts";
import { judgeSharedSecret, type SecretFacts } from "./shared-secret.ts";

/** Generates 64 characters out of 48 random bytes, more than the 32 bytes RFC 2104 advises. */
const GENERATE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"';

/** Both ends of generation 1 hold the same secret; what its lack means differs. */
const TEXTS = {
  agent: {
    consequence: "pushes leave unsigned",
    good: "HMAC signing is configured for agent to hub",
    renew: `Run: ${GENERATE}; give the hub the same value`,
  },
  hub: {
    consequence: "the hub accepts unsigned pushes",
    good: "The hub can verify signatures",
    renew: `Run: ${GENERATE}; give every agent the same value`,
  },
} as const;

/** WEBHOOK_SECRET_CLUSTER at one end (catalog agent.cluster-secret, hub.cluster-secret). */
export function judgeClusterSecret(facts: SecretFacts, end: "agent" | "hub"): Outcome {
  return judgeSharedSecret(facts, {
    key: "WEBHOOK_SECRET_CLUSTER",
    faultsOf: (measure) => strengthFaults(measure, SHARED_SECRET_FLOOR),
    ...TEXTS[end],
  });
}
