/** Fact values for the tests of checks; nothing here runs in an audit. */
import type { Reading } from "../../core/reading.ts";
import { absent, known } from "../../core/reading.ts";
import type { SecretMeasure } from "../../core/secret.ts";
import { describeSecret } from "../../core/secret.ts";
import type { AppSetting, Resolved } from "../../facts/app-settings.fact.ts";
import type { Application, Framework } from "../../facts/application.fact.ts";
import type { EnvFile, EnvFiles, PathAccess } from "../../facts/env-files.fact.ts";
import type { Environment, Variable } from "../../facts/environment.fact.ts";
import type { Services } from "../../facts/services.fact.ts";

/** A strong secret as it is measured. */
export const STRONG: SecretMeasure = {
  length: 86,
  distinct: 50,
  effectiveBits: 450,
  fingerprint: "1a2b3c4d",
  isBlank: false,
  isPlaceholder: false,
  isUnexpanded: false,
  hasInsecurePrefix: false,
  wordShare: 0.1,
};

export const NO_SUBJECT: Reading<never> = absent("not part of this example");

/** `KEY: "text"` for public keys in `.env`, `KEY: measure` for secrets; lines in order of keys. */
export function environmentOf(
  values: Readonly<Record<string, string | SecretMeasure | readonly Variable[]>>,
  rest: Partial<Environment> = {},
): Environment {
  const entries = Object.entries(values).flatMap(([key, value], at) => {
    const variables = Array.isArray(value)
      ? (value as readonly Variable[])
      : [variableOf(key, value as string | SecretMeasure, { line: at + 1 })];
    const [first, ...others] = variables;
    return first === undefined ? [] : [[key, [first, ...others]] as const];
  });
  return { variables: Object.fromEntries(entries), unreadable: [], isProcessSeen: false, ...rest };
}

export function variableOf(
  key: string,
  value: string | SecretMeasure,
  rest: Partial<Variable> = {},
): Variable {
  const place = { key, layer: "dotenv", file: ".env", reader: "python-dotenv" } as const;
  if (typeof value === "string") {
    const shown = JSON.stringify(value);
    const isEmpty = value === "";
    return { ...place, text: value, isEmpty, shown, fingerprint: `text:${value}`, ...rest };
  }
  return {
    ...place,
    secret: value,
    isEmpty: value.length === 0,
    shown: describeSecret(value),
    fingerprint: value.fingerprint,
    ...rest,
  };
}

/** The environment of the running service at exec, as a layer. */
export function processVariable(key: string, value: string | SecretMeasure): Variable {
  const place = { layer: "process", file: "/proc/10/environ", reader: "kernel" } as const;
  return variableOf(key, value, place);
}

export const UNREADABLE = {
  unreadable: [{ file: ".env", problem: { code: "denied", detail: "permission denied" } }],
} as const satisfies Partial<Environment>;

export function settingOf(
  name: string,
  resolved: Resolved,
  rest: Partial<AppSetting> = {},
): AppSetting {
  return {
    name,
    file: "config/settings.py",
    line: 12,
    column: 1,
    kind: "env",
    variables: [],
    resolved,
    chain: `${name} <- config/settings.py:12`,
    ...rest,
  };
}

export function applicationOf(...frameworks: readonly Framework[]): Application {
  return {
    frameworks: frameworks.map((framework) => ({
      framework,
      file: framework === "express" ? "server.js" : "app.py",
      line: 3,
      sign: framework,
    })),
    hasManagePy: frameworks.includes("django"),
    isStaticSite: false,
    problems: [],
  };
}

/** One systemd unit that runs the application, with the given command. */
export function servicesOf(command = "gunicorn config.wsgi"): Services {
  return {
    services: [
      {
        kind: "unit",
        name: "monitor.service",
        user: "svc",
        group: "svc",
        command,
        isApplication: true,
        isInContainer: false,
        pids: [10],
        file: "monitor.service",
        line: 4,
        restart: "systemctl restart monitor",
        sourcedFiles: [],
      },
    ],
    published: [],
    binds: [],
  };
}

/** A `.env` with sound modes, readable, with one key. */
export function envFileOf(rest: Partial<EnvFile>): EnvFile {
  return {
    path: ".env",
    usedBy: ".env beside manage.py",
    loaders: ["python-dotenv"],
    access: known(pathAccessOf({})),
    content: known({ keys: [{ key: "DJANGO_DEBUG", line: 1 }], anomalies: [] }),
    ...rest,
  };
}

/** Mode 0600, `svc:svc`, inside `/srv/app`. */
export function pathAccessOf(rest: Partial<PathAccess>): PathAccess {
  return {
    mode: 0o600,
    owner: "svc",
    group: "svc",
    acl: known([]),
    ancestors: [
      { path: "/srv/app", mode: 0o755, owner: "svc", group: "svc" },
      { path: "/srv", mode: 0o755, owner: "root", group: "root" },
    ],
    hasNoModes: false,
    ...rest,
  };
}

export function envFilesOf(...files: readonly EnvFile[]): EnvFiles {
  return {
    files,
    copies: [],
    samples: [],
    trusted: { owners: ["root", "svc"], groups: ["root", "svc"] },
  };
}
