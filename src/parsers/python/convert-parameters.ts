import { childOf, isOfKind, namedChildren, type RawNode } from "./raw-tree.ts";
import type { Expression, Parameter } from "./syntax.ts";

type Convert = (node: RawNode | undefined, source: string) => Expression;

/** Parameters of a function or lambda; the markers `/` and `*` are left out. */
export function parametersOf(
  list: RawNode | undefined,
  source: string,
  convert: Convert,
): readonly Parameter[] {
  if (list === undefined) return [];
  return namedChildren(list).flatMap((parameter) => parameterOf(parameter, source, convert));
}

function parameterOf(node: RawNode, source: string, convert: Convert): readonly Parameter[] {
  switch (node.kind) {
    case "identifier":
      return [{ name: source.slice(node.start, node.end), spread: "", default: undefined }];
    case "default_parameter":
    case "typed_default_parameter":
      return [
        {
          name: nameOf(node, source),
          spread: "",
          default: convert(childOf(node, "value"), source),
        },
      ];
    case "typed_parameter":
      return namedChildren(node)
        .slice(0, 1)
        .flatMap((inner) => parameterOf(inner, source, convert));
    case "list_splat_pattern":
    case "dictionary_splat_pattern": {
      const inner = node.children.find(isOfKind("identifier"));
      if (inner === undefined) return [];
      const spread = node.kind === "list_splat_pattern" ? "*" : "**";
      return [{ name: source.slice(inner.start, inner.end), spread, default: undefined }];
    }
    default:
      return [];
  }
}

function nameOf(node: RawNode, source: string): string {
  const name = childOf(node, "name");
  return name === undefined ? "" : source.slice(name.start, name.end);
}
