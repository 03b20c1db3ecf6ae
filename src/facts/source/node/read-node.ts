import { knownValue } from "../../../core/reading.ts";
import { scriptNone } from "../../../parsers/javascript/script-value.ts";
import type { Framework } from "../../application.fact.ts";
import { openScriptProject } from "../../script-project.ts";
import type { SourceSetting } from "../../source-settings.fact.ts";
import type { SourceContext } from "../reader.ts";
import { absentRow, type NodeApplication, nodeApplication } from "./application.ts";
import { cookieRows } from "./cookies.ts";
import { corsRows } from "./cors.ts";
import { csrfRows } from "./csrf.ts";
import { environmentRows } from "./environment-declarations.ts";
import { EXPECTED_FIELDS } from "./header-fields.ts";
import { headerRows } from "./headers.ts";
import { helmetRows } from "./helmet.ts";
import { redirectRows } from "./https-redirect.ts";
import { imageStage } from "./image-stage.ts";
import { limitExemptionRows } from "./limit-exemptions.ts";
import { limitRows } from "./limits.ts";
import { liveSettings } from "./live-settings.ts";
import { loggerRows } from "./loggers.ts";
import { NEXT_CONFIG, nextRows } from "./next.ts";
import { type ScriptRow, scriptRow } from "./row.ts";
import { runScripts, type ScriptRun } from "./run.ts";
import { fallbackRows, tokenRows } from "./secrets.ts";
import { sentryRows } from "./sentry-init.ts";
import { defaultPoweredBy, serverRows } from "./server.ts";
import { sessionRows } from "./session.ts";
import { settingsFileRows } from "./settings-files.ts";
import { trustProxyRows } from "./trust-proxy.ts";

/** Settings of Express, Koa, Fastify and Next.js. */
export async function readNode(context: SourceContext): Promise<readonly SourceSetting[]> {
  const services = knownValue(context.services)?.services ?? [];
  const commands = services.map(({ command }) => command);
  const project = await openScriptProject(context.sources, commands);
  if (project === undefined) return [];
  const isNext = project.entries.some((file) => NEXT_CONFIG.test(file));
  if (isNext) await project.readFurther();
  // `next start` is production whatever is set.
  const stage = isNext ? "production" : (project.stage ?? (await imageStage(context)));
  const defaults = stage === undefined ? {} : { NODE_ENV: stage };
  const run = runScripts(context, project, defaults, await liveSettings(context));
  const application = nodeApplication(run);
  const framework: Framework = application?.framework ?? (isNext ? "nextjs" : "express");
  const rows = [
    ...(application === undefined ? [] : applicationRows(application)),
    ...nextRows(run),
    ...genericRows(run, framework),
  ];
  const isFound = application !== undefined || isNext;
  const declared = isFound ? environmentRows(context, run, framework) : [];
  return [
    ...withoutTwins([...rows, ...beside(declared, rows)].map((row) => scriptRow(context, row))),
    ...sentryRows(context, run, framework),
    ...(isFound ? await settingsFileRows(context, framework) : []),
  ];
}

/** One list of fields may stand for several patterns of paths, one value for several calls. */
function withoutTwins(rows: readonly SourceSetting[]): readonly SourceSetting[] {
  const told = rows.map((row) => {
    const { slug, file, line, subject, condition, value } = row;
    return [JSON.stringify([slug, file, line, subject, condition, value]), row] as const;
  });
  return [...new Map(told.toReversed()).values()].toReversed();
}

/** Those that no other row tells already at the same place. */
function beside(rows: readonly ScriptRow[], told: readonly ScriptRow[]): readonly ScriptRow[] {
  const key = ({ slug, place: { file, line } }: ScriptRow): string => `${slug} ${file}:${line}`;
  const known = new Set(told.map(key));
  return rows.filter((row) => !known.has(key(row)));
}

function genericRows(run: ScriptRun, framework: Framework): readonly ScriptRow[] {
  return [
    ...tokenRows(run, framework),
    ...fallbackRows(run, framework),
    ...loggerRows(run, framework),
  ];
}

function applicationRows(application: NodeApplication): readonly ScriptRow[] {
  const sessions = sessionRows(application);
  const rows = [
    ...sessions,
    ...cookieRows(application),
    ...csrfRows(application, sessions.length > 0),
    ...helmetRows(application),
    ...headerRows(application),
    ...serverRows(application),
    ...trustProxyRows(application),
    ...corsRows(application),
    ...limitRows(application),
    ...limitExemptionRows(application),
    ...redirectRows(application),
  ];
  return [...rows, ...missingRows(application, rows)];
}

/** Fields that nothing sets, and the one that Express sends by itself. */
function missingRows(
  application: NodeApplication,
  rows: readonly ScriptRow[],
): readonly ScriptRow[] {
  const has = (property: ScriptRow["property"]): boolean =>
    rows.some((row) => row.property === property);
  const fields = EXPECTED_FIELDS.filter(({ property }) => !has(property)).map(
    ({ slug, property, field }) =>
      absentRow(application, {
        slug: `${application.framework}.${slug}`,
        property,
        name: field,
        value: scriptNone(),
      }),
  );
  const isNamed = application.framework === "express" && !has("header.x-powered-by");
  return isNamed ? [...fields, defaultPoweredBy(application)] : fields;
}
