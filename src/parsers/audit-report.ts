import { asJsonObject, type JsonObject } from "../core/json-object.ts";
/** What a dependency auditor's JSON says, whichever auditor wrote it. */
export interface AuditReport {
  /** Packages looked at; `undefined` where the format does not tell. */
  readonly examined: number | undefined;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly vulnerabilities: readonly Vulnerability[];
}

export interface Vulnerability {
  readonly package: string;
  readonly version: string;
  readonly id: string;
  readonly aliases: readonly string[];
  readonly fixedIn: readonly string[];
  readonly severity?: string;
}

/** `undefined`: not JSON, or not of this auditor. */
export type AuditParser = (text: string) => AuditReport | undefined;

/** Vulnerabilities kept of one report. */
export const VULNERABILITIES_MAX = 2_000;
/** Characters kept of a name, version or reason: reports are written by others. */
const TEXT_CHARS_MAX = 200;

/** pip-audit `--format json`: an object with `dependencies`, before 2.0 the bare list. */
export const parsePipAudit: AuditParser = (text) => {
  const root = parseJson(text);
  const list = Array.isArray(root) ? root : asJsonObject(root)?.["dependencies"];
  if (!Array.isArray(list)) return undefined;
  const entries = objects(list);
  if (entries.some((entry) => typeof entry["name"] !== "string")) return undefined;
  const isSkipped = (entry: JsonObject) => typeof entry["skip_reason"] === "string";
  const audited = entries.filter((entry) => !isSkipped(entry));
  if (audited.some((entry) => !Array.isArray(entry["vulns"]))) return undefined;
  return {
    examined: audited.length,
    skipped: entries
      .filter(isSkipped)
      .map((entry) => ({ name: textOf(entry["name"]), reason: textOf(entry["skip_reason"]) })),
    vulnerabilities: bounded(
      audited.flatMap((entry) =>
        objects(entry["vulns"]).map((vulnerability) => ({
          package: textOf(entry["name"]),
          version: textOf(entry["version"]),
          id: textOf(vulnerability["id"]),
          aliases: texts(vulnerability["aliases"]),
          fixedIn: texts(vulnerability["fix_versions"]),
        })),
      ),
    ),
  };
};

/** `npm audit --json`, report version 2 (npm 7 and later): one entry per package, advisories in `via`. */
export const parseNpmAudit: AuditParser = (text) => {
  const root = asJsonObject(parseJson(text));
  const vulnerabilities = asJsonObject(root?.["vulnerabilities"]);
  if (root === undefined || vulnerabilities === undefined) return undefined;
  const counts = asJsonObject(asJsonObject(root["metadata"])?.["dependencies"]);
  const total = counts?.["total"];
  return {
    examined: typeof total === "number" ? total : undefined,
    skipped: [],
    vulnerabilities: bounded(
      Object.values(vulnerabilities).flatMap((each) => npmAdvisories(asJsonObject(each) ?? {})),
    ),
  };
};

/** A `via` that is text names another vulnerable package, which has its own entry. */
function npmAdvisories(entry: JsonObject): readonly Vulnerability[] {
  const fix = asJsonObject(entry["fixAvailable"]);
  const fixedIn = fix === undefined ? [] : [`${textOf(fix["name"])}@${textOf(fix["version"])}`];
  return objects(entry["via"]).map((advisory) => {
    const url = textOf(advisory["url"]);
    const severity = textOf(advisory["severity"] ?? entry["severity"]);
    return {
      package: textOf(advisory["name"] ?? entry["name"]),
      version: textOf(entry["range"]),
      id: /GHSA-[\w-]+/.exec(url)?.[0] ?? textOf(advisory["source"]),
      aliases: [],
      fixedIn,
      ...(severity === "" ? {} : { severity }),
    };
  });
}

/** osv-scanner `--format json`, versions 1 and 2: `results[].packages[]`, by default only the vulnerable ones. */
export const parseOsvScanner: AuditParser = (text) => {
  const results = asJsonObject(parseJson(text))?.["results"];
  if (results !== null && !Array.isArray(results)) return undefined;
  const packages = objects(results).flatMap((result) => objects(result["packages"]));
  return {
    examined: packages.length > 0 ? packages.length : undefined,
    skipped: [],
    vulnerabilities: bounded(packages.flatMap(osvVulnerabilities)),
  };
};

function osvVulnerabilities(entry: JsonObject): readonly Vulnerability[] {
  const about = asJsonObject(entry["package"]) ?? {};
  const groups = objects(entry["groups"]);
  return objects(entry["vulnerabilities"]).map((vulnerability) => {
    const id = textOf(vulnerability["id"]);
    const group = groups.find((each) => texts(each["ids"]).includes(id));
    const named = asJsonObject(vulnerability["database_specific"])?.["severity"];
    const severity = textOf(named ?? group?.["max_severity"]).toLowerCase();
    return {
      package: textOf(about["name"]),
      version: textOf(about["version"]),
      id,
      aliases: texts(vulnerability["aliases"]),
      fixedIn: fixedVersions(vulnerability, textOf(about["name"])),
      ...(severity === "" ? {} : { severity }),
    };
  });
}

/** `affected[].ranges[].events[].fixed` (OSV schema), commits left out. */
function fixedVersions(vulnerability: JsonObject, name: string): readonly string[] {
  const ranges = objects(vulnerability["affected"])
    .filter((affected) => textOf(asJsonObject(affected["package"])?.["name"]) === name)
    .flatMap((affected) => objects(affected["ranges"]))
    .filter((range) => range["type"] !== "GIT");
  const fixed = ranges.flatMap((range) => objects(range["events"])).map(({ fixed }) => fixed);
  return [...new Set(fixed.filter((version) => typeof version === "string").map(textOf))];
}

function parseJson(text: string): unknown {
  // Some tools print a line before their JSON even with progress switched off.
  const start = text.search(/[[{]/);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(asJsonObject).filter((each) => each !== undefined) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string").map(textOf) : [];
}

function textOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.slice(0, TEXT_CHARS_MAX) : "";
}

function bounded(all: readonly Vulnerability[]): readonly Vulnerability[] {
  const byKey = new Map(all.map((each) => [`${each.package}\n${each.version}\n${each.id}`, each]));
  return [...byKey.values()].slice(0, VULNERABILITIES_MAX);
}
