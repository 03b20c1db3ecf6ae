import { remembered } from "../../core/remembered.ts";
import {
  type BlockPath,
  effectiveList,
  outerPath,
  ownDirectives,
} from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxRoute } from "./serving.ts";

/** One field that is set on requests handed on. */
export interface RequestField {
  /** Lower case. */
  readonly name: string;
  /** As written; an empty one takes the field away. */
  readonly value: string;
  readonly directive: NginxDirective;
}

/** The fields in force; a level with any replaces all of the outer ones. */
export function requestFields(
  path: BlockPath,
  directive = "proxy_set_header",
): readonly RequestField[] {
  return effectiveList(path, directive).map(fieldOf);
}

const fieldOf = remembered((directive: NginxDirective): RequestField => {
  const [name, value] = directive.args;
  return { name: name?.text.toLowerCase() ?? "", value: value?.text ?? "", directive };
});

/** The field of a name that is sent: the last one set, unless it is empty. */
export function sentField(
  fields: readonly RequestField[],
  ...names: readonly string[]
): RequestField | undefined {
  const found = fields.findLast(({ name }) => names.includes(name));
  return found?.value === "" ? undefined : found;
}

/** Whether requests go on as HTTP, with fields that `proxy_set_header` sets. */
export function isHttpRoute({ passes }: NginxRoute): boolean {
  return passes.some(({ name }) => name === "proxy_pass");
}

/**
 * Fields of outer levels that the innermost level with fields of its own leaves out, with the first of its
 * own; `undefined` where nothing is lost.
 */
export function lostFields(
  path: BlockPath,
): { readonly at: NginxDirective; readonly lost: readonly RequestField[] } | undefined {
  const depth = path.findLastIndex((_, at) => ownFields(outerPath(path, at + 1)).length > 0);
  const own = ownFields(outerPath(path, depth + 1)).map(fieldOf);
  const [first] = own;
  if (first === undefined) return undefined;
  const names = new Set(own.map(({ name }) => name));
  const outer = requestFields(outerPath(path, depth));
  const lost = outer.filter(({ name, value }) => value !== "" && !names.has(name));
  return lost.length === 0 ? undefined : { at: first.directive, lost };
}

function ownFields(path: BlockPath): readonly NginxDirective[] {
  return ownDirectives(path, "proxy_set_header");
}
