import { defineSealedFact } from "../core/fact.ts";
import { known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { processes } from "./processes.fact.ts";
import type { ProxyReadings } from "./proxy-collect.ts";

/** Every proxy configuration, read once for all facts about proxies. Sealed: words of it may be secrets. */
export const proxyReadings = defineSealedFact({
  id: "proxy-readings",
  title: "Configurations of the reverse proxy as they are written",
  access: "read",
  timeoutMs: 8_000,
  wants: { processes, composeFiles, deploymentTree, environmentValues },
  async collect({ host, target }, _facts, readings): Promise<Reading<ProxyReadings>> {
    if (readings.deploymentTree.state === "unknown" && !target.hostFacts)
      return unknown(
        readings.deploymentTree.problem.code,
        `the tree: ${readings.deploymentTree.problem.detail}`,
      );
    // Loaded when it is collected: a scan of a server alone names this fact and never does.
    const { collectProxyReadings } = await import("./proxy-collect.ts");
    const value = await collectProxyReadings(host, target, {
      processes: knownValue(readings.processes),
      compose: knownValue(readings.composeFiles),
      tree: knownValue(readings.deploymentTree),
      environment: knownValue(readings.environmentValues),
    });
    return known(value);
  },
});
