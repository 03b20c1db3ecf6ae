import type { ScriptValue, ToldCondition } from "../../../parsers/javascript/script-value.ts";
import type { NodeApplication } from "./application.ts";
import { openCondition } from "./headers.ts";
import { calleePath, conditionsOf, type ScriptCall, type ScriptRun, valuesOf } from "./run.ts";

/** A call of a package, or its registration with a framework that takes package and options apart. */
export interface LibraryCall {
  /** `express-session`, `express-rate-limit.rateLimit`. */
  readonly path: string;
  readonly call: ScriptCall;
  /** Arguments without the plugin itself, under the effective environment. */
  readonly values: readonly ScriptValue[];
  /** The same with nothing set. */
  readonly bare: readonly ScriptValue[];
}

/** Calls of packages whose path `wanted` matches. */
export function libraryCalls(run: ScriptRun, wanted: RegExp): readonly LibraryCall[] {
  return run.calls.flatMap((call) => {
    if (call.method === "register" || call.method === "use") return handedOver(run, call, wanted);
    const path = calleePath(run, call);
    if (path === undefined || !wanted.test(path)) return [];
    return [{ path, call, values: valuesOf(run.live, call), bare: valuesOf(run.bare, call) }];
  });
}

/** `fastify.register(cors, options)`. */
function handedOver(run: ScriptRun, call: ScriptCall, wanted: RegExp): readonly LibraryCall[] {
  if (call.method !== "register") return [];
  const [plugin, ...values] = valuesOf(run.live, call);
  if (plugin?.kind !== "external" || plugin.call !== undefined || !wanted.test(plugin.path))
    return [];
  return [{ path: plugin.path, call, values, bare: valuesOf(run.bare, call).slice(1) }];
}

/** Conditions under which what a call makes is used, and below which path. */
export function conditionsOfCall(
  { run, registrations }: NodeApplication,
  call: ScriptCall,
): readonly ToldCondition[] {
  const registration = registrations.get(call.node);
  const own = conditionsOf(run, call.site);
  if (registration?.below === undefined) return own;
  return [...own, openCondition(`only below ${registration.below}`)];
}
