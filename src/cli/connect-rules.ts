import { type ConnectToRule, parseConnectTo } from "../host/connect-to.ts";
import type { Options } from "./command.ts";
import { UsageError } from "./io.ts";

/** The `--connect-to` rules in the order given. Throws `UsageError` for one that does not parse. */
export function connectRules(options: Options): readonly ConnectToRule[] {
  return options.texts("connect-to").map((text) => {
    const rule = parseConnectTo(text);
    if (rule === undefined) {
      throw new UsageError(`--connect-to takes HOST1:PORT1:HOST2:PORT2, not "${text}"`);
    }
    return rule;
  });
}
