import { defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { effectiveAssignment, environmentValues } from "./environment-values.fact.ts";
import { processes } from "./processes.fact.ts";
import { imageName, imageRole } from "./service-images.ts";
import { baseName } from "./target-path.ts";

/** A tool that collects errors, or metrics, traces and logs; and what shows that it is there. */
export interface MonitoringTool {
  readonly collects: "errors" | "measures";
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  /** A variable that is set, an image or a process; no value of a variable. */
  readonly sign: string;
}

/** Variables by which applications are told their tracker or collector. */
const VARIABLES: readonly (readonly [RegExp, string, readonly MonitoringTool["collects"][]])[] = [
  [/^(?:\w+_)?SENTRY_DSN$/, "Sentry", ["errors"]],
  [/^BUGSNAG_API_KEY$/, "Bugsnag", ["errors"]],
  [/^ROLLBAR_(?:ACCESS_TOKEN|TOKEN)$/, "Rollbar", ["errors"]],
  [/^HONEYBADGER_API_KEY$/, "Honeybadger", ["errors"]],
  [/^APPSIGNAL_PUSH_API_KEY$/, "AppSignal", ["errors", "measures"]],
  [/^(?:DD|DATADOG)_API_KEY$/, "Datadog", ["errors", "measures"]],
  [/^NEW_RELIC_LICENSE_KEY$/, "New Relic", ["errors", "measures"]],
  [/^ELASTIC_APM_SERVER_URL$/, "Elastic APM", ["errors", "measures"]],
  [/^OTEL_EXPORTER_OTLP(?:_\w+)?_ENDPOINT$/, "OpenTelemetry", ["measures"]],
  [/^PROMETHEUS_MULTIPROC_DIR$/i, "Prometheus", ["measures"]],
  [/^(?:\w+_)?LOKI_(?:URL|ENDPOINT)$/, "Loki", ["measures"]],
  [
    /^(?:STATSD_HOST|GRAYLOG_(?:HOST|URL)|LOGTAIL_SOURCE_TOKEN|PAPERTRAIL_HOST)$/,
    "log or metrics collector",
    ["measures"],
  ],
];
/** Programs and images that receive errors. */
const TRACKERS = /^(?:glitchtip|sentry|self-hosted-sentry|bugsink|errbit)(?:-|$)/;
const COLLECTORS =
  /^(?:prometheus|node_exporter|node-exporter|netdata|telegraf|promtail|grafana-agent|alloy|vector|fluentd|fluent-bit|filebeat|metricbeat|otelcol\w*|collectd|datadog-agent|zabbix_agentd|zabbix_agent2|munin-node)$/;

/** Empty where nothing was found; tools may be kept elsewhere all the same. */
export const monitoringTools = defineFact({
  id: "monitoring-tools",
  title: "Tools that watch the deployment",
  access: "read",
  timeoutMs: 2_000,
  wants: { environmentValues, composeFiles, processes },
  async collect(_context, _facts, readings): Promise<Reading<readonly MonitoringTool[]>> {
    const values = knownValue(readings.environmentValues);
    const keys = [...new Set(values?.assignments.map(({ key }) => key) ?? [])];
    const set = keys.flatMap((key): readonly MonitoringTool[] => {
      const assignment = values === undefined ? undefined : effectiveAssignment(values, key);
      const known_ = VARIABLES.find(([pattern]) => pattern.test(key));
      if (known_ === undefined || assignment === undefined || assignment.value.trim() === "")
        return [];
      const [, name, collects] = known_;
      const { file, line } = assignment;
      const place = { file, ...(line === undefined ? {} : { line }) };
      return collects.map((each) => ({ collects: each, name, sign: `${key} is set`, ...place }));
    });
    const images = (knownValue(readings.composeFiles)?.project.services ?? []).flatMap(
      ({ image, file, line }) => toolOfImage(image ?? "", file, line),
    );
    const running = (knownValue(readings.processes) ?? []).flatMap(({ name, command }) =>
      toolOfProgram(name, baseName(command.split(/\s/, 1)[0] ?? "")),
    );
    return known([...set, ...images, ...running]);
  },
});

function toolOfImage(image: string, file: string, line: number): readonly MonitoringTool[] {
  if (image === "") return [];
  const name = imageName(image);
  const sign = `image ${image.replace(/@.*$/, "").slice(0, 100)}`;
  if (TRACKERS.test(name)) return [{ collects: "errors", name, sign, file, line }];
  return imageRole(image) === "monitoring"
    ? [{ collects: "measures", name, sign, file, line }]
    : [];
}

function toolOfProgram(...names: readonly string[]): readonly MonitoringTool[] {
  const name = names.find((each) => COLLECTORS.test(each));
  return name === undefined ? [] : [{ collects: "measures", name, sign: `process ${name}` }];
}
