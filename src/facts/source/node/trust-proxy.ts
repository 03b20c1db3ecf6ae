import {
  type ScriptValue,
  scriptBoolean,
  scriptNone,
} from "../../../parsers/javascript/script-value.ts";
import { placeOf } from "../../../parsers/javascript/syntax.ts";
import { absentRow, type NodeApplication } from "./application.ts";
import { assignedMember } from "./assigned.ts";
import { optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { argumentOf, calleePath, conditionsOf, type ScriptCall, valuesOf } from "./run.ts";

/** Express: `app.set("trust proxy", …)`; Koa: `app.proxy = true`; Fastify: `trustProxy`. */
export function trustProxyRows(application: NodeApplication): readonly ScriptRow[] {
  const { run, framework } = application;
  const slug = `${framework}.trust_proxy`;
  const found = run.calls.flatMap((call) => ofCall(application, call));
  const assigned =
    framework === "koa"
      ? run.modules.flatMap(({ assignments, file }) =>
          assignments.flatMap((site) => {
            const member = assignedMember(site.node);
            if (member?.key !== "proxy" || !/^(?:app|koa|server)$/i.test(member.owner)) return [];
            return [
              row(application, {
                place: placeOf(site.node, file),
                value: run.live.evaluate(member.value, site.scope),
                conditions: conditionsOf(run, site),
              }),
            ];
          }),
        )
      : [];
  const rows = [...found, ...assigned];
  if (rows.length > 0) return rows;
  return [absentRow(application, { slug, name: "trust proxy", value: scriptBoolean(false) })];
}

/** What the application trusts; `undefined` for nothing. */
export function trustedProxy(application: NodeApplication): ScriptValue | undefined {
  const set = trustProxyRows(application).filter(({ isAbsent }) => isAbsent !== true);
  const last = set.at(-1);
  if (last === undefined) return undefined;
  const conditions = last.conditions ?? [];
  if (conditions.some(({ holds }) => holds === false)) return undefined;
  const open = conditions.find(({ holds }) => holds === undefined);
  if (open === undefined) return last.value;
  return { kind: "unknown", reason: open.text, origin: last.value.origin };
}

function ofCall(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  if (/^(?:set|enable|disable)$/.test(call.method)) return ofExpress(application, call);
  return application.framework === "fastify" ? ofFastify(application, call) : [];
}

function ofExpress(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const { run } = application;
  const name = argumentOf(run.live, call, 0);
  if (name?.kind !== "text" || name.text !== "trust proxy") return [];
  const value = argumentOf(run.live, call, 1);
  return [
    row(application, {
      place: call.place,
      value:
        call.method === "set" ? (value ?? scriptNone()) : scriptBoolean(call.method === "enable"),
      conditions: conditionsOf(run, call.site),
    }),
  ];
}

/** Nest hands the options of its adapter on. */
const FASTIFY = /^(?:fastify(?:\.fastify)?|@nestjs\/platform-fastify\.FastifyAdapter)$/;

function ofFastify(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const { run } = application;
  if (!FASTIFY.test(calleePath(run, call) ?? "")) return [];
  const option = optionOf(valuesOf(run.live, call)[0], "trustProxy");
  return option.state === "given"
    ? [row(application, { place: option.place, value: option.value })]
    : [];
}

function row(
  { framework }: NodeApplication,
  found: Pick<ScriptRow, "place" | "value" | "conditions">,
): ScriptRow {
  return {
    slug: `${framework}.trust_proxy`,
    property: "proxy.trusted",
    framework,
    name: "trust proxy",
    ...found,
  };
}
