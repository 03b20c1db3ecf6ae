import { defineFact } from "../core/fact.ts";
import { known, knownValue, type ProblemCode, type Reading } from "../core/reading.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import { effectiveAssignment, environmentValues } from "./environment-values.fact.ts";
import { openPythonProject } from "./python-project.ts";
import { services } from "./services.fact.ts";
import { environmentLookUp } from "./source-environment.ts";
import { webSources } from "./source-factories.ts";
import { openSources, type SourceFiles } from "./source-files.ts";
import { type FrameworkSign, frameworkSigns } from "./source-frameworks.ts";
import { settingsModule } from "./source-settings-module.ts";
import { baseName } from "./target-path.ts";

export const FRAMEWORKS = [
  "django",
  "fastapi",
  "starlette",
  "flask",
  "express",
  "koa",
  "fastify",
  "nextjs",
] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** Which application this is. */
export interface Application {
  /** Every framework found, main one first; empty when none was. */
  readonly frameworks: readonly {
    readonly framework: Framework;
    readonly file: string;
    readonly line: number;
    readonly sign: string;
  }[];
  /** Files that make an application object (`FastAPI()`, `Flask()`). */
  readonly sources?: readonly {
    readonly framework: Framework;
    readonly file: string;
    /** The module that calls the factory in `file`: it is run in its stead. */
    readonly entry?: string;
  }[];
  /** Django: dotted name and file of the settings module in use, and where the choice was read. */
  readonly settings?: {
    readonly module: string;
    readonly file: string;
    readonly decidedBy: string;
  };
  readonly hasManagePy: boolean;
  /** HTML pages but no application. */
  readonly isStaticSite: boolean;
  /** What could not be looked at: files that did not parse, limits reached. */
  readonly problems: readonly {
    readonly file: string;
    readonly detail: string;
    /** Left out for what was read and did not parse. */
    readonly code?: ProblemCode;
  }[];
}

const SOURCES_MAX = 20;

export const application = defineFact({
  id: "application",
  title: "Application",
  access: "read",
  timeoutMs: 15_000,
  needs: { deploymentTree },
  wants: { environmentValues, services },
  async collect(context, facts, readings): Promise<Reading<Application>> {
    const sources = openSources(context, facts.deploymentTree);
    const python = openPythonProject(sources);
    const environment = knownValue(readings.environmentValues);
    const signs = await frameworkSigns(sources, python);
    const settings = signs.some(({ framework }) => framework === "django")
      ? await settingsModule(sources, python, {
          assignment:
            environment === undefined
              ? undefined
              : effectiveAssignment(environment, "DJANGO_SETTINGS_MODULE"),
          services: knownValue(readings.services)?.services ?? [],
          variable: environmentLookUp(readings.environmentValues),
        })
      : undefined;
    const value: Application = {
      frameworks: firstOfEach(signs, settings?.file),
      sources: webSources(
        signs.filter(({ framework, file }) => framework !== "django" && file.endsWith(".py")),
      ).slice(0, SOURCES_MAX),
      hasManagePy: await hasManagePy(sources),
      isStaticSite: signs.length === 0 && sources.paths.some((path) => /\.html?$/i.test(path)),
      problems: [
        ...sources.problems.map(({ line: _, ...problem }) => problem),
        ...(signs.length === 0 ? unlisted(facts.deploymentTree) : []),
      ],
    };
    return known(settings === undefined ? value : { ...value, settings });
  },
});

/** How sure a sign is, best first: settings and constructors over an import or a manifest. */
function weight({ sign, file, factory }: FrameworkSign, settings: string | undefined): number {
  if (file === settings) return 0;
  if (factory?.isOwn === false) return 3;
  if (/is set$|is called$/.test(sign)) return 1;
  return 2;
}

function firstOfEach(
  signs: readonly FrameworkSign[],
  settings: string | undefined,
): Application["frameworks"] {
  const sorted = [...signs].sort((a, b) => weight(a, settings) - weight(b, settings));
  const found = new Map<Framework, FrameworkSign>();
  for (const sign of sorted) if (!found.has(sign.framework)) found.set(sign.framework, sign);
  return [...found.values()].map(({ factory: _, ...sign }) => sign);
}

/** Flask-Script has a `manage.py` too: only one that names Django counts. */
async function hasManagePy(sources: SourceFiles): Promise<boolean> {
  for (const path of sources.paths.filter((each) => baseName(each) === "manage.py").slice(0, 5))
    if (/django/i.test((await sources.text(path)) ?? "")) return true;
  return false;
}

/** Where an application may stand that nobody could look at. */
function unlisted({ unreadable, isTruncated }: DeploymentTree): Application["problems"] {
  const detail = "it holds more than is listed";
  const beyond = isTruncated ? [{ file: ".", detail, code: "too-large" } as const] : [];
  const closed = unreadable
    .filter(({ path, code }) => code !== "unsupported" || path.endsWith(".py"))
    .slice(0, SOURCES_MAX)
    .map(({ path, code }) => ({ file: path, detail: code, code }));
  return [...closed, ...beyond];
}
