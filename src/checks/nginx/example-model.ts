/** Models and a harness for the tests of nginx rules; nothing here runs in an audit. */
import { parseNginx } from "../../parsers/nginx/parse.ts";
import { type NginxBuild, type NginxModel, nginxModel } from "./model.ts";
import { findingsOf, type NginxRule } from "./rule.ts";

/** The model of a text: a whole `nginx.conf`, or what stands in `http { }` (servers, maps). */
export function exampleModel(text: string, build: NginxBuild = {}): NginxModel {
  const tree = parseNginx(text, "nginx.conf");
  return nginxModel({ file: "nginx.conf", tree }, build);
}

/** What a rule finds in a text: `slug:line status`, in order of the lines. */
export function found(
  rules: readonly NginxRule[],
  text: string,
  build: NginxBuild = {},
): readonly string[] {
  const model = exampleModel(text, build);
  return rules
    .flatMap((rule) => findingsOf(rule, rule.find(model)))
    .map(({ rule, status, evidence }) => ({ rule, status, line: evidence[0].line ?? 0 }))
    .sort((a, b) => a.line - b.line || a.rule.localeCompare(b.rule))
    .map(({ rule, status, line }) => `${rule}:${line} ${status}`);
}
