import { defineFact } from "../core/fact.ts";
import { known, knownValue, type Problem, type Reading } from "../core/reading.ts";
import { isSecretName, type SecretMeasure } from "../core/secret.ts";
import { programName } from "../parsers/command-line/simple-command.ts";
import {
  type SystemdUnit,
  splitUnitWords,
  type UnitEntry,
  unitEnvironment,
  unitList,
  unitValue,
} from "../parsers/systemd-unit.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { measureOptions } from "./measure-options.ts";
import { measureSecret } from "./secret-measure.ts";
import { services } from "./services.fact.ts";
import { type UnitFile, unitFiles } from "./unit-files.fact.ts";
import { HARDENING_DIRECTIVES } from "./unit-hardening.ts";

/** With which rights the units of the application run, drop-ins merged. */
export interface UnitRights {
  /** `monitor.service`. */
  readonly name: string;
  readonly file: string;
  readonly isInstalled: boolean;
  /** `[Service]` starts something: a unit of drop-ins alone does not. */
  readonly start?: UnitLine;
  /** Base name of the program it starts. */
  readonly program?: string;
  /** Installed for a user's own manager (`WantedBy=default.target`), and so never root. */
  readonly isUserUnit: boolean;
  /** `User=`; absent for root. */
  readonly user?: UnitLine;
  readonly isDynamicUser: boolean;
  /** `Type=oneshot`. */
  readonly isOneShot: boolean;
  /** The directive in force of each key of systemd.exec(5) that takes rights away. */
  readonly directives: readonly UnitLine[];
  readonly environmentFiles: readonly UnitLine[];
  readonly credentials: readonly UnitLine[];
  /** Secrets written into `Environment=`: `systemctl show` tells them to every user. */
  readonly secrets: readonly {
    readonly key: string;
    readonly file: string;
    readonly line: number;
    readonly secret: SecretMeasure;
  }[];
  readonly problem?: { readonly file: string; readonly problem: Problem };
}

export interface UnitLine {
  readonly key: string;
  /** Never that of a secret. */
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

export const unitRights = defineFact({
  id: "unit-rights",
  title: "Rights of the application's units",
  access: "read",
  timeoutMs: 5_000,
  needs: { unitFiles },
  wants: { environmentValues, services },
  async collect(context, { unitFiles: units }, readings): Promise<Reading<readonly UnitRights[]>> {
    const options = measureOptions(
      knownValue(readings.environmentValues) ?? { assignments: [] },
      context.fingerprintKey,
    );
    const named = knownValue(readings.services)?.services ?? [];
    // A unit that only lies in the tree says nothing where an installed one runs the application.
    const isInUse = ({ name }: UnitFile): boolean =>
      readings.services.state !== "known" ||
      named.some((service) => service.kind === "unit" && service.name === name);
    return known(
      units.filter(isInUse).map((file) => rightsOf(file, (text) => measureSecret(text, options))),
    );
  },
});

function rightsOf(file: UnitFile, measure: (text: string) => SecretMeasure): UnitRights {
  const { name, unit, isInstalled, problem } = file;
  const user = unitValue(unit, "Service", "User");
  const start = unitList(unit, "Service", "ExecStart")[0];
  return {
    name,
    file: file.file,
    isInstalled,
    ...(start === undefined
      ? {}
      : { start: { ...lineOf(start), value: "" }, program: programOf(start.value) }),
    isUserUnit: isForUser(file),
    ...(user?.value ? { user: lineOf(user) } : {}),
    isDynamicUser: isYes(unitValue(unit, "Service", "DynamicUser")),
    isOneShot: unitValue(unit, "Service", "Type")?.value === "oneshot",
    directives: directivesOf(unit),
    environmentFiles: unitList(unit, "Service", "EnvironmentFile").map(lineOf),
    credentials: ["LoadCredential", "LoadCredentialEncrypted"].flatMap((key) =>
      unitList(unit, "Service", key).map(lineOf),
    ),
    secrets: unitEnvironment(unit)
      .filter(({ key, value }) => isSecretName(key) && value !== "" && !isPlace(key, value))
      .map(({ key, value, file: at, line }) => ({ key, file: at, line, secret: measure(value) })),
    ...(problem === undefined ? {} : { problem }),
  };
}

function programOf(command: string): string {
  return programName(splitUnitWords(command)[0] ?? "");
}

/** systemd.special(7): `default.target` is what a user's manager starts; a system's is an alias nobody wants by. */
function isForUser({ unit, file }: UnitFile): boolean {
  if (/(?:^|\/)systemd\/user\//.test(file)) return true;
  return unitList(unit, "Install", "WantedBy").some(({ value }) => value === "default.target");
}

/** A path or specifier that says where the secret is. */
function isPlace(key: string, value: string): boolean {
  return /_(?:FILE|PATH)$/.test(key) || /^(?:\/|%d\/|\$\{?CREDENTIALS_DIRECTORY)/.test(value);
}

function lineOf({ key, value, file, line }: UnitEntry): UnitLine {
  return { key, value, file, line };
}

function isYes(entry: UnitEntry | undefined): boolean {
  return /^(?:1|yes|true|on)$/i.test(entry?.value ?? "");
}

/** Of each key the last one; list keys add up, which changes nothing for what is asked of them. */
function directivesOf(unit: SystemdUnit): readonly UnitLine[] {
  const found = new Map<string, UnitLine>();
  for (const entry of unit.entries) {
    if (entry.section !== "Service" || !HARDENING_DIRECTIVES.has(entry.key)) continue;
    found.set(entry.key, lineOf(entry));
  }
  return [...found.values()];
}
