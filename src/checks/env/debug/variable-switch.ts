import {
  type Environment,
  effectiveVariable,
  type Variable,
} from "../../../facts/environment.fact.ts";
import type { Services } from "../../../facts/services.fact.ts";
import { booleanOf } from "../../judgement/booleans.ts";
import { hiddenBehind, placeOf, variableEvidence } from "../../judgement/effective-value.ts";
import { whereToSet } from "../../judgement/remedy.ts";
import type { DebugSwitch } from "./debug-switch.ts";

/** A variable whose reader in source is not known: its text decides (catalog G5). */
export function variableSwitch(variable: Variable, environment: Environment): DebugSwitch {
  const { key, text = "", isEmpty } = variable;
  const evidence = [variableEvidence(variable)] as const;
  const fix = `Set ${key}=0 ${whereToSet(variable, environment)}`;
  const hidden = hiddenBehind(environment, [key]);
  if (hidden !== undefined) {
    return {
      state: "open",
      rule: "debug-open",
      says: hidden.detail,
      fix,
      problem: hidden,
      evidence,
    };
  }
  const value = booleanOf(text);
  const where = `${variable.shown}, ${placeOf(variable)}`;
  if (value !== undefined) {
    const says = `${key} is ${value ? "on" : "off"} (${where})`;
    return {
      state: value ? "on" : "off",
      rule: value ? "debug-on" : "debug-off",
      says,
      fix,
      evidence,
    };
  }
  const says = isEmpty
    ? `${key} is set to empty (${placeOf(variable)}), and what the code makes of that is not known`
    : `${key} is neither on nor off (${where})`;
  return { state: "ambiguous", rule: "debug-ambiguous", says, fix, evidence };
}

/** Of a command line that is quoted. */
const EXCERPT_LENGTH_MAX = 200;
/** Stages in which Node programs conventionally switch their development aids on. */
const NODE_DEVELOPMENT: ReadonlySet<string> = new Set(["development", "dev", "local"]);

/** Express writes stack traces into error pages unless `NODE_ENV` says otherwise (express 4 and 5, finalhandler). */
export function expressSwitch(
  environment: Environment,
  services: Services | undefined,
): readonly DebugSwitch[] {
  const variable = effectiveVariable(environment, "NODE_ENV");
  if (variable === undefined || variable.isEmpty) return unsetStage(environment, services);
  const isOn = NODE_DEVELOPMENT.has(variable.text?.trim().toLowerCase() ?? "");
  return [
    {
      state: isOn ? "on" : "off",
      rule: isOn ? "express-development" : "debug-off",
      says: `Express runs with NODE_ENV=${variable.shown} (${placeOf(variable)})`,
      fix: `Set NODE_ENV=production ${whereToSet(variable, environment)}`,
      evidence: [variableEvidence(variable)],
    },
  ];
}

/** A command that starts the program itself: scripts of npm and process managers may set the variable. */
const BARE_NODE = /(?:^|[\s/])(?:node|nodejs|bun|tsx|ts-node)\s/;

/**
 * Nothing sets NODE_ENV where the program's environment is seen: in the running process, or by the declaration that
 * starts it. Where no start was seen the framework's default counts (catalog env.debug), as the variable may be set
 * by whatever starts it.
 */
function unsetStage(
  environment: Environment,
  services: Services | undefined,
): readonly DebugSwitch[] {
  if (hiddenBehind(environment, ["NODE_ENV"]) !== undefined) return [];
  const own = (services?.services ?? []).filter(({ isApplication }) => isApplication);
  const started = own.find(({ command }) => isBare(command));
  const image = services?.image;
  const isImage = image !== undefined && isBare(image.text);
  if (started === undefined && !isImage && !environment.isProcessSeen) return [];
  const { file, line } = started ?? { file: image?.image?.dockerfile, line: undefined };
  const by = started?.command ?? image?.text ?? "the running process";
  const place = {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
  return [
    {
      state: "ambiguous",
      rule: "express-stage-unset",
      says: "NODE_ENV is not set: Express's own error page shows the stack of every error that no handler takes",
      fix: `Set NODE_ENV=production ${whereToSet(undefined, environment)}`,
      evidence: [{ ...place, excerpt: `${by.slice(0, EXCERPT_LENGTH_MAX)}: no NODE_ENV` }],
    },
  ];
}

function isBare(command: string): boolean {
  return BARE_NODE.test(command) && !/\bNODE_ENV=/.test(command);
}
