import type { CollectContext } from "../../core/fact.ts";
import type { Reading } from "../../core/reading.ts";
import type { Application } from "../application.fact.ts";
import type { DeploymentTree } from "../deployment-tree.fact.ts";
import type { EnvironmentValues } from "../environment-values.fact.ts";
import { openPythonProject } from "../python-project.ts";
import type { Services } from "../services.fact.ts";
import { openSources } from "../source-files.ts";
import type { SourceSetting, SourceSettings } from "../source-settings.fact.ts";
import { databasePoolingReader } from "./database-pooling.ts";
import { djangoReader } from "./django.ts";
import { djangoCsrfExemptReader } from "./django-csrf-exempt.ts";
import { flaskReader } from "./flask.ts";
import { flaskCsrfExemptReader } from "./flask-csrf-exempt.ts";
import { limitExemptionsReader } from "./limit-exemptions.ts";
import { loggedSecretsReader } from "./logged-secrets.ts";
import { loggingReader } from "./logging.ts";
import { nodeReader } from "./node.ts";
import { ownLimitersReader } from "./own-limiters.ts";
import { policyTextsReader } from "./policy-texts.ts";
import { pythonFilesWithAny } from "./python-files.ts";
import { pythonNotesReader } from "./python-notes.ts";
import { rateLimitReader } from "./rate-limits.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import { responseFieldsReader } from "./response-fields.ts";
import { sentryReader } from "./sentry.ts";
import { starletteReader } from "./starlette.ts";
import { templatesReader } from "./templates.ts";
import { uvicornRunReader } from "./uvicorn-run.ts";
import { variableRows } from "./variable-rows.ts";
import { writtenCookiesReader } from "./written-cookies.ts";

/** One line for each reader, in order of name; those that look through all files of a kind last. */
const READERS: readonly SourceReader[] = [
  databasePoolingReader,
  djangoReader,
  djangoCsrfExemptReader,
  flaskReader,
  flaskCsrfExemptReader,
  limitExemptionsReader,
  loggingReader,
  nodeReader,
  ownLimitersReader,
  pythonNotesReader,
  rateLimitReader,
  responseFieldsReader,
  sentryReader,
  starletteReader,
  uvicornRunReader,
  writtenCookiesReader,
  templatesReader,
  policyTextsReader,
  loggedSecretsReader,
];

const NEEDLES = READERS.flatMap(({ needles }) => needles ?? []);

/** Runs every reader that has something to read here. */
export async function readSource(
  collect: CollectContext,
  facts: { readonly deploymentTree: DeploymentTree; readonly application: Application },
  readings: {
    readonly environmentValues: Reading<EnvironmentValues>;
    readonly services: Reading<Services>;
  },
): Promise<SourceSettings> {
  const sources = openSources(collect, facts.deploymentTree);
  let files: Promise<readonly string[]> | undefined;
  const context: SourceContext = {
    collect,
    tree: facts.deploymentTree,
    application: facts.application,
    environment: readings.environmentValues,
    services: readings.services,
    setting: {
      environment: readings.environmentValues,
      fingerprintKey: collect.fingerprintKey,
    },
    sources,
    python: openPythonProject(sources),
    pythonFiles(needle) {
      if (!NEEDLES.includes(needle)) return pythonFilesWithAny(sources, [needle]);
      files ??= pythonFilesWithAny(sources, NEEDLES);
      return files;
    },
  };
  const found = new Set(facts.application.frameworks.map(({ framework }) => framework));
  const settings: SourceSetting[] = [];
  for (const reader of READERS) {
    const { frameworks } = reader;
    if (frameworks === "any" || frameworks.some((one) => found.has(one)))
      settings.push(...(await reader.read(context)));
  }
  settings.push(...(await variableRows(context, settings)));
  return { settings, read: [...found], problems: sources.problems };
}
