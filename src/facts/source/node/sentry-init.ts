import {
  asSetting,
  type ScriptValue,
  scriptBoolean,
  scriptText,
} from "../../../parsers/javascript/script-value.ts";
import type { Framework } from "../../application.fact.ts";
import type { SourceProperty, SourceSetting } from "../../source-settings.fact.ts";
import type { SourceContext } from "../reader.ts";
import { dsnOf } from "../sentry.ts";
import { type LibraryCall, libraryCalls } from "./library-calls.ts";
import { type Option, optionOf } from "./options.ts";
import { type ScriptRow, scriptRow } from "./row.ts";
import { conditionsOf, type ScriptRun } from "./run.ts";

const INIT =
  /^@sentry\/(?:node|node-core|nextjs|nestjs|bun|deno|google-cloud-serverless|aws-serverless|sveltekit|remix|core)\.init$/;

/** Options of `Sentry.init` (Sentry JavaScript SDK, "Options") and what they decide. */
const OPTIONS: Readonly<Record<string, readonly [slug: string, property: SourceProperty]>> = {
  dsn: ["sentry.dsn", "sentry.dsn"],
  environment: ["sentry.environment", "sentry.environment"],
  release: ["sentry.release", "sentry.release"],
  tracesSampleRate: ["sentry.traces_rate", "sentry.traces-rate"],
  tracesSampler: ["sentry.traces_sampler", "sentry.traces-rate"],
  profilesSampleRate: ["sentry.profiles_rate", "sentry.profiles-rate"],
  sendDefaultPii: ["sentry.send_default_pii", "sentry.send-default-pii"],
  beforeSend: ["sentry.before_send", "sentry.scrubber"],
};

/** Where Node's SDK of Sentry is started, with what, and whether it is here. */
export function sentryRows(
  context: SourceContext,
  run: ScriptRun,
  framework: Framework,
): readonly SourceSetting[] {
  return libraryCalls(run, INIT).flatMap((library) => ofInit(context, run, library, framework));
}

function ofInit(
  context: SourceContext,
  run: ScriptRun,
  { call, values: [options] }: LibraryCall,
  framework: Framework,
): readonly SourceSetting[] {
  const conditions = conditionsOf(run, call.site);
  const off = conditions.find(({ holds }) => holds === false);
  const enabled = optionOf(options, "enabled");
  const switched = enabled.state === "given" ? enabled.value : scriptBoolean(true);
  const keys = options?.kind === "object" ? [...options.members.keys()].slice(0, 12) : [];
  const row = (rest: Pick<ScriptRow, "slug" | "property" | "name" | "value" | "place">) =>
    scriptRow(context, { framework, ...rest });
  const own = row({
    slug: "sentry.init",
    property: "sentry.enabled",
    name: "Sentry.init",
    value: off === undefined ? switched : scriptBoolean(false, off.origin),
    place: call.place,
  });
  const isOpen = options === undefined || options.kind !== "object" || options.isOpen;
  return [
    {
      ...own,
      value: keys.join(", "),
      ...(isOpen ? { condition: "not all of its options are known" } : {}),
    },
    ...Object.entries(OPTIONS).flatMap(([name, [slug, property]]) => {
      const option = optionOf(options, name);
      if (option.state !== "given") return [];
      const { place } = option;
      const told = row({ slug, property, name, value: toldValue(property, option), place });
      return [{ ...dsnRow(context, told, property, option.value), callLine: call.place.line }];
    }),
  ];
}

/** A scrubber is there or not; what it does is not looked at. */
function toldValue(property: SourceProperty, option: Option & { state: "given" }): ScriptValue {
  if (property === "sentry.scrubber") return scriptBoolean(option.value.kind !== "none");
  return option.value.kind === "function" ? scriptText("a function") : option.value;
}

/** A DSN is told without its key. */
function dsnRow(
  context: SourceContext,
  row: SourceSetting,
  property: SourceProperty,
  value: ScriptValue,
): SourceSetting {
  if (property !== "sentry.dsn") return row;
  const dsn = dsnOf(context, asSetting(value));
  if (dsn === undefined) return row;
  const from = row.variables.length === 0 ? "literal" : "env";
  return { ...row, value: "a DSN", resolved: { state: "known", value: dsn, from } };
}
