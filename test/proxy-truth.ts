import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "../src/checks/index.ts";
import { nginxWanted } from "../src/checks/proxy-rules/example-wanted.ts";
import type { Finding } from "../src/core/check.ts";
import { absent, known } from "../src/core/reading.ts";
import { maskNginx } from "../src/facts/nginx-mask.ts";
import { readNginx } from "../src/parsers/nginx/include.ts";
import { findDirectives } from "../src/parsers/nginx/inherit.ts";
import type { NginxDirective, NginxTree } from "../src/parsers/nginx/parse.ts";

/** One labelled configuration: what must be reported where, and what must not be. */
export interface ProxySample {
  readonly name: string;
  readonly truth: readonly {
    readonly slug: string;
    readonly severity: string;
    readonly file: string;
    readonly line: number;
    readonly why: string;
  }[];
  readonly clean_of: readonly string[];
  readonly may: readonly string[];
}

export interface Difference {
  readonly kind: "missed" | "false alarm";
  readonly slug: string;
  readonly where: string;
  readonly detail: string;
}

/** The configuration in a directory as the audit reads it. */
export async function readSample(directory: string): Promise<NginxTree> {
  const tree = await readNginx(join(directory, "nginx.conf"), {
    prefixDirectory: directory,
    read: (path) => {
      if (existsSync(path) && path.startsWith(directory))
        return { state: "known", value: readFileSync(path, "utf8") };
      // Shipped with nginx, not with the samples.
      return path.startsWith("/etc/nginx/") ? { state: "known", value: "" } : { state: "missing" };
    },
    list: (path) =>
      existsSync(path) ? { state: "known", value: readdirSync(path) } : { state: "missing" },
    nameOf: (path) => (path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path),
  });
  return maskNginx(tree);
}

/** Every finding of every check at the proxy layer. */
export function findingsIn(tree: NginxTree): readonly Finding[] {
  const wanted = { ...nginxWanted(""), nginx: known([{ file: tree.file, foundBy: "test", tree }]) };
  return checks
    .filter(
      ({ layer, control }) => layer === "proxy" && /^(?:proxy|hsts|headers)\./.test(control.id),
    )
    .flatMap((check) => {
      const others = Object.keys(check.wants).map((name) => [name, absent("not looked at")]);
      const outcome = check.evaluate({}, { ...Object.fromEntries(others), ...wanted });
      if (outcome.status === "pass") return outcome.notes ?? [];
      return outcome.status === "warn" || outcome.status === "fail" ? outcome.findings : [];
    });
}

/** Where the findings and the labels differ. */
export async function compareSample(
  directory: string,
  { truth, clean_of, may }: ProxySample,
): Promise<readonly Difference[]> {
  const tree = await readSample(directory);
  const findings = findingsIn(tree);
  const missed = truth
    .filter(
      ({ slug, file, line }) =>
        !findings.some(
          (one) =>
            one.rule === slug &&
            one.evidence.some((at) => at.file === file && isAt(tree, at.line ?? 0, file, line)),
        ),
    )
    .map(({ slug, file, line, why }): Difference => {
      const elsewhere = findings
        .filter(({ rule }) => rule === slug)
        .map(({ evidence }) => `${evidence[0].file}:${evidence[0].line}`);
      const detail = elsewhere.length === 0 ? why : `${why} (found at ${elsewhere.join(", ")})`;
      return { kind: "missed", slug, where: `${file}:${line}`, detail };
    });
  const expected = new Set(truth.map(({ slug }) => slug));
  const forbidden = new Set(clean_of.filter((slug) => !expected.has(slug) && !may.includes(slug)));
  const alarms = findings
    .filter(({ rule }) => forbidden.has(rule))
    .map(
      ({ rule, evidence: [at], message }): Difference => ({
        kind: "false alarm",
        slug: rule,
        where: `${at.file}:${at.line}`,
        detail: message,
      }),
    );
  return [...missed, ...alarms];
}

/** The very line; for what is missing from a block, any line that the labels count to it. */
function isAt(tree: NginxTree, seen: number, file: string, line: number): boolean {
  if (seen === line) return true;
  const block = innermostBlock(tree.directives, file, line);
  return block !== undefined && block.line === seen;
}

/** The innermost block whose own directives stand around this line. */
function innermostBlock(
  directives: readonly NginxDirective[],
  file: string,
  line: number,
): NginxDirective | undefined {
  const main: NginxDirective = {
    name: "main",
    args: [],
    block: directives,
    file,
    line: 1,
    column: 1,
  };
  const blocks = ["http", "server", "location", "stream"].flatMap((name) =>
    findDirectives([main], name).map(({ directive }) => directive),
  );
  return blocks
    .filter((one) => one.file === file && one.line <= line && lastLine(one) >= line)
    .sort((a, b) => b.line - a.line)[0];
}

function lastLine({ line, block = [] }: NginxDirective): number {
  return Math.max(line, ...block.map(lastLine));
}
