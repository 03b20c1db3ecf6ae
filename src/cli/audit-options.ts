import { ACCESS, type Access, ROLES, type Role } from "../core/fact.ts";
import type { OptionDefinitions, Options } from "./command.ts";
import { UsageError } from "./io.ts";

/** Options of every command that judges a deployment. */
export const AUDIT_OPTIONS = {
  url: {
    type: "string",
    multiple: true,
    value: "URL",
    help: "also look from the outside at this address (repeatable)",
  },
  only: {
    type: "string",
    multiple: true,
    value: "SELECTOR",
    help: "id, glob, area, severity or layer to run (repeatable)",
  },
  skip: {
    type: "string",
    multiple: true,
    value: "SELECTOR",
    help: "id, glob, area, severity or layer to leave out (repeatable)",
  },
  mode: {
    type: "string",
    value: "MODE",
    help: 'instead of detecting: "standalone", "agent", "hub" or "agent,hub"',
  },
  offline: { type: "boolean", help: "open no connection; what needs one is unknown" },
  strict: { type: "boolean", help: "unknown fails for critical controls and warns for all others" },
  timeout: {
    type: "string",
    value: "SECONDS",
    help: "limit for the whole audit (default 120); exit 3 when it runs out",
  },
  recorded: {
    type: "string",
    value: "DIR",
    help: "facts recorded in DIR stand in for the machine",
  },
  "no-host": { type: "boolean", help: "read the directory only, nothing else of this machine" },
  osv: {
    type: "string",
    value: "FILE",
    help: "advisories of plimsoll osv import (default: .plimsoll/osv.idx in DIR)",
  },
  now: { type: "string", value: "ISO", help: "the clock, for expiries (default: now)" },
  "connect-to": {
    type: "string",
    multiple: true,
    value: "H1:P1:H2:P2",
    help: "connect to H2:P2 instead of H1:P1, as curl does (repeatable)",
  },
  cacert: { type: "string", value: "FILE", help: "also trust the certificates in this PEM file" },
  "attest-key": {
    type: "string",
    multiple: true,
    value: "KEY|FILE",
    help: "trust attestations by this public key, or those of this file (repeatable)",
  },
  deployment: {
    type: "string",
    value: "NAME",
    help: "the name attestations call this deployment (default: DIR's name, the URLs' hosts)",
  },
  release: {
    type: "string",
    value: "ID",
    help: "the release that is audited (default: the commit that is checked out)",
  },
} as const satisfies OptionDefinitions;

/** The option that lets code of the audited project run. */
export const RUN_OPTIONS = {
  "run-tests": {
    type: "boolean",
    help: "RUN CODE OF THE PROJECT: its own security tests, in its own environment, as you",
  },
} as const satisfies OptionDefinitions;

/** Options of how output looks. */
export const OUTPUT_OPTIONS = {
  format: {
    type: "string",
    multiple: true,
    value: "F[:FILE]",
    help: "text or json, to a file where one is given (repeatable)",
  },
  json: { type: "boolean", help: "the report as JSON: --format json" },
  color: {
    type: "string",
    value: "WHEN",
    help: "auto, always or never (default auto; NO_COLOR and FORCE_COLOR count)",
  },
  verbose: {
    type: "boolean",
    short: "v",
    help: "list passed and skipped controls with their evidence",
  },
  quiet: { type: "boolean", short: "q", help: "no progress and no notes on stderr" },
} as const satisfies OptionDefinitions;

const TIMEOUT_SECONDS_DEFAULT = 120;
/** With `--run-tests`: two runners take nine minutes each at most. */
const RUN_TESTS_SECONDS = 1_200;
const TIMEOUT_SECONDS_MAX = 86_400;

/** The whole audit's time limit in milliseconds. */
export function timeoutMs(options: Options): number {
  const text = options.text("timeout");
  if (text === undefined)
    return (options.isOn("run-tests") ? RUN_TESTS_SECONDS : TIMEOUT_SECONDS_DEFAULT) * 1_000;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > TIMEOUT_SECONDS_MAX) {
    throw new UsageError(
      `--timeout takes seconds above 0, up to ${TIMEOUT_SECONDS_MAX}, not "${text}"`,
    );
  }
  return seconds * 1_000;
}

/** A day. */
const LIST_MS_MAX = 86_400_000;

/** A list (`--targets`) may be as long as it likes: each target has its own limits, and all of them only the one that is given. */
export function listTimeoutMs(options: Options): number {
  const isList = options.text("targets") !== undefined && options.text("timeout") === undefined;
  return isList ? LIST_MS_MAX : timeoutMs(options);
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** `--now` in milliseconds since the epoch; a date alone is midnight UTC. */
export function clockMs(options: Options): number | undefined {
  const text = options.text("now");
  if (text === undefined) return undefined;
  const ms = ISO_DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `--now takes an ISO 8601 date or time with zone (2026-11-22T00:00:00Z), not "${text}"`,
    );
  }
  return ms;
}

/** `--mode`, or what `PLIMSOLL_MODE` says. */
export function modeOption(text: string | undefined): "auto" | readonly Role[] {
  if (text === undefined || text === "" || text === "auto") return "auto";
  if (text === "standalone") return [];
  const words = text.split(/[,+]/).map((word) => word.trim());
  const roles = ROLES.filter((role) => words.includes(role));
  if (roles.length !== new Set(words).size) {
    throw new UsageError(`--mode takes "standalone", "agent", "hub" or "agent,hub", not "${text}"`);
  }
  return roles;
}

/** What the operator grants: active probing never by these options, connections unless `--offline`. */
export function grantedAccess(options: Options): ReadonlySet<Access> {
  const refused: readonly Access[] = options.isOn("offline") ? ["connect", "probe"] : ["probe"];
  return new Set(ACCESS.filter((access) => !refused.includes(access)));
}

/** Live targets: absolute http(s) URLs. */
export function targetUrls(options: Options): readonly string[] {
  return options.texts("url").map((text) => {
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      const shown = text.replace(/\/\/[^/]*@/, "//***@").replace(/\?.*$/s, "?***");
      throw new UsageError(`--url takes an absolute http:// or https:// address, not "${shown}"`);
    }
    // Never sent, so that it need not be kept out of every message.
    url.username = "";
    url.password = "";
    return url.href;
  });
}
