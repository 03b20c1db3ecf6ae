import {
  type ScriptValue,
  scriptBoolean,
  scriptTruth,
  scriptUnknown,
  withScriptOrigins,
} from "../../../parsers/javascript/script-value.ts";
import type { NodeApplication } from "./application.ts";
import type { withDefault } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { trustedProxy } from "./trust-proxy.ts";

/** An option and whether it is given. */
export type Told = ReturnType<typeof withDefault>;

/**
 * `"auto"` is as the connection is: secure where the program serves TLS itself, and behind a proxy
 * where that one is trusted.
 */
export function secureOf(application: NodeApplication, told: Told): Told & Pick<ScriptRow, "kind"> {
  const { value } = told;
  if (value.kind !== "text" || value.text !== "auto") return told;
  const trusted = trustedProxy(application);
  const truth = trusted === undefined ? false : scriptTruth(trusted);
  const decided: ScriptValue =
    truth === undefined
      ? scriptUnknown('"auto" depends on whether the proxy is trusted', value)
      : scriptBoolean(truth, value.origin);
  return {
    ...told,
    value: withScriptOrigins(decided, trusted === undefined ? [] : [trusted]),
    ...(value.origin.reads.length === 0 ? { kind: writtenKind(value) } : {}),
  };
}

/** `"auto"` is written down; an expression that asks the connection is computed. */
function writtenKind({ isComposed }: ScriptValue): "literal" | "computed" {
  return isComposed === true ? "computed" : "literal";
}
