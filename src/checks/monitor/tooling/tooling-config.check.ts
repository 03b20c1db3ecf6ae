import {
  cannotTell,
  defineCheck,
  type Evidence,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { environment, stageOf } from "../../../facts/environment.fact.ts";
import { type MonitoringTool, monitoringTools } from "../../../facts/monitoring-tools.fact.ts";
import { monitorTooling } from "./tooling.control.ts";

export const monitorToolingConfig = defineCheck({
  control: monitorTooling,
  layer: "config",
  reads:
    "Variables that name an error tracker or a collector of metrics, traces or logs, images of such tools in compose files, and their processes.",
  needs: { tools: monitoringTools },
  wants: { environment },

  evaluate({ tools }, { environment: reading }) {
    const env = knownValue(reading);
    const stage = env === undefined ? undefined : stageOf(env);
    if (stage?.isDev === true) return notApplicable(`The stage is ${stage.name}`);
    const trackers = tools.filter(({ collects }) => collects === "errors");
    const measures = tools.filter(({ collects }) => collects === "measures");
    const [first, ...others] = tools.map(evidenceOf);
    if (first === undefined)
      return notApplicable("No tool that watches is kept with the deployment");
    const lacking =
      trackers.length === 0
        ? "no error tracker"
        : measures.length === 0
          ? "nothing that collects metrics or logs"
          : undefined;
    const names = [...new Set(tools.map(({ name }) => name))].join(", ");
    if (lacking === undefined) return pass(`Watched by ${names}`, [first, ...others]);
    return cannotTell(
      "not-recorded",
      `Watched by ${names}: ${lacking} was found with the deployment, where there need be none`,
    );
  },
});

function evidenceOf({ name, sign, file, line }: MonitoringTool): Evidence {
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    excerpt: `${name}: ${sign}`,
  };
}
