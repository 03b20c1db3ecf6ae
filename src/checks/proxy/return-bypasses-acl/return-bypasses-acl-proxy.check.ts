import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { accessRules, authenticationAt, networkAccess } from "../../nginx/admission.ts";
import { answersAll } from "../../nginx/content.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { type NginxStatement, statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyReturnBypassesAcl } from "./return-bypasses-acl.control.ts";

/** The rewrite phase, in which `return` answers, comes before the access phase (nginx development guide, phases). */
export const returnBypassesAcl: NginxRule = {
  slug: "return-bypasses-acl",
  status: "fail",
  find(model) {
    return statementsNamed(model, "return").flatMap(hitsAt);
  },
};

/** Words that say that something runs, and nothing else. */
const HEALTH = /^\W*(?:ok|up|healthy|alive|pong|ready|true|1|"?status"?\s*:\s*"?\w+"?)\W*$/i;

function hitsAt({ directive, place }: NginxStatement): readonly NginxHit[] {
  const [status = "", text] = directive.args.map((word) => word.text);
  // The server answers before a location is chosen: what stands in it is dead.
  const first = answersAll(place.server);
  const isDead = first !== undefined && first !== directive;
  if (isDead || !/^2\d\d$/.test(status) || text === undefined || text.trim() === "") return [];
  const rules = accessRules(place.path);
  const guard =
    networkAccess(rules) === "open"
      ? authenticationAt(place.path)
      : rules.find(({ name }) => name === "deny");
  if (guard === undefined || guard.name === "ssl_verify_client") return [];
  const isOwn = ownDirectives(place.path, guard.name).includes(guard);
  if (!isOwn && HEALTH.test(text)) return [];
  return [
    {
      at: directive,
      also: [guard],
      servers: [place.server],
      message: `return ${status} answers everybody: it comes before ${guard.name === "deny" ? "allow and deny" : guard.name} is looked at`,
      fix: "Move the return to a named location and lead to it with: try_files /.none @answer;",
    },
  ];
}

export const proxyReturnBypassesAclProxy = proxyCheck({
  control: proxyReturnBypassesAcl,
  reads: "return in every server and location of nginx, beside the access rules in force there.",
  nginx: [returnBypassesAcl],
  passes: "No return hands out content before access rules are looked at",
});
