import type { Evidence } from "../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../core/reading.ts";
import type { AppSetting, AppSettings } from "../../facts/app-settings.fact.ts";
import type { Environment, Variable } from "../../facts/environment.fact.ts";
import {
  describeLayers,
  firstVariable,
  hiddenBehind,
  variableEvidence,
} from "./effective-value.ts";
import { presentSetting, settingEvidence, settingPlace } from "./settings.ts";

/** Where Django's list is looked for when the settings do not say it, first one wins. */
export const HOST_LIST_NAMES = ["DJANGO_ALLOWED_HOSTS", "ALLOWED_HOSTS"] as const;

/** An allow-list of host names as the application applies it. */
export interface HostList {
  /** `ALLOWED_HOSTS`, `DJANGO_ALLOWED_HOSTS`, `TrustedHostMiddleware.allowed_hosts`. */
  readonly name: string;
  readonly entries: readonly string[];
  /** Why it is empty, where the code says so. */
  readonly emptyBecause?: string;
  readonly variable: Variable | undefined;
  readonly setting: AppSetting | undefined;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

export type HostListReading =
  | { readonly state: "known"; readonly list: HostList }
  | { readonly state: "open"; readonly problem: Problem };

/** Django's `ALLOWED_HOSTS`: the settings in use decide, without them the variable's text. */
export function djangoHosts(
  environment: Environment,
  settings: Reading<AppSettings>,
): HostListReading {
  const setting = presentSetting(knownValue(settings), "ALLOWED_HOSTS");
  if (setting !== undefined) return hostsOfSetting(environment, setting);
  const hidden = hiddenBehind(environment, HOST_LIST_NAMES);
  if (hidden !== undefined) return { state: "open", problem: hidden };
  const variable = firstVariable(environment, HOST_LIST_NAMES);
  if (variable !== undefined) return hostsOfVariable(variable);
  const unparsed = unparsedProblem(settings);
  if (unparsed !== undefined) return { state: "open", problem: unparsed };
  const excerpt = `no ALLOWED_HOSTS in the settings, neither DJANGO_ALLOWED_HOSTS nor ALLOWED_HOSTS in ${describeLayers(environment)}`;
  return knownList({ name: "ALLOWED_HOSTS", entries: [], evidence: [{ excerpt }] });
}

/** The list of one setting, resolved under the environment. */
export function hostsOfSetting(environment: Environment, setting: AppSetting): HostListReading {
  const { resolved, variables, name } = setting;
  const isLiteral = resolved.state === "known" && resolved.from === "literal";
  const hidden =
    isLiteral || variables.length === 0 ? undefined : hiddenBehind(environment, variables);
  if (hidden !== undefined) return { state: "open", problem: hidden };
  if (resolved.state === "unknown") {
    const detail = `${name} at ${settingPlace(setting)} is computed at run time: ${resolved.reason}`;
    return { state: "open", problem: { code: "unsupported", detail } };
  }
  const variable = isLiteral ? undefined : firstVariable(environment, variables);
  const chain = settingEvidence(setting);
  const evidence: readonly [Evidence, ...Evidence[]] =
    variable === undefined ? [chain] : [variableEvidence(variable), chain];
  if (resolved.state === "raises") {
    const emptyBecause = resolved.reason;
    return knownList({ name, entries: [], emptyBecause, variable, setting, evidence });
  }
  const entries = entriesOfValue(resolved.value);
  if (entries === undefined) {
    const detail = `${name} at ${settingPlace(setting)} is not a list of names`;
    return { state: "open", problem: { code: "malformed", detail } };
  }
  return knownList({ name, entries, variable, setting, evidence });
}

function hostsOfVariable(variable: Variable): HostListReading {
  const { key, text, isEmpty } = variable;
  if (text === undefined && !isEmpty) {
    const detail = `The text of ${key} is not at hand`;
    return { state: "open", problem: { code: "unsupported", detail } };
  }
  const evidence = [variableEvidence(variable)] as const;
  return knownList({ name: key, entries: entriesOfText(text ?? ""), variable, evidence });
}

function knownList(
  list: Omit<HostList, "variable" | "setting"> & Partial<HostList>,
): HostListReading {
  return { state: "known", list: { variable: undefined, setting: undefined, ...list } };
}

/** A text is one entry (Flask `SERVER_NAME`); `undefined` for what is no list of texts. */
function entriesOfValue(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return cleaned([value]);
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((entry) => typeof entry === "string");
  return texts.length === value.length ? cleaned(texts) : undefined;
}

/**
 * The entries of an environment text when no code says how it is taken apart: comma-separated, or
 * a list in JSON or Python form (`["a.test"]`), or blank-separated where there is no comma.
 */
export function entriesOfText(text: string): readonly string[] {
  const trimmed = text.trim();
  const isList = /^\[\s*(?:["'*]|\])/.test(trimmed) && trimmed.endsWith("]");
  const inner = isList ? trimmed.slice(1, -1) : trimmed;
  return cleaned(inner.split(inner.includes(",") ? "," : /\s+/));
}

/** Without blanks, a pair of quotes that no reader took away, and empty entries. */
function cleaned(entries: readonly string[]): readonly string[] {
  return entries
    .map((entry) => entry.trim())
    .map((entry) => (/^(["']).*\1$/.test(entry) && entry.length > 1 ? entry.slice(1, -1) : entry))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function unparsedProblem(settings: Reading<AppSettings>): Problem | undefined {
  if (settings.state === "unknown") return settings.problem;
  const [problem] = knownValue(settings)?.problems ?? [];
  if (problem === undefined) return undefined;
  const detail = `ALLOWED_HOSTS may be set in ${problem.file}, which cannot be read: ${problem.detail}`;
  return { code: "malformed", detail };
}
