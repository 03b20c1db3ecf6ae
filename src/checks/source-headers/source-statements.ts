import { knownValue } from "../../core/reading.ts";
import type { Statement } from "../../core/trace.ts";
import type { SourceSetting } from "../../facts/source-settings.fact.ts";
import { rowSteps } from "../judgement/row-statements.ts";
import { sourcePlace } from "../judgement/sourced.ts";
import { mainPageStatements } from "../live-headers/judge-answers.ts";
import { foretoldAnswer } from "../nginx/foretold-answer.ts";
import { mainRoutes } from "../nginx/main-route.ts";
import { concernOf } from "../proxy-rules/concern.ts";
import { mainSiteRoutes } from "../proxy-sites/field-statements.ts";
import { applicationFields, sourceField } from "./application-fields.ts";
import type { SourceHeaderDefinition, SourceWanted } from "./source-header-check.ts";

/**
 * What source sets, and what the environment makes of it, for the first application that says anything of the field.
 * Without a proxy the client's answer is stated here, as no layer further out does.
 */
export function sourceStatements(
  definition: SourceHeaderDefinition,
  wanted: SourceWanted,
): readonly Statement[] {
  const source = knownValue(wanted.source);
  const [fields] = source === undefined ? [] : applicationFields(source);
  if (fields === undefined) return [];
  const found = sourceField(fields, definition.property);
  if (found.row === undefined) return [];
  const inner = innerStatements(definition, wanted, found.row, knownText(found));
  const { nginx, sites } = concernOf(wanted);
  const isProxied =
    mainRoutes(nginx).length > 0 ||
    (definition.isStatedBySites === true && mainSiteRoutes(sites).length > 0);
  const live = isProxied
    ? []
    : mainPageStatements(knownValue(wanted.live) ?? [], definition.canonical).slice(0, 1);
  return [...inner, ...live];
}

/** `undefined` where it is not known. */
function knownText(found: ReturnType<typeof sourceField>): string | null | undefined {
  if (found.state === "sent") return found.value;
  return found.state === "not-sent" || found.row.isOff === true ? null : undefined;
}

function innerStatements(
  definition: SourceHeaderDefinition,
  wanted: SourceWanted,
  row: SourceSetting,
  value: string | null | undefined,
): readonly Statement[] {
  const layer = "source";
  const where = sourcePlace(row);
  if (value === undefined) {
    const reason = row.resolved.state === "known" ? row.condition : row.resolved.reason;
    return [{ layer, says: "unknown", where: `${reason ?? "not known"}: ${where}` }];
  }
  return rowSteps<string | null>(row, wanted.environment, {
    before: typeof row.default === "string" ? row.default : null,
    after: value,
    tell: (text, place) => told(definition, text, place),
  });
}

function told(
  { field, canonical }: SourceHeaderDefinition,
  text: string | null,
  where: string,
): Omit<Statement, "layer"> {
  if (text === null) return { says: "passes-on", where: `sets no ${field}: ${where}` };
  const value = canonical(foretoldAnswer([[field, text]]));
  return value === undefined
    ? { says: "drops", where: `browsers ignore its value: ${where}` }
    : { says: "sets", value, where };
}
