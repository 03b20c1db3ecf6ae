import { type CollectContext, defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import { type AppSettings, appSettings } from "./app-settings.fact.ts";
import { application } from "./application.fact.ts";
import { attempt } from "./attempt.ts";
import { type DeployFileKind, deployFileKind } from "./deploy/deploy-names.ts";
import { type DeployRow, settingOfRow, uniqueRows } from "./deploy/deploy-row.ts";
import { dockerRows } from "./deploy/docker-rows.ts";
import { procfileRows, supervisorRows, uwsgiRows } from "./deploy/ini-rows.ts";
import { nginxRows, nginxUnitRows } from "./deploy/nginx-rows.ts";
import {
  environmentFileRows,
  gunicornRows,
  loaderRows,
  shellRows,
  type VariableSlugs,
} from "./deploy/text-rows.ts";
import { unitRows } from "./deploy/unit-rows.ts";
import { type DeploymentTree, deploymentTree } from "./deployment-tree.fact.ts";
import type { SourceProblem } from "./source-files.ts";
import { type SourceSetting, type SourceSettings, sourceSettings } from "./source-settings.fact.ts";
import { isOutsideDeployment, resolveFrom } from "./target-path.ts";

/** What every deployment file of the tree says by itself, live or not: each row with file and line. */
export interface DeploySettings {
  readonly settings: readonly SourceSetting[];
  readonly problems: readonly SourceProblem[];
  /** More files of these kinds are there than are read. */
  readonly isTruncated: boolean;
}

/** Files read, those near the root first. */
export const DEPLOY_FILES_MAX = 200;
const FILE_BYTES_MAX = 262_144;
/** Kinds of which a tree may hold hundreds that say nothing: read last. */
const COMMON: ReadonlySet<DeployFileKind> = new Set(["shell", "nginx", "loader"]);

export const deploySettings = defineFact({
  id: "deploy-settings",
  title: "Settings in deployment files",
  access: "read",
  timeoutMs: 8_000,
  needs: { deploymentTree },
  wants: { application, appSettings, sourceSettings },
  async collect(context, facts, readings): Promise<Reading<DeploySettings>> {
    const framework = knownValue(readings.application)?.frameworks[0]?.framework;
    const slugs = variableSlugs(
      framework,
      knownValue(readings.appSettings),
      knownValue(readings.sourceSettings),
    );
    const files = deployFiles(facts.deploymentTree);
    const rows: DeployRow[] = [];
    const problems: SourceProblem[] = [];
    for (const { path, kind } of files.slice(0, DEPLOY_FILES_MAX)) {
      const text = await read(context, path, problems);
      if (text !== undefined) rows.push(...(await rowsOf(kind, path, text, slugs)));
    }
    return known({
      settings: uniqueRows(rows).map(settingOfRow),
      problems,
      isTruncated: files.length > DEPLOY_FILES_MAX,
    });
  },
});

type Rows = (file: string, text: string, slugs: VariableSlugs) => readonly DeployRow[];

async function rowsOf(
  kind: DeployFileKind,
  file: string,
  text: string,
  slugs: VariableSlugs,
): Promise<readonly DeployRow[]> {
  if (kind !== "compose") return ROWS[kind](file, text, slugs);
  // Loaded when there is a file: the YAML library takes longer to load than a scan of a server has.
  const { composeRows } = await import("./deploy/compose-rows.ts");
  return composeRows({ file, text }, slugs);
}

const ROWS: Readonly<Record<Exclude<DeployFileKind, "compose">, Rows>> = {
  dockerfile: dockerRows,
  unit: unitRows,
  uwsgi: uwsgiRows,
  supervisor: supervisorRows,
  procfile: procfileRows,
  environment: environmentFileRows,
  nginx: nginxRows,
  "nginx-unit": nginxUnitRows,
  shell: shellRows,
  gunicorn: gunicornRows,
  loader: loaderRows,
};

/** Names of a path to code that loads an env file: `src/app/settings.py`. */
const LOADER_DEPTH_MAX = 3;

interface DeployFile {
  readonly path: string;
  readonly kind: DeployFileKind;
}

function deployFiles({ files }: DeploymentTree): readonly DeployFile[] {
  const found = files.flatMap(({ path }) => {
    const kind = deployFileKind(path);
    const isDeep = path.split("/").length > LOADER_DEPTH_MAX;
    const isAside = kind === "loader" && (isDeep || isOutsideDeployment(path));
    return kind === undefined || isAside ? [] : [{ path, kind }];
  });
  const rank = ({ path, kind }: DeployFile) =>
    path.split("/").length + (COMMON.has(kind) ? COMMON_RANK : 0);
  return found.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

/** Deeper than any tree that is walked. */
const COMMON_RANK = 100;

async function read(
  { host, target, signal }: CollectContext,
  path: string,
  problems: SourceProblem[],
): Promise<string | undefined> {
  signal.throwIfAborted();
  const reading = await attempt(() =>
    host.readFile(resolveFrom(target.directory, path), FILE_BYTES_MAX),
  );
  if (reading.state === "unknown") problems.push({ file: path, ...reading.problem });
  const text = knownValue(reading);
  return text?.includes("\0") ? undefined : text;
}

/** Half of a program hangs on the stage: its own row tells it. */
const STAGE = "NODE_ENV";

/** Which settings a variable decides, in the words of the truth about source. */
function variableSlugs(
  framework: string | undefined,
  app: AppSettings | undefined,
  source: SourceSettings | undefined,
): VariableSlugs {
  const slugs = new Map<string, Set<string>>();
  const add = (variable: string, slug: string): void => {
    slugs.set(variable, (slugs.get(variable) ?? new Set()).add(slug));
  };
  for (const { slug, variables } of source?.settings ?? [])
    for (const variable of variables) add(variable, slug);
  const prefix = framework ?? "env";
  for (const { name, variables } of app?.settings ?? []) {
    const plain = name.includes(".") ? name.toLowerCase() : `${prefix}.${name.toLowerCase()}`;
    for (const variable of variables) add(variable, plain);
  }
  add("DEBUG", `${prefix}.debug`);
  add("FLASK_DEBUG", "flask.debug");
  slugs.delete(STAGE);
  return new Map([...slugs].map(([variable, names]) => [variable, [...names]]));
}
