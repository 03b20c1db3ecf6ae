import { cannotTell, defineCheck, type Evidence, judge, pass } from "../../../core/check.ts";
import type { TlsScan } from "../../../core/tls-scan.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { tlsScan } from "../../../facts/tls-scan.fact.ts";
import { answerOutsideRole } from "../../role/role-gate.ts";
import { hubHttpsTermination } from "./https-termination.control.ts";

/** A handshake on the public name: whether TLS ends there, whatever the files say. */
export const hubHttpsTerminationLive = defineCheck({
  control: hubHttpsTermination,
  layer: "live",
  reads: "A TLS handshake with every address behind the https URLs given by --url.",
  needs: { mode: deploymentMode, scans: tlsScan },

  evaluate({ mode, scans }) {
    const outside = answerOutsideRole(mode, "hub");
    if (outside !== undefined) return outside;
    const plain = scans.filter(({ state }) => state === "not-tls");
    const findings = plain.map((scan) => ({
      rule: "live-not-tls",
      status: "warn" as const,
      subject: `${scan.host}:${scan.port}`,
      message: `${scan.host}:${scan.port} does not speak TLS: ${scan.why ?? "not TLS"}`,
      fix: `Give the server block of ${scan.host} a TLS listener: certbot --nginx -d ${scan.host}`,
      evidence: [seen(scan)] as const,
    }));
    const open = scans.find(({ state }) => state === "unreachable" || state === "unknown");
    if (findings.length === 0 && open !== undefined) {
      return cannotTell("unreachable", `${open.host}:${open.port}: ${open.why ?? "no answer"}`);
    }
    return judge(findings, pass("TLS ends at the audited address", scans.map(seen)));
  },
});

function seen({ host, port, address, protocols, state }: TlsScan): Evidence {
  return {
    url: `https://${host.includes(":") ? `[${host}]` : host}:${port}/`,
    excerpt: `${address}: ${state === "tls" ? (protocols ?? []).join(", ") : state}`,
  };
}
