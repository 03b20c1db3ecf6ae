import type { Evidence } from "../../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../../core/reading.ts";
import type { AppSetting, AppSettings } from "../../../facts/app-settings.fact.ts";
import type { Application, Framework } from "../../../facts/application.fact.ts";
import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../../facts/environment.fact.ts";
import type { SeedProfile } from "../../../facts/seed-profile.fact.ts";
import type { Services } from "../../../facts/services.fact.ts";
import { hiddenBehind } from "../../judgement/effective-value.ts";
import { whereToSet } from "../../judgement/remedy.ts";
import { commandSwitches } from "./command-switch.ts";
import { settingSwitch } from "./setting-switch.ts";
import { expressSwitch, variableSwitch } from "./variable-switch.ts";

/** One thing that turns debug mode on or off. */
export interface DebugSwitch {
  /** `open`: it could not be read; `unset`: nobody sets it and no default is known. */
  readonly state: "on" | "off" | "ambiguous" | "unset" | "open";
  readonly rule: string;
  /** What is: `DJANGO_DEBUG is on ("yes", .env:2)`. */
  readonly says: string;
  /** Imperative, without the restart. */
  readonly fix: string;
  readonly problem?: Problem;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** Debug variables of Django and Flask; NODE_ENV is Express's (its default error handler reads it). */
export const DEBUG_KEYS = ["DJANGO_DEBUG", "DEBUG", "FLASK_DEBUG"] as const;
const OTHER_FRAMEWORKS: ReadonlySet<Framework> = new Set([
  "fastapi",
  "starlette",
  "flask",
  "express",
  "koa",
  "fastify",
  "nextjs",
]);

/** Variables that the framework itself reads, whatever the application does. */
const FRAMEWORK_KEYS: Partial<Record<Framework, string>> = {
  flask: "FLASK_DEBUG",
  express: "NODE_ENV",
};

const PRODUCT_NAMES: Record<Framework, string> = {
  django: "Django",
  fastapi: "FastAPI",
  starlette: "Starlette",
  flask: "Flask",
  express: "Express",
  koa: "Koa",
  fastify: "Fastify",
  nextjs: "Next.js",
};

export interface DebugFacts {
  readonly environment: Environment;
  readonly profile: Reading<SeedProfile>;
  readonly application: Reading<Application>;
  readonly settings: Reading<AppSettings>;
  readonly services: Reading<Services>;
}

/** What makes the control apply; `undefined` when nothing does. */
export function debugSubject(facts: DebugFacts): string | undefined {
  const seed = knownValue(facts.profile);
  if (seed?.applies) return seed.because;
  const framework = frameworksOf(facts)[0];
  if (framework !== undefined) return framework;
  return [...DEBUG_KEYS, "NODE_ENV"].find(
    (key) => effectiveVariable(facts.environment, key) !== undefined,
  );
}

function frameworksOf({ application }: DebugFacts): readonly Framework[] {
  return knownValue(application)?.frameworks.map(({ framework }) => framework) ?? [];
}

/** A Django deployment, by its files or, where no other framework is seen, by its keys. */
function isDjango(facts: DebugFacts): boolean {
  const frameworks = frameworksOf(facts);
  if (frameworks.includes("django")) return true;
  const app = knownValue(facts.application);
  if (app?.hasManagePy || app?.settings !== undefined) return true;
  return frameworks.length === 0 && (knownValue(facts.profile)?.applies ?? false);
}

/** Every switch of the deployment, in the order they are looked at. */
export function debugSwitches(facts: DebugFacts): readonly DebugSwitch[] {
  const others = frameworksOf(facts).filter((framework) => OTHER_FRAMEWORKS.has(framework));
  const inSource = sourceSettings(facts);
  const switches = [
    ...(isDjango(facts) ? [djangoSwitch(facts, inSource)] : []),
    ...inSource
      .filter(({ name }) => name !== "DEBUG" || !isDjango(facts))
      .map((setting) => settingSwitch(setting, facts.environment)),
    ...looseVariables(facts, inSource).map((variable) =>
      variableSwitch(variable, facts.environment),
    ),
    ...(others.includes("express")
      ? expressSwitch(facts.environment, knownValue(facts.services))
      : []),
    ...commandSwitches(knownValue(facts.services)),
  ];
  if (switches.length > 0)
    return [...switches, ...openKeys(facts, others), ...hiddenSwitches(facts, others)];
  return defaultSwitches(facts, others);
}

/** A variable the framework itself reads, and that a start script may set. */
function openKeys(
  { environment }: DebugFacts,
  others: readonly Framework[],
): readonly DebugSwitch[] {
  return others.flatMap((framework) => {
    const key = FRAMEWORK_KEYS[framework];
    const isSet = key !== undefined && effectiveVariable(environment, key) !== undefined;
    const hidden = key === undefined || isSet ? undefined : hiddenBehind(environment, [key]);
    return hidden === undefined
      ? []
      : [openSwitch(hidden.code, "Debug mode is open", hidden.detail)];
  });
}

/** `DEBUG`, `FastAPI.debug`, `app.run.debug`, `uvicorn.run.reload`: the last of each name is in force. */
function sourceSettings({ settings }: DebugFacts): readonly AppSetting[] {
  const found = (knownValue(settings)?.settings ?? []).filter(
    ({ name, kind }) => kind !== "absent" && /^(?:.*\.)?(?:debug|reload)$/i.test(name),
  );
  return found.filter(
    ({ name, file }, at) =>
      !found.slice(at + 1).some((later) => later.name === name && sameObject(later, name, file)),
  );
}

/** Settings of one name are one variable; constructor arguments are one per application object. */
function sameObject(later: AppSetting, name: string, file: string): boolean {
  return name === "DEBUG" || later.file === file;
}

function djangoSwitch(facts: DebugFacts, inSource: readonly AppSetting[]): DebugSwitch {
  const setting = inSource.find(({ name }) => name === "DEBUG");
  if (setting !== undefined) return settingSwitch(setting, facts.environment);
  const { environment, settings } = facts;
  const variable =
    effectiveVariable(environment, "DJANGO_DEBUG") ?? effectiveVariable(environment, "DEBUG");
  if (variable !== undefined) return variableSwitch(variable, environment);
  return unsetSwitch(facts, settings);
}

function unsetSwitch({ environment }: DebugFacts, settings: Reading<AppSettings>): DebugSwitch {
  const [unreadable] = environment.unreadable;
  if (unreadable !== undefined) {
    return openSwitch(
      unreadable.problem.code,
      `DJANGO_DEBUG may be set in ${unreadable.file}`,
      unreadable.problem.detail,
    );
  }
  const hidden = hiddenBehind(environment, ["DJANGO_DEBUG", "DEBUG"]);
  if (hidden !== undefined) return openSwitch(hidden.code, "Debug mode is open", hidden.detail);
  if (settings.state === "unknown") {
    return openSwitch(
      settings.problem.code,
      "The settings cannot be read",
      settings.problem.detail,
    );
  }
  const value = knownValue(settings);
  const [problem] = value?.problems ?? [];
  if (problem !== undefined) {
    return openSwitch("malformed", `${problem.file} cannot be read`, problem.detail);
  }
  const absent = value?.settings.findLast(({ name }) => name === "DEBUG");
  if (absent?.resolved.state === "known") return settingSwitch(absent, environment);
  const says = "DJANGO_DEBUG is not set, and no default can be read from source";
  const excerpt = "no DJANGO_DEBUG and no DEBUG in any layer, no settings with DEBUG";
  const fix = `Set DJANGO_DEBUG=0 ${whereToSet(undefined, environment)}`;
  return { state: "unset", rule: "debug-unset", says, fix, evidence: [{ excerpt }] };
}

function openSwitch(code: Problem["code"], what: string, detail: string): DebugSwitch {
  const problem = { code, detail: `${what}: ${detail}` };
  return {
    state: "open",
    rule: "debug-open",
    says: problem.detail,
    fix: "Set DJANGO_DEBUG=0",
    problem,
    evidence: [{ excerpt: problem.detail }],
  };
}

/** Variables that no setting found in source reads: taken at their word. */
function looseVariables(facts: DebugFacts, inSource: readonly AppSetting[]): readonly Variable[] {
  if (isDjango(facts)) return [];
  const read = new Set(inSource.flatMap(({ variables }) => variables));
  const onlyExpress = frameworksOf(facts).every((framework) => framework === "express");
  return DEBUG_KEYS.flatMap((key) => {
    const variable = effectiveVariable(facts.environment, key);
    if (variable === undefined || read.has(key) || variable.isEmpty) return [];
    const isNamespaces = key === "DEBUG" && onlyExpress && isNamespaceList(variable, facts);
    return isNamespaces ? [] : [variable];
  });
}

/** `DEBUG=express:*` chooses what the npm package `debug` logs. */
function isNamespaceList({ text }: Variable, facts: DebugFacts): boolean {
  const isExpress = frameworksOf(facts).includes("express");
  return isExpress && text !== undefined && /[:*]/.test(text);
}

/** Source of a web application that could not be read, all or in part: it may turn debug on. */
function hiddenSwitches(
  { settings }: DebugFacts,
  others: readonly Framework[],
): readonly DebugSwitch[] {
  if (others.length === 0) return [];
  if (settings.state === "unknown") {
    return [
      openSwitch(settings.problem.code, "The source cannot be read", settings.problem.detail),
    ];
  }
  const [problem] = knownValue(settings)?.problems ?? [];
  if (problem === undefined) return [];
  return [openSwitch("malformed", `${problem.file} cannot be read`, problem.detail)];
}

/** Debug is off by default in every framework but Django's template project (catalog env.debug). */
function defaultSwitches(facts: DebugFacts, others: readonly Framework[]): readonly DebugSwitch[] {
  const [first] = others;
  if (first === undefined) return [];
  const { application, environment } = facts;
  const key = FRAMEWORK_KEYS[first];
  const hidden = key === undefined ? undefined : hiddenBehind(environment, [key]);
  if (hidden !== undefined) return [openSwitch(hidden.code, "Debug mode is open", hidden.detail)];
  const unread = hiddenSwitches(facts, others);
  if (unread.length > 0) return unread;
  // Next.js makes its application itself: only `next dev` turns its error pages on.
  const sign = knownValue(application)?.frameworks.find(
    ({ framework, file }) =>
      framework === first && (framework === "nextjs" || /\.(?:py|[cm]?[jt]sx?)$/.test(file)),
  );
  const fix = "Build the application without debug, and declare its stage";
  if (sign === undefined) {
    const says = `${PRODUCT_NAMES[first]} is used, yet its application object was not seen`;
    return [{ state: "unset", rule: "debug-unset", says, fix, evidence: [{ excerpt: says }] }];
  }
  const { file, line } = sign;
  const says = `${PRODUCT_NAMES[first]} runs with its default: debug is off`;
  const evidence = [{ file, line, excerpt: `${sign.sign}, built without debug` }] as const;
  return [{ state: "off", rule: "debug-off", says, fix, evidence }];
}
