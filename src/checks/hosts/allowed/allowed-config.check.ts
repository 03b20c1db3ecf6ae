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
import { knownValue, type Problem, type Reading } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import {
  type AppSetting,
  type AppSettings,
  appSettings,
} from "../../../facts/app-settings.fact.ts";
import { type Application, application } from "../../../facts/application.fact.ts";
import { type Environment, environment } from "../../../facts/environment.fact.ts";
import { type SeedProfile, seedProfile } from "../../../facts/seed-profile.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import {
  djangoHosts,
  entriesOfText,
  HOST_LIST_NAMES,
  type HostList,
  type HostListReading,
  hostsOfSetting,
} from "../../judgement/allowed-hosts.ts";
import {
  type HostDialect,
  type HostRule,
  type HostVerdict,
  judgeHost,
} from "../../judgement/host-pattern.ts";
import { variableStatements } from "../../judgement/layer-statements.ts";
import { thenRestart, whereToSet } from "../../judgement/remedy.ts";
import { presentSetting, settingPlace } from "../../judgement/settings.ts";
import { hostsAllowed } from "./allowed.control.ts";

/** Allow-lists of frameworks other than Django: judged only where they are set. */
const OTHER_LISTS: readonly (readonly [name: string, dialect: HostDialect])[] = [
  ["TrustedHostMiddleware.allowed_hosts", "starlette"],
  ["Flask.TRUSTED_HOSTS", "werkzeug"],
  ["TRUSTED_HOSTS", "werkzeug"],
  ["Flask.SERVER_NAME", "werkzeug"],
  ["SERVER_NAME", "werkzeug"],
];

/** Entries quoted in a message; a list may have thousands. */
const ENTRIES_SHOWN_MAX = 10;
const ENTRY_LENGTH_MAX = 80;

export const hostsAllowedConfig = defineCheck({
  control: hostsAllowed,
  layer: "config",
  reads:
    "the allow-list in force, from the settings in use resolved under every layer of the environment, else DJANGO_ALLOWED_HOSTS",
  needs: { environment },
  wants: { profile: seedProfile, application, settings: appSettings, services },

  evaluate({ environment: env }, readings) {
    const lists = listsOf(env, readings);
    const findings = lists.flatMap(({ list, dialect }) =>
      list === undefined ? [] : findingsOf(list, dialect, env, knownValue(readings.services)),
    );
    const problem = lists.find((entry) => entry.problem !== undefined)?.problem;
    if (problem !== undefined) return judge(findings, cannotTell(problem.code, problem.detail));
    if (lists.length === 0) return answerWithoutList(readings.profile);
    return judge(findings, passOf(lists));
  },

  states({ environment: env }, readings): readonly Statement[] {
    const list = listsOf(env, readings).find(({ dialect }) => dialect === "django")?.list;
    return list === undefined ? [] : statementsOf(list, env);
  },
});

interface JudgedList {
  readonly dialect: HostDialect;
  readonly list: HostList | undefined;
  readonly problem: Problem | undefined;
}

interface Wanted {
  readonly profile: Reading<SeedProfile>;
  readonly application: Reading<Application>;
  readonly settings: Reading<AppSettings>;
}

function listsOf(env: Environment, readings: Wanted): readonly JudgedList[] {
  const settings = knownValue(readings.settings);
  const others = OTHER_LISTS.flatMap(([name, dialect]) => {
    const setting = presentSetting(settings, name);
    if (setting === undefined || isUnset(setting, dialect)) return [];
    return [judgedList(hostsOfSetting(env, setting), dialect)];
  });
  const isDjango = hasDjangoList(readings, settings);
  return isDjango ? [judgedList(djangoHosts(env, readings.settings), "django"), ...others] : others;
}

/** Flask's `SERVER_NAME` and `TRUSTED_HOSTS` are None by default: then there is no list to judge. */
function isUnset({ resolved }: AppSetting, dialect: HostDialect): boolean {
  return dialect === "werkzeug" && resolved.state === "known" && (resolved.value ?? null) === null;
}

function judgedList(reading: HostListReading, dialect: HostDialect): JudgedList {
  return reading.state === "known"
    ? { dialect, list: reading.list, problem: undefined }
    : { dialect, list: undefined, problem: reading.problem };
}

/** A key named SECRET_KEY beside another framework does not make that framework read ALLOWED_HOSTS. */
function hasDjangoList({ profile, application: app }: Wanted, settings: AppSettings | undefined) {
  const seed = knownValue(profile);
  if (seed === undefined || !seed.applies) return false;
  if (seed.sign !== "secret-key") return true;
  const isOther = (knownValue(app)?.frameworks.length ?? 0) > 0;
  return !isOther || presentSetting(settings, "ALLOWED_HOSTS") !== undefined;
}

function answerWithoutList(profile: Reading<SeedProfile>): Outcome {
  if (profile.state === "unknown") return cannotTell(profile.problem.code, profile.problem.detail);
  return notApplicable("No allow-list that this application reads; see hosts.live");
}

function findingsOf(
  list: HostList,
  dialect: HostDialect,
  env: Environment,
  running: Services | undefined,
): readonly Finding[] {
  const fix = fixOf(list, dialect, env, running);
  const evidence = sourceEntries(list, dialect).length > 0 ? inSource(list) : evidenceOf(list);
  if (list.entries.length === 0) {
    const why = list.emptyBecause === undefined ? "" : `: ${list.emptyBecause}`;
    const message = `${list.name} is empty${why}`;
    return [{ rule: "empty-list", status: "warn", message, fix, evidence: list.evidence }];
  }
  const judged = list.entries.map((entry) => ({ entry, verdict: judgeHost(entry, dialect) }));
  const rules = new Set(judged.flatMap(({ verdict }) => (verdict.isGood ? [] : [verdict.rule])));
  return [...rules].map((rule) => findingOf(rule, judged, list, { fix, evidence }));
}

function findingOf(
  rule: HostRule,
  judged: readonly { readonly entry: string; readonly verdict: HostVerdict }[],
  list: HostList,
  common: Pick<Finding, "fix" | "evidence">,
): Finding {
  const hits = judged.flatMap(({ entry, verdict }) =>
    verdict.isGood || verdict.rule !== rule ? [] : [{ entry, says: verdict.says }],
  );
  const says = hits[0]?.says ?? "";
  const subject =
    hits.length === 1
      ? `An entry of ${list.name} ${says}`
      : `${hits.length} entries of ${list.name}, each of which ${says}`;
  const message = `${subject}: ${shown(hits.map(({ entry }) => entry))}`;
  return { ...common, rule, status: "warn", message };
}

/** The bad entries that the code adds itself, where no bad one comes from the variable's text. */
function sourceEntries(
  { entries, variable, setting }: HostList,
  dialect: HostDialect,
): readonly string[] {
  const text = variable?.text;
  if (text === undefined || setting === undefined) return [];
  const bad = entries.filter((entry) => !judgeHost(entry, dialect).isGood);
  return bad.some((entry) => text.includes(entry)) ? [] : bad;
}

/** The place in source first: what the variable holds is not at fault. */
function inSource(list: HostList): readonly [Evidence, ...Evidence[]] {
  const [first, ...others] = list.evidence;
  const last = others.at(-1);
  return last === undefined ? [first] : [last, first];
}

/** The list is no secret: it is quoted where it takes effect. */
function evidenceOf(list: HostList): readonly [Evidence, ...Evidence[]] {
  const [first, ...others] = list.evidence;
  const excerpt = `${list.name} = ${shown(list.entries)} <- ${first.excerpt}`;
  return [{ ...first, excerpt }, ...others];
}

function fixOf(
  list: HostList,
  dialect: HostDialect,
  env: Environment,
  running: Services | undefined,
): string {
  const { setting, variable } = list;
  const added = sourceEntries(list, dialect);
  if (added.length > 0 && setting !== undefined) {
    return `Remove ${shown(added)} from ${list.name} at ${settingPlace(setting)}${thenRestart(running)}`;
  }
  const good = list.entries
    .map((entry) => mended(entry, dialect))
    .filter((entry) => judgeHost(entry, dialect).isGood);
  const names = good.length === 0 ? ["hub.example.test"] : [...new Set(good)];
  const isEnvironment = setting === undefined || variable !== undefined;
  if (isEnvironment || (dialect === "django" && setting.variables.length > 0)) {
    const key = variable?.key ?? setting?.variables[0] ?? "DJANGO_ALLOWED_HOSTS";
    return `Set ${key}=${names.slice(0, ENTRIES_SHOWN_MAX).join(",")} ${whereToSet(variable, env)}, with the names this application serves${thenRestart(running)}`;
  }
  const value =
    setting.name.endsWith("SERVER_NAME") && names[0] !== undefined
      ? JSON.stringify(names[0])
      : JSON.stringify(names.slice(0, ENTRIES_SHOWN_MAX));
  const name = setting.name.slice(setting.name.lastIndexOf(".") + 1);
  return `Write ${name} = ${value} at ${settingPlace(setting)}, with the names this application serves${thenRestart(running)}`;
}

/** What the operator meant by an entry with scheme, port or path, or by `*.` where that is no pattern. */
function mended(entry: string, dialect: HostDialect): string {
  if (judgeHost(entry, dialect).isGood) return entry;
  const bare = entry
    .replace(/^[a-z][a-z0-9+.-]{0,30}:\/\//i, "")
    .replace(/\/.*$/, "")
    .replace(/:\d{1,5}$/, "");
  return dialect === "django" ? bare.replace(/^\*\./, ".") : bare;
}

function passOf(lists: readonly JudgedList[]): Outcome {
  const known = lists.flatMap(({ list, dialect }) =>
    list === undefined ? [] : [{ list, dialect }],
  );
  const notes = known.flatMap(({ list, dialect }) =>
    list.entries.flatMap((entry) => {
      const verdict = judgeHost(entry, dialect);
      return verdict.isGood && verdict.note !== undefined ? [verdict.note] : [];
    }),
  );
  const says = known.map(({ list }) => `${list.name} names ${shown(list.entries)}`).join("; ");
  const note = notes.length === 0 ? "" : ` (note: ${notes.slice(0, ENTRIES_SHOWN_MAX).join("; ")})`;
  return pass(
    `${says}${note}`,
    known.flatMap(({ list }) => evidenceOf(list)),
  );
}

function statementsOf(list: HostList, env: Environment): readonly Statement[] {
  const { setting, variable, entries } = list;
  const source: readonly Statement[] =
    setting === undefined || (variable !== undefined && setting.default === undefined)
      ? []
      : [sourceStatement(list, variable !== undefined)];
  if (setting !== undefined && setting.resolved.state === "known") {
    if (setting.resolved.from === "literal") return source;
  }
  const names = setting?.variables ?? HOST_LIST_NAMES;
  const layers = variableStatements(env, names, ({ text, fingerprint }) =>
    fingerprint === variable?.fingerprint
      ? canonical(entries.filter((entry) => text === undefined || text.includes(entry)))
      : canonical(entriesOfText(text ?? "")),
  );
  return [...source, ...layers];
}

function sourceStatement({ setting, entries }: HostList, isOverridden: boolean): Statement {
  const where = setting === undefined ? "source" : settingPlace(setting);
  const value = isOverridden ? entriesOfDefault(setting?.default) : entries;
  return { layer: "source", says: "sets", value: canonical(value), where };
}

function entriesOfDefault(value: unknown): readonly string[] {
  if (typeof value === "string") return entriesOfText(value);
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function canonical(entries: readonly string[]): string {
  return entries
    .map((entry) => entry.toLowerCase())
    .toSorted()
    .join(",");
}

function shown(entries: readonly string[]): string {
  if (entries.length === 0) return "nothing";
  const first = entries
    .slice(0, ENTRIES_SHOWN_MAX)
    .map((entry) =>
      entry.length > ENTRY_LENGTH_MAX ? `${entry.slice(0, ENTRY_LENGTH_MAX)}…` : entry,
    );
  const more = entries.length - first.length;
  return more > 0 ? `${first.join(", ")} and ${more} more` : first.join(", ");
}
