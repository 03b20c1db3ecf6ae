import type { CommandBind } from "../../parsers/command-line.ts";
import { type DeployRow, lineHolding, variablesIn } from "./deploy-row.ts";

/** Where a command is written: its first and last line. */
export interface CommandLines {
  readonly file: string;
  readonly lines: readonly string[];
  readonly line: number;
  readonly end: number;
  readonly subject?: string;
}

/** One row for each address a start command is told, on the line of its option. */
export function bindRows(
  binds: readonly CommandBind[],
  { file, lines, line, end, subject }: CommandLines,
): readonly DeployRow[] {
  return binds
    .filter(({ isDefault }) => !isDefault)
    .map(({ address, port, isUnixSocket, text }) => {
      const variables = variablesIn(text);
      const shown = `${address === "" ? "*" : address}:${port === 0 ? "?" : port}`;
      const words = text.split(/[\s=]+/);
      const needle = words.find((word) =>
        lines.slice(line - 1, end).some((each) => each.includes(word)),
      );
      return {
        slug: "bind.address",
        file,
        line: needle === undefined ? line : lineHolding(lines, line, end, needle),
        kind: variables.length > 0 ? ("env" as const) : ("literal" as const),
        value: isUnixSocket ? `unix socket ${address}` : shown,
        ...(subject === undefined ? {} : { subject }),
        variables,
      };
    });
}
