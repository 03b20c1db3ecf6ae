import { type BlockPath, findDirectives, ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { variablesIn } from "../../parsers/nginx/variable.ts";
import type { NginxModel } from "./model.ts";

/** What a text is made of once `map`, `geo`, `split_clients` and `set` are followed to their sources. */
export interface TextSources {
  /** Variables of nginx (`http_x_forwarded_for`, `remote_addr`) whose text may become part of it. */
  readonly texts: ReadonlySet<string>;
  /** Variables that choose between texts. */
  readonly choices: ReadonlySet<string>;
  /** Variables that choose, of tables that are empty by an entry and not by default. */
  readonly exemptions: ReadonlySet<string>;
}

interface Definition {
  /** References in the texts it may become, but those to groups of the patterns. */
  readonly references: string;
  /** What chooses between the texts; none for `set`. */
  readonly chooser?: string;
  /** A text refers to a group of a pattern, which holds what the chooser holds. */
  readonly isCaptured?: boolean;
  readonly isVarying?: boolean;
  /** Entries make it empty which by default is not. */
  readonly isExempting?: boolean;
  /** The server a `set` stands in. */
  readonly server?: NginxDirective;
}

const indexes = new WeakMap<NginxModel, ReadonlyMap<string, readonly Definition[]>>();

/** Texts followed for one text: maps of maps are two or three deep. */
export const REFERENCES_MAX = 500;

/** Follows every variable of a text; `path` tells whose `set` counts, without a server in it everybody's. */
export function textSources(model: NginxModel, text: string, path: BlockPath): TextSources {
  const index = indexes.get(model) ?? indexOf(model);
  indexes.set(model, index);
  const server = path.find(({ name }) => name === "server");
  const found: Found = {
    texts: new Set<string>(),
    choices: new Set<string>(),
    exemptions: new Set<string>(),
  };
  const done = new Map<Set<string>, Set<string>>();
  const queue: Task[] = [{ text, into: found.texts }];
  for (let left = REFERENCES_MAX; left > 0; left -= 1) {
    const task = queue.shift();
    if (task === undefined) break;
    const { into } = task;
    const seen = done.get(into) ?? new Set();
    done.set(into, seen);
    for (const name of variablesIn(task.text).filter((one) => !seen.has(one))) {
      seen.add(name);
      const definitions = definitionsOf(index, name, server);
      if (definitions.length === 0) into.add(name);
      queue.push(...definitions.flatMap((definition) => follow(definition, into, found)));
    }
  }
  return found;
}

/** The members of `TextSources`, while they are filled. */
type Found = { readonly [K in keyof TextSources]: Set<string> };

interface Task {
  readonly text: string;
  readonly into: Set<string>;
}

function definitionsOf(
  index: ReadonlyMap<string, readonly Definition[]>,
  name: string,
  server: NginxDirective | undefined,
): readonly Definition[] {
  return (index.get(name) ?? []).filter(
    (one) => one.server === undefined || server === undefined || one.server === server,
  );
}

function follow(
  { references, chooser, isCaptured, isVarying, isExempting }: Definition,
  into: Set<string>,
  found: Found,
): readonly Task[] {
  const own = references === "" ? [] : [{ text: references, into }];
  if (chooser === undefined) return own;
  // What chooses between the texts of a chooser chooses, too.
  const isFollowed = isCaptured || (isVarying && into !== found.texts);
  return [
    ...own,
    ...(isFollowed ? [{ text: chooser, into }] : []),
    ...(isVarying ? [{ text: chooser, into: found.choices }] : []),
    ...(isExempting ? [{ text: chooser, into: found.exemptions }] : []),
  ];
}

function indexOf(model: NginxModel): ReadonlyMap<string, readonly Definition[]> {
  const index = new Map<string, Definition[]>();
  const add = (reference: string, definition: Definition): void => {
    const name = reference.replace(/^\$\{?|\}$/g, "");
    const list = index.get(name) ?? [];
    list.push(definition);
    index.set(name, list);
  };
  for (const http of model.https) {
    for (const table of ownDirectives(http, "map", "geo", "split_clients")) {
      const variable = table.args.at(-1)?.text;
      if (variable !== undefined) add(variable, tableOf(table));
    }
    for (const { directive, path } of findDirectives(http, "set")) {
      const [variable, value] = directive.args;
      const server = path.find(({ name }) => name === "server");
      if (variable === undefined || value === undefined || server === undefined) continue;
      add(variable.text, { references: value.text, server });
    }
  }
  return index;
}

/** `hostnames`, `volatile`, `ranges` have no value; `include` is left over where a file was not read. */
const NOT_ENTRIES: ReadonlySet<string> = new Set(["include", "proxy", "delete"]);

function tableOf({ name, args, block = [] }: NginxDirective): Definition {
  const entries = block.filter((one) => one.args.length === 1 && !NOT_ENTRIES.has(one.name));
  const values = entries.map((one) => one.args[0]?.text ?? "");
  const standard = entries.find((one) => one.name === "default" || one.name === "*");
  const isExempting = values.includes("") && (standard?.args[0]?.text ?? "") !== "";
  const captures = new Set(
    entries.flatMap((one) =>
      [...one.name.matchAll(/\(\?P?[<'](\w+)[>']/g)].map((found) => found[1] ?? ""),
    ),
  );
  const given = args.length > 1 ? args[0]?.text : undefined;
  const chooser = given ?? (name === "geo" ? "$remote_addr" : "");
  const all = new Set(standard === undefined ? [...values, ""] : values);
  const variables = new Set([...all].flatMap(variablesIn));
  const isGroup = (name: string): boolean => /^\d$/.test(name) || captures.has(name);
  const followed = [...variables].filter((name) => !isGroup(name));
  return {
    references: followed.map((name) => `\${${name}}`).join(" "),
    chooser,
    isCaptured: [...variables].some(isGroup),
    isVarying: all.size > 1,
    isExempting,
  };
}

/** What a client writes as it likes: fields, cookies and parameters of its request. */
export function isClientVariable(name: string): boolean {
  return /^(?:http|arg|cookie)_/.test(name) || OTHER_CLIENT_VARIABLES.has(name);
}

/** Fields that claim something about the client; a secret in another field is known to few. */
const CLAIMS =
  /^\$http_(?:x_forwarded\w*|forwarded|x_real_ip|x_client_ip|x_cluster_client_ip|client_ip|true_client_ip|cf_connecting_ip|fastly_client_ip|x_original_\w+|user_agent|referer|origin|via)$/;

/** Whether a variable, as it is written in a configuration, holds what a client claims about itself. */
export function isClaim(variable: string): boolean {
  return CLAIMS.test(variable);
}

const OTHER_CLIENT_VARIABLES: ReadonlySet<string> = new Set([
  "args",
  "query_string",
  "proxy_add_x_forwarded_for",
]);

/** The variables among these that clients write, as they are written in a configuration. */
export function clientVariables(names: Iterable<string>): readonly string[] {
  return [...names].filter(isClientVariable).map((name) => `$${name}`);
}
