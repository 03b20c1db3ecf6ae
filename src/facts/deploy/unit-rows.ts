import { isSecretName } from "../../core/secret.ts";
import { readCommandLine } from "../../parsers/command-line.ts";
import {
  parseUnit,
  type SystemdUnit,
  unitEnvironment,
  unitList,
  unitValue,
} from "../../parsers/systemd-unit.ts";
import { baseName } from "../target-path.ts";
import { HARDENING_DIRECTIVES } from "../unit-hardening.ts";
import { bindRows } from "./bind-rows.ts";
import { type DeployRow, lineHolding, variablesIn } from "./deploy-row.ts";
import { environmentRows } from "./environment-rows.ts";

/** What one unit, or one drop-in of a unit, says by itself. Never throws. */
export function unitRows(file: string, text: string): readonly DeployRow[] {
  const unit = parseUnit(text, file);
  const lines = text.split(/\r\n|\n|\r/);
  const isDropIn = /\.conf$/.test(file);
  if (!unit.entries.some(({ section }) => section === "Service")) return [];
  return [
    ...accountRows(file, unit, isDropIn),
    ...hardeningRows(file, unit, isDropIn),
    ...fileRows(file, unit),
    ...variableRows(file, unit, lines),
    ...startRows(file, unit, lines),
  ];
}

function accountRows(file: string, unit: SystemdUnit, isDropIn: boolean): readonly DeployRow[] {
  const subject = baseName(file);
  const user = unitValue(unit, "Service", "User");
  const group = unitValue(unit, "Service", "Group");
  const row = (slug: string, entry: NonNullable<typeof user>): DeployRow => ({
    slug,
    file,
    line: entry.line,
    kind: "literal",
    value: entry.value,
    subject,
  });
  const isDynamic = unitValue(unit, "Service", "DynamicUser") !== undefined;
  const absent: DeployRow = {
    slug: "systemd.user",
    file,
    line: null,
    kind: "absent",
    value: "root",
    subject,
  };
  return [
    ...(user === undefined ? (isDropIn || isDynamic ? [] : [absent]) : [row("systemd.user", user)]),
    ...(group === undefined ? [] : [row("systemd.group", group)]),
  ];
}

/** One row for each directive; one that says there is none. */
function hardeningRows(file: string, unit: SystemdUnit, isDropIn: boolean): readonly DeployRow[] {
  const subject = baseName(file);
  const slug = "systemd.hardening";
  const given = unit.entries
    .filter(({ section, key }) => section === "Service" && HARDENING_DIRECTIVES.has(key))
    .map(
      ({ key, value, line }): DeployRow => ({
        slug,
        file,
        line,
        kind: "literal",
        value: `${key}=${value}`,
        subject,
      }),
    );
  if (given.length > 0 || isDropIn) return given;
  return [{ slug, file, line: null, kind: "absent", value: "none", subject }];
}

function fileRows(file: string, unit: SystemdUnit): readonly DeployRow[] {
  const slugs = [
    ["EnvironmentFile", "systemd.envfile"],
    ["LoadCredential", "systemd.credential"],
    ["LoadCredentialEncrypted", "systemd.credential"],
    ["SetCredential", "systemd.credential_inline"],
  ] as const;
  return slugs.flatMap(([key, slug]) =>
    unitList(unit, "Service", key).map(({ value, line }): DeployRow => {
      const shown = key === "SetCredential" ? value.replace(/:.*$/s, "") : value;
      return { slug, file, line, kind: "literal", value: shown, subject: baseName(file) };
    }),
  );
}

function variableRows(
  file: string,
  unit: SystemdUnit,
  lines: readonly string[],
): readonly DeployRow[] {
  return unitEnvironment(unit).flatMap(({ key, value, line }) => {
    const place = lineHolding(lines, line, line + CONTINUED_LINES_MAX, `${key}=`);
    const variables = variablesIn(value);
    if (!isSecretName(key))
      return environmentRows({ file, line: place, key, value, kind: "literal", variables });
    const shown = `${value.length} characters`;
    const slug = "systemd.secret_env";
    return [{ slug, file, line: place, kind: "literal" as const, value: shown, subject: key }];
  });
}

/** Lines of one assignment that goes on. */
const CONTINUED_LINES_MAX = 60;

function startRows(
  file: string,
  unit: SystemdUnit,
  lines: readonly string[],
): readonly DeployRow[] {
  const variables = new Map(unitEnvironment(unit).map(({ key, value }) => [key, value]));
  return unitList(unit, "Service", "ExecStart").flatMap(({ value, line }) => {
    const { binds } = readCommandLine(value, (key) => variables.get(key));
    const end = endOfStatement(lines, line);
    return bindRows(binds, { file, lines, line, end, subject: baseName(file) });
  });
}

function endOfStatement(lines: readonly string[], start: number): number {
  let end = start;
  while (end < start + CONTINUED_LINES_MAX && /\\\s*$/.test(lines[end - 1] ?? "")) end += 1;
  return end;
}
