import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, type Problem, type Reading } from "../core/reading.ts";
import { readYaml, type YamlTree, yamlAt, yamlItems } from "../parsers/yaml-tree.ts";
import { attempt } from "./attempt.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { byDepth, isOutsideDeployment, resolveFrom } from "./target-path.ts";

/** A rule by which somebody is told, or something is done, when it happens. */
export interface AlertRule {
  readonly kind: "prometheus" | "fail2ban";
  /** Of the alert, or of the jail. */
  readonly name: string;
  /** The expression; of a jail its filter and what the filter looks for. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

export interface AlertRules {
  readonly rules: readonly AlertRule[];
  readonly unread: readonly { readonly file: string; readonly problem: Problem }[];
}

export const ALERT_FILES_MAX = 24;
export const ALERT_BYTES_MAX = 262_144;
const RULES_MAX = 500;
const TEXT_MAX = 400;
const YAML =
  /(?:^|\/)[\w.-]*(?:alert|rule|prometheus)[\w.-]*\.ya?ml$|\/(?:alerts?|rules)\/[\w.-]+\.ya?ml$/i;
const FAIL2BAN = /(?:^|\/)(?:jail\.(?:local|conf)|(?:jail|filter)\.d\/[\w.-]+\.(?:conf|local))$/;
/** Where the machine keeps them. */
const HOST_FILES = [
  "/etc/fail2ban/jail.local",
  "/etc/prometheus/alert.rules.yml",
  "/etc/prometheus/rules.yml",
];

/** Alerts of Prometheus rule files and jails of fail2ban, in the deployment and on its machine. */
export const alertRules = defineFact({
  id: "alert-rules",
  title: "Alert rules",
  access: "read",
  timeoutMs: 3_000,
  needs: { deploymentTree },
  async collect(context, { deploymentTree: { files } }): Promise<Reading<AlertRules>> {
    const own = byDepth(
      files
        .map(({ path }) => path)
        .filter((path) => (YAML.test(path) || FAIL2BAN.test(path)) && !isOutsideDeployment(path)),
    ).slice(0, ALERT_FILES_MAX);
    const texts = new Map<string, string>();
    const unread: AlertRules["unread"][number][] = [];
    for (const file of [...own, ...(context.target.hostFacts ? HOST_FILES : [])]) {
      const text = await readText(context, file);
      if (text.state === "known") texts.set(file, text.value);
      if (text.state === "unknown") unread.push({ file, problem: text.problem });
    }
    const rules: AlertRule[] = [];
    for (const [file, text] of texts) {
      if (/\.ya?ml$/.test(file)) rules.push(...prometheusRules(file, text));
      else if (!file.includes("filter.d/")) rules.push(...jails(file, text, texts));
    }
    return known({ rules: rules.slice(0, RULES_MAX), unread });
  },
});

function readText({ host, target }: CollectContext, file: string): Promise<Reading<string>> {
  return attempt(() => host.readFile(resolveFrom(target.directory, file), ALERT_BYTES_MAX));
}

/** `groups: - rules: - alert:` (Prometheus, "Alerting rules"); also as a PrometheusRule of Kubernetes. */
function prometheusRules(file: string, text: string): readonly AlertRule[] {
  if (!/\balert\s*:/.test(text)) return [];
  const parsed = readYaml(text);
  if (!parsed.ok) return [];
  return parsed.documents.flatMap((document) => {
    const groups = [
      ...yamlItems(yamlAt(document, "groups")),
      ...yamlItems(yamlAt(yamlAt(document, "spec"), "groups")),
    ];
    return groups
      .flatMap((group) => yamlItems(yamlAt(group, "rules")))
      .flatMap((rule) => ruleOf(file, rule));
  });
}

function ruleOf(file: string, rule: YamlTree): readonly AlertRule[] {
  const name = yamlAt(rule, "alert");
  const expression = yamlAt(rule, "expr");
  if (name?.kind !== "scalar" || expression?.kind !== "scalar") return [];
  const text = expression.text.slice(0, TEXT_MAX);
  return [{ kind: "prometheus", name: name.text.slice(0, TEXT_MAX), text, file, line: name.line }];
}

interface Jail {
  readonly name: string;
  readonly line: number;
  readonly settings: Map<string, string>;
}

/** Sections of a jail file that are switched on, by themselves or by `[DEFAULT]` (jail.conf(5)). */
function jails(
  file: string,
  text: string,
  texts: ReadonlyMap<string, string>,
): readonly AlertRule[] {
  const sections = sectionsOf(text);
  const standard = sections.find(({ name }) => name === "DEFAULT")?.settings.get("enabled");
  return sections
    .filter(({ name }) => name !== "DEFAULT" && name !== "INCLUDES")
    .filter(({ settings }) =>
      /^(?:true|1|yes|on)$/i.test(settings.get("enabled") ?? standard ?? ""),
    )
    .map(({ name, line, settings }) => {
      const filter = settings.get("filter") ?? name;
      const pattern = filterText(filter, texts);
      const shown = `filter = ${filter} ${pattern}`.trim().slice(0, TEXT_MAX);
      return { kind: "fail2ban", name, text: shown, file, line };
    });
}

function filterText(filter: string, texts: ReadonlyMap<string, string>): string {
  const name = filter.replace(/\[.*$/, "");
  const found = [...texts].find(([file]) =>
    new RegExp(`filter\\.d/${escaped(name)}\\.(?:conf|local)$`).test(file),
  );
  return found === undefined ? "" : (/^\s*failregex\s*=\s*(.*)$/m.exec(found[1])?.[1] ?? "");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function sectionsOf(text: string): readonly Jail[] {
  const found: Jail[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (/^\s*[#;]/.test(line)) continue;
    const name = /^\[([^\]]{1,100})\]/.exec(line)?.[1];
    if (name !== undefined) found.push({ name, line: at + 1, settings: new Map() });
    const [, key, value = ""] = /^([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) found.at(-1)?.settings.set(key, value);
  }
  return found;
}
