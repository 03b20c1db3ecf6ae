import {
  childrenOf,
  identifierOf,
  keyOf,
  literalOf,
  nodeOf,
  nodesOf,
  placeOf,
  SCRIPT_LENGTH_MAX,
  type SyntaxNode,
  syntaxTree,
} from "./syntax.ts";

/** A framework whose application object a file of Node makes. */
export type NodeFramework = "express" | "koa" | "fastify";

/** Where a JavaScript or TypeScript file makes an application. */
export interface NodeApplicationSign {
  readonly framework: NodeFramework;
  readonly line: number;
  readonly sign: string;
}

const NODES_MAX = 400_000;

interface Maker {
  readonly framework: NodeFramework;
  /** Names of the package's own that make one; its default export does where it is left out. */
  readonly named?: string;
  readonly isClass?: true;
}

/** Packages whose function or class makes an application (their readmes). */
const MAKERS: Readonly<Record<string, Maker>> = {
  express: { framework: "express" },
  koa: { framework: "koa", isClass: true },
  fastify: { framework: "fastify", named: "fastify" },
  "@nestjs/core": { framework: "express", named: "NestFactory" },
};

/** Text without which a file makes none. */
const NEEDLE = /["'](?:express|koa|fastify|@nestjs\/core)["']/;
/** Nest runs on Express where it is given no other platform. */
const NEST_FASTIFY = /["']@nestjs\/platform-fastify["']/;

/**
 * The place where `express()`, `new Koa()`, `fastify()` or `NestFactory.create()` is called under a name that was
 * imported or required; comments and strings do not count. `undefined` where there is none, or where the text is no
 * JavaScript.
 */
export function findNodeApplication(text: string): NodeApplicationSign | undefined {
  if (text.length > SCRIPT_LENGTH_MAX || !NEEDLE.test(text)) return undefined;
  const program = syntaxTree(text);
  if (program === undefined) return undefined;
  const names = new Map<string, Maker>();
  const calls: Made[] = [];
  let visited = 0;
  const pending: SyntaxNode[] = [program];
  while (visited < NODES_MAX) {
    const node = pending.pop();
    if (node === undefined) break;
    visited += 1;
    for (const [name, maker] of boundNames(node)) names.set(name, maker);
    const call = madeBy(node);
    if (call !== undefined) calls.push(call);
    pending.push(...childrenOf(node));
  }
  const made = calls
    .map((call) => ({ ...call, maker: call.maker ?? names.get(call.name) }))
    .sort((a, b) => a.line - b.line)
    .find(({ maker, isNew }) => maker !== undefined && (maker.isClass === true) === isNew);
  return made?.maker === undefined ? undefined : signOf(made, made.maker, text);
}

function signOf(
  { name, shown, line }: Pick<Made, "name" | "shown" | "line">,
  maker: Maker,
  text: string,
): NodeApplicationSign {
  const isFastify = maker.named === "NestFactory" && NEST_FASTIFY.test(text);
  return {
    framework: isFastify ? "fastify" : maker.framework,
    line,
    sign: `${shown ?? name}() is called`,
  };
}

interface Made {
  readonly name: string;
  /** `require("express")()` has no name. */
  readonly maker?: Maker;
  readonly shown?: string;
  readonly isNew: boolean;
  readonly line: number;
}

/** The names under which a node imports or requires what makes applications. */
function boundNames(node: SyntaxNode): readonly (readonly [string, Maker])[] {
  if (node.type === "VariableDeclarator") return requiredNames(node);
  if (node.type === "TSImportEqualsDeclaration") {
    const reference = nodeOf(node, "moduleReference");
    return bound(node["id"], makerOf(literalOf(reference?.["expression"])));
  }
  if (node.type !== "ImportDeclaration") return [];
  const maker = makerOf(literalOf(node["source"]));
  if (maker === undefined) return [];
  return nodesOf(node, "specifiers").flatMap((specifier) => {
    const isNamed = specifier.type === "ImportSpecifier";
    const name = isNamed ? identifierOf(specifier["imported"]) : undefined;
    // Fastify's default export is the function that goes by its name as well.
    const isMaker = isNamed ? name === maker.named : maker.named !== "NestFactory";
    return isMaker ? bound(specifier["local"], maker) : [];
  });
}

/** `const koa = require("koa")`, `const { fastify } = require("fastify")`. */
function requiredNames(node: SyntaxNode): readonly (readonly [string, Maker])[] {
  const maker = requiredMaker(nodeOf(node, "init"));
  if (maker === undefined) return [];
  const target = nodeOf(node, "id");
  if (target?.type !== "ObjectPattern") return bound(target, maker);
  return nodesOf(target, "properties").flatMap((property) =>
    identifierOf(property["key"]) === maker.named ? bound(property["value"], maker) : [],
  );
}

function bound(local: unknown, maker: Maker | undefined): readonly (readonly [string, Maker])[] {
  const name = identifierOf(local);
  return name === undefined || maker === undefined ? [] : [[name, maker]];
}

function madeBy(node: SyntaxNode): Made | undefined {
  const isNew = node.type === "NewExpression";
  if (!isNew && node.type !== "CallExpression") return undefined;
  const callee = nodeOf(node, "callee");
  if (callee === undefined) return undefined;
  const { line } = placeOf(node, "");
  const required = requiredMaker(callee);
  if (required !== undefined) return { name: required.framework, maker: required, isNew, line };
  // `NestFactory.create<T>()`.
  const owner = callee.type === "MemberExpression" ? nodeOf(callee, "object") : undefined;
  if (owner !== undefined && keyOf(callee, "property") === "create")
    return { name: identifierOf(owner) ?? "", shown: "NestFactory.create", isNew, line };
  const name = identifierOf(callee);
  return name === undefined ? undefined : { name, isNew, line };
}

function requiredMaker(node: SyntaxNode | undefined): Maker | undefined {
  if (node?.type !== "CallExpression") return undefined;
  const [given] = nodesOf(node, "arguments");
  return identifierOf(node["callee"]) === "require" ? makerOf(literalOf(given)) : undefined;
}

function makerOf(specifier: unknown): Maker | undefined {
  return typeof specifier === "string" && Object.hasOwn(MAKERS, specifier)
    ? MAKERS[specifier]
    : undefined;
}
