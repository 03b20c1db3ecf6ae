import { defineFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading } from "../core/reading.ts";
import type { SecretMeasure } from "../core/secret.ts";
import { application } from "./application.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { type Service, services } from "./services.fact.ts";
import { baseName } from "./target-path.ts";

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
      /** Of a list of secrets each one; `isLiteral`: it stands in source, no variable gives it. */
      readonly secrets?: readonly { readonly secret: SecretMeasure; readonly isLiteral: boolean }[];
      readonly from: "literal" | "env" | "default" | "mixed";
    }
  /** The code raises when the variable is unset, or text does not cast. */
  | { readonly state: "raises"; readonly reason: string }
  | {
      readonly state: "unknown";
      readonly reason: string;
      /** Of a list: the elements that are known all the same. */
      readonly partial?: readonly unknown[];
    };

/** The setting in force; of several with one name the last evaluated wins and comes last. */
export function settingNamed({ settings }: AppSettings, name: string): AppSetting | undefined {
  return settings.findLast((setting) => setting.name === name);
}

export const appSettings = defineFact({
  id: "app-settings",
  title: "Settings in source",
  access: "read",
  timeoutMs: 15_000,
  needs: { deploymentTree, application },
  wants: { environmentValues, services },
  async collect(context, facts, readings): Promise<Reading<AppSettings>> {
    const { settings: module, sources: files = [] } = facts.application;
    const isExpress = facts.application.frameworks.some(({ framework }) => framework === "express");
    if (module === undefined && files.length === 0) {
      // A settings file that could not be read is the likeliest reason why nothing was found.
      const hidden = facts.application.problems.filter(({ file }) => file.endsWith(".py"));
      if (hidden.length > 0) return known({ settings: [], problems: hidden });
      return absent(isExpress ? "no Python application" : "no application was found in source");
    }
    // Loaded when it is collected: a scan of a server alone names this fact and never does.
    const [{ openSources }, { openPythonProject }, { djangoSettings }, { webFrameworkSettings }] =
      await Promise.all([
        import("./source-files.ts"),
        import("./python-project.ts"),
        import("./source-django.ts"),
        import("./source-web-frameworks.ts"),
      ]);
    const sources = openSources(context, facts.deploymentTree);
    const python = openPythonProject(sources);
    const settingContext = {
      environment: readings.environmentValues,
      fingerprintKey: context.fingerprintKey,
    };
    const settings: AppSetting[] = [];
    const problems: AppSettings["problems"][number][] = [];
    for (const file of new Set(files.map((source) => source.file)))
      settings.push(
        ...(await webFrameworkSettings(
          settingContext,
          python,
          file,
          isRunAsScript(knownValue(readings.services)?.services ?? [], file),
        )),
      );
    if (module !== undefined) {
      const django = await djangoSettings(settingContext, python, module.file);
      settings.push(...django.settings);
      problems.push(...django.problems);
    }
    return known({ settings, problems: [...sources.problems, ...problems] });
  },
});

const SERVERS =
  /(?:^|[\s/])(?:gunicorn|uvicorn|hypercorn|daphne|uwsgi|granian|waitress-serve|flask|fastapi)(?:\s|$)/;

/** Whether `if __name__ == "__main__"` may run: not where every launcher seen imports the module. */
function isRunAsScript(found: readonly Service[], file: string): boolean {
  const own = found.filter(({ isApplication }) => isApplication);
  return (
    own.length === 0 ||
    !own.every(({ command }) => SERVERS.test(command) || isOtherScript(command, file))
  );
}

/** `python /app/main.py` for a file that is not called `main.py`. */
function isOtherScript(command: string, file: string): boolean {
  const script = /(?:^|[\s/])python[\d.]*\s+(?:-[a-zA-Z]+\s+)*(\S+\.py)(?:\s|$)/.exec(command)?.[1];
  return script !== undefined && baseName(script) !== baseName(file);
}
