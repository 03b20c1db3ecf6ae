import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { variablesIn } from "../../../parsers/nginx/variable.ts";
import { guardVariables } from "../../nginx/guard.ts";
import { insertInEdit, type NginxRule } from "../../nginx/rule.ts";
import { statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyMapWithoutDefault } from "./map-without-default.control.ts";

export const mapWithoutDefault: NginxRule = {
  slug: "map-without-default",
  status: "note",
  find(model) {
    const guards = new Set([
      ...model.places.flatMap(({ path }) => guardVariables(path)),
      ...statementsNamed(model, "auth_basic", "limit_except").flatMap(({ directive }) =>
        directive.args.flatMap(({ text }) => variablesIn(text)),
      ),
    ]);
    return model.https
      .flatMap((path) => ownDirectives(path, "map", "geo"))
      .filter(({ args, block = [] }) => {
        const name = args.at(-1)?.text.replace(/^\$/, "") ?? "";
        // An include that is left could not be read, and may hold it.
        return (
          guards.has(name) && !block.some((entry) => /^(?:default|\*|include)$/.test(entry.name))
        );
      })
      .map((at) => ({
        at,
        servers: [],
        message: `${at.args.at(-1)?.text} decides who is let in, and is empty for what the ${at.name} does not list`,
        fix: `Add a line to the ${at.name}: default "";`,
        edits: insertInEdit(at, 'default "";'),
      }));
  },
};

export const proxyMapWithoutDefaultProxy = proxyCheck({
  control: proxyMapWithoutDefault,
  reads: "map and geo blocks of nginx whose variable stands in an if that turns requests away.",
  nginx: [mapWithoutDefault],
  passes: "What tables leave open is said in the notes",
});
