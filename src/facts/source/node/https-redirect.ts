import { scriptBoolean } from "../../../parsers/javascript/script-value.ts";
import {
  cookedOf,
  literalOf,
  nodeOf,
  nodesOf,
  type SyntaxNode,
} from "../../../parsers/javascript/syntax.ts";
import type { NodeApplication } from "./application.ts";
import { whereItRuns } from "./headers.ts";
import { conditionsOfCall, libraryCalls } from "./library-calls.ts";
import type { ScriptRow } from "./row.ts";
import { argumentOf, type ScriptCall } from "./run.ts";

/** Packages whose middleware sends plain requests on to https (their readmes). */
const PACKAGE =
  /^(?:koa-sslify|koa-ssl|koa-force-https?|express-sslify|express-enforces-ssl|express-force-ssl|express-force-https|express-http-to-https|express-to-https|heroku-ssl-redirect|redirect-ssl|https-redirect|ssl-express-www|yes-https)(?:\.(?:HTTPS|default|redirectToHTTPS|create|httpsRedirect))?$/;

/** Plain requests are sent on to https: by a package, or by middleware of the project. */
export function redirectRows(application: NodeApplication): readonly ScriptRow[] {
  return [
    ...libraryCalls(application.run, PACKAGE).map(({ call, path }) =>
      redirectRow(application, call, path, conditionsOfCall(application, call)),
    ),
    ...application.run.calls.flatMap((call) => [
      ...handedOver(application, call),
      ...ownRedirect(application, call),
    ]),
  ];
}

function redirectRow(
  { framework }: NodeApplication,
  { place }: ScriptCall,
  subject: string,
  conditions: ScriptRow["conditions"] & {},
): ScriptRow {
  return {
    slug: `${framework}.force_https`,
    property: "redirect.https",
    framework,
    subject,
    name: "redirect to https",
    place,
    value: scriptBoolean(true),
    conditions,
  };
}

/** `app.use(forceSsl)`: the package's export is the middleware. */
function handedOver(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  if (call.method !== "use") return [];
  const given = argumentOf(application.run.live, call, 0);
  if (given?.kind !== "external" || given.call !== undefined || !PACKAGE.test(given.path))
    return [];
  return [redirectRow(application, call, given.path, conditionsOfCall(application, call))];
}

/** `res.redirect("https://" + req.headers.host + req.url)` in middleware. */
function ownRedirect(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  if (call.method !== "redirect" || call.receiver === undefined) return [];
  const target = nodesOf(call.node, "arguments").at(-1);
  if (target === undefined || !/^https:\/\/$/.test(beginning(target))) return [];
  const conditions = whereItRuns(application, call);
  return conditions === undefined
    ? []
    : [redirectRow(application, call, "the project's own", conditions)];
}

/** The text a target begins with, before what comes from the request. */
function beginning(node: SyntaxNode): string {
  if (node.type === "TemplateLiteral") {
    const [quasi] = nodesOf(node, "quasis");
    return quasi === undefined ? "" : (cookedOf(quasi) ?? "");
  }
  if (node.type !== "BinaryExpression") return "";
  const left = nodeOf(node, "left");
  return left === undefined ? "" : (literalOf(left) ?? beginning(left));
}
