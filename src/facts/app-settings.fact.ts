import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";
import type { SecretMeasure } from "../core/secret.ts";

/** Every security-relevant setting found in source, resolved under the effective environment. */
export interface AppSettings {
  readonly settings: readonly AppSetting[];
  /** Settings files that could not be read or parsed: what they set is not known. */
  readonly problems: readonly {
    readonly file: string;
    readonly line?: number;
    readonly detail: string;
  }[];
}

export interface AppSetting {
  /** `SECRET_KEY`, `DEBUG`, `ALLOWED_HOSTS`, `FastAPI.debug`, `app.run.debug`, `TrustedHostMiddleware.allowed_hosts`. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: "literal" | "env" | "computed" | "absent";
  /** The default or literal as written, JSON; never for secret settings. */
  readonly value?: unknown;
  /** Environment variables the value is made of. */
  readonly variables: readonly string[];
  readonly default?: unknown;
  /** How text becomes the value, as the code has it: `in {"1", "true"}`, `== "1"`, `bool()`. */
  readonly idiom?: string;
  readonly resolved: Resolved;
  /** `DEBUG = True <- DJANGO_DEBUG="1" (.env:3) <- settings.py:41`; no secret in it. */
  readonly chain: string;
}

export type Resolved =
  /** JSON value in clear; for secret settings only `secret` is given. */
  | {
      readonly state: "known";
      readonly value?: unknown;
      readonly secret?: SecretMeasure;
      readonly from: "literal" | "env" | "default" | "mixed";
    }
  /** The code raises when the variable is unset, or text does not cast. */
  | { readonly state: "raises"; readonly reason: string }
  | { readonly state: "unknown"; readonly reason: string };

/** The setting in force; of several with one name the last evaluated wins and comes last. */
export function settingNamed({ settings }: AppSettings, name: string): AppSetting | undefined {
  return settings.findLast((setting) => setting.name === name);
}

export const appSettings = defineFact({
  id: "app-settings",
  title: "Settings in source",
  access: "read",
  timeoutMs: 15_000,
  async collect(): Promise<Reading<AppSettings>> {
    return unknown("unsupported", "not written yet");
  },
});
