import { type ScriptValue, scriptUnknown } from "../../../parsers/javascript/script-value.ts";
import {
  childrenOf,
  identifierOf,
  literalOf,
  nodeOf,
  nodesOf,
  placeOf,
  type SyntaxNode,
  textOf,
} from "../../../parsers/javascript/syntax.ts";
import type { NodeApplication } from "./application.ts";
import { conditionsOfCall, type LibraryCall, libraryCalls } from "./library-calls.ts";
import { optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";

const WANTED =
  /^(?:express-rate-limit(?:\.rateLimit)?|koa-ratelimit|koa2-ratelimit\.RateLimit\.middleware|@fastify\/rate-limit|express-slow-down(?:\.slowDown)?|rate-limiter-flexible\.\w+)$/;
/** Options of these libraries that say who is not counted: a list, or a function of the request. */
const OPTIONS = ["skip", "allowList", "whitelist", "whiteList"] as const;

/** Addresses and fields of a request that let it past a limiter. */
export function limitExemptionRows(application: NodeApplication): readonly ScriptRow[] {
  return libraryCalls(application.run, WANTED).flatMap((library) =>
    OPTIONS.flatMap((name) => ofOption(application, library, name)),
  );
}

function ofOption(
  application: NodeApplication,
  { call, values, path }: LibraryCall,
  name: (typeof OPTIONS)[number],
): readonly ScriptRow[] {
  const option = optionOf(
    values.find(({ kind }) => kind === "object"),
    name,
  );
  if (option.state !== "given") return [];
  const shared = {
    framework: application.framework,
    name: `${path}.${name}`,
    conditions: conditionsOfCall(application, call),
  } as const;
  const { value, place } = option;
  if (value.kind === "list") return [{ ...shared, ...ADDRESSES, subject: name, place, value }];
  if (value.kind !== "function") return [];
  return comparisonsIn(value.node).flatMap(({ node, sides }): readonly ScriptRow[] => {
    const place = placeOf(node, value.scope.file);
    for (const [request, other] of sides) {
      const asked = whatIsAsked(request);
      if (asked === undefined) continue;
      const held = application.run.live.evaluate(other, value.scope);
      return asked.kind === "address"
        ? [{ ...shared, ...ADDRESSES, subject: name, place, value: asList(held) }]
        : [{ ...shared, ...FIELD, subject: asked.name, place, value: asSwitch(held) }];
    }
    return [];
  });
}

const ADDRESSES = { slug: "ratelimit.trusted_ips", property: "ratelimit.trusted" } as const;
const FIELD = { slug: "ratelimit.trusted_field", property: "ratelimit.trusted-field" } as const;

type Sides = readonly (readonly [SyntaxNode, SyntaxNode])[];

interface Comparison {
  readonly node: SyntaxNode;
  readonly sides: Sides;
}

/** Nodes of one function that are looked at. */
const NODES_MAX = 500;

function comparisonsIn(root: SyntaxNode): readonly Comparison[] {
  const found: Comparison[] = [];
  const pending = [root];
  for (let left = NODES_MAX; left > 0 && pending.length > 0; left -= 1) {
    const node = pending.shift();
    if (node === undefined) break;
    const sides = sidesOf(node);
    if (sides.length > 0) found.push({ node, sides });
    pending.push(...childrenOf(node));
  }
  return found;
}

/** `a === b` either way round; `list.includes(a)`, `set.has(a)` and `a.startsWith(b)`. */
function sidesOf(node: SyntaxNode): Sides {
  if (node.type === "CallExpression") return calledSides(node);
  const isEqual = node.type === "BinaryExpression" && /^===?$/.test(textOf(node, "operator") ?? "");
  const [left, right] = isEqual ? [nodeOf(node, "left"), nodeOf(node, "right")] : [];
  if (left === undefined || right === undefined) return [];
  return [
    [left, right],
    [right, left],
  ];
}

function calledSides(node: SyntaxNode): Sides {
  const callee = nodeOf(node, "callee");
  const object = callee === undefined ? undefined : nodeOf(callee, "object");
  const [first] = nodesOf(node, "arguments");
  if (object === undefined || first === undefined) return [];
  const method = methodOf(node);
  if (method === "startsWith") return [[object, first]];
  return method === "includes" || method === "has" ? [[first, listNode(object)]] : [];
}

function methodOf(node: SyntaxNode): string | undefined {
  const callee = nodeOf(node, "callee");
  return callee === undefined ? undefined : identifierOf(callee["property"]);
}

/** `new Set([…])` holds what the list holds. */
function listNode(node: SyntaxNode): SyntaxNode {
  const isSet = node.type === "NewExpression" && identifierOf(node["callee"]) === "Set";
  return (isSet ? nodesOf(node, "arguments")[0] : undefined) ?? node;
}

type Asked = { readonly kind: "address" } | { readonly kind: "field"; readonly name: string };

const ADDRESS = /^(?:ip|clientIp|remoteAddress)$/;

/** `req.ip`, `req.socket.remoteAddress`; `req.headers["x-token"]`, `req.get("x-token")`. */
function whatIsAsked(node: SyntaxNode): Asked | undefined {
  const name = node.type === "CallExpression" ? askedByCall(node) : askedByMember(node);
  if (name !== undefined) return { kind: "field", name };
  const last = identifierOf(node) ?? identifierOf(node["property"]) ?? "";
  return ADDRESS.test(last) ? { kind: "address" } : undefined;
}

function askedByCall(node: SyntaxNode): string | undefined {
  const method = methodOf(node);
  const isField = method === "get" || method === "header";
  return isField ? literalOf(nodesOf(node, "arguments")[0]) : undefined;
}

function askedByMember(node: SyntaxNode): string | undefined {
  const object = nodeOf(node, "object");
  const isHeaders = object !== undefined && identifierOf(object["property"]) === "headers";
  if (!isHeaders) return undefined;
  return literalOf(node["property"]) ?? identifierOf(node["property"]);
}

function asList(value: ScriptValue): ScriptValue {
  if (value.kind !== "text") {
    return value.kind === "list" ? value : scriptUnknown("which addresses is not known", value);
  }
  return { kind: "list", items: [value], isOpen: false, origin: value.origin };
}

/** Where what the field is compared with is not set nobody is let past; it is not told itself. */
function asSwitch(value: ScriptValue): ScriptValue {
  const { origin } = value;
  if (value.kind === "text") return { kind: "boolean", value: value.text !== "", origin };
  if (value.kind === "none") return { kind: "boolean", value: false, origin };
  return value.kind === "list"
    ? { kind: "boolean", value: true, origin }
    : scriptUnknown("what it is compared with is not known", value);
}
