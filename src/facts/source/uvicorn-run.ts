import type { CallRecord } from "../../parsers/python/machine.ts";
import { text, type Value } from "../../parsers/python/value.ts";
import { settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { runApplication } from "./python-application.ts";
import { pythonFilesWith } from "./python-files.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const NEEDLE = /\buvicorn\.(?:run|Config)\(/;
const STARTS = /^uvicorn\.(?:run|Config)$/;
/** Files that start a server which are looked at. */
const FILES_MAX = 4;

const ARGUMENTS: readonly (readonly [name: string, slug: string])[] = [
  ["host", "bind.address"],
  ["forwarded_allow_ips", "proxy.trusted"],
];

/** `uvicorn.run(app, host=..., forwarded_allow_ips=...)`: listed; which of several starts runs is not told here. */
export const uvicornRunReader: SourceReader = {
  frameworks: ["fastapi", "starlette"],
  needles: [NEEDLE],
  async read(context): Promise<readonly SourceSetting[]> {
    const rows: SourceSetting[] = [];
    for (const file of (await pythonFilesWith(context, NEEDLE)).slice(0, FILES_MAX)) {
      const { machine } = await runApplication(context, file, "live");
      const starts = machine.calls.filter((call) => call.file === file && STARTS.test(call.path));
      rows.push(...starts.flatMap((start) => rowsOf(context, start)));
    }
    return rows;
  },
};

function rowsOf(
  { setting }: SourceContext,
  { call, file, place }: CallRecord,
): readonly SourceSetting[] {
  return ARGUMENTS.flatMap(([name, slug]) => {
    const value = call.named.get(name);
    if (value === undefined) return [];
    const { line, column } = call.places?.get(name) ?? place;
    const found = { name: `uvicorn.${name}`, file, line, column, value: plain(value) };
    const { kind, variables, resolved, chain } = settingOf(setting, {
      ...found,
      fallback: undefined,
    });
    const shown = resolved.state === "known" ? JSON.stringify(resolved.value) : resolved.reason;
    return [
      {
        slug,
        subject: "uvicorn",
        file,
        line,
        column,
        kind,
        value: shown,
        variables,
        resolved,
        chain,
      },
    ];
  });
}

function plain(value: Value): Value {
  return value.kind === "path" ? text(value.path, value.origin) : value;
}
