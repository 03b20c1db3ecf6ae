/** Facts and the call for the tests of env.debug; nothing here runs in an audit. */
import { absent, known } from "../../../core/reading.ts";
import type { AppSetting, Resolved } from "../../../facts/app-settings.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import {
  applicationOf,
  environmentOf,
  NO_SUBJECT,
  servicesOf,
  settingOf,
} from "../../judgement/example-facts.ts";
import { envDebugConfig } from "./debug-config.check.ts";

/** The readings that the check asks for. */
export type Wanted = Parameters<typeof envDebugConfig.evaluate>[1];
/** Readings that differ from a Django deployment in production without settings. */
export interface Input extends Partial<Wanted> {
  readonly env?: Environment;
}

const SEED = known({ applies: true, because: "manage.py", sign: "application" } as const);
/** No sign of Django. */
export const NO_SEED = known({ applies: false, because: "no sign", sign: "none" } as const);

/** The readings of an example. */
export function readingsOf(input: Input): Wanted {
  return {
    profile: SEED,
    application: known(applicationOf("django")),
    settings: absent("no settings"),
    services: known(servicesOf()),
    mode: NO_SUBJECT,
    hub: NO_SUBJECT,
    listeners: NO_SUBJECT,
    processes: NO_SUBJECT,
    ...input,
  };
}

/** The verdict over an example. */
export function judged(input: Input) {
  const environment = input.env ?? environmentOf({ DJANGO_ENV: "production" });
  return envDebugConfig.evaluate({ environment }, readingsOf(input));
}

/** Production with DJANGO_DEBUG in `.env`. */
export function production(text: string): Input {
  return { env: environmentOf({ DJANGO_ENV: "production", DJANGO_DEBUG: text }) };
}

/** Settings found in source. */
export function settings(...made: readonly AppSetting[]): Pick<Wanted, "settings"> {
  return { settings: known({ settings: made, problems: [] }) };
}

/** Settings with DEBUG, read from DJANGO_DEBUG. */
export function debug(resolved: Resolved, rest: Partial<AppSetting> = {}) {
  return settings(settingOf("DEBUG", resolved, { variables: ["DJANGO_DEBUG"], ...rest }));
}

/** What a setting resolves to. */
export const value = (on: unknown, from: "literal" | "env" | "default" = "env"): Resolved => ({
  state: "known",
  value: on,
  from,
});
/** An environment with one stage, and more. */
export const stage = (key: string, text: string, more: Readonly<Record<string, string>> = {}) => ({
  env: environmentOf({ [key]: text, ...more }),
});
