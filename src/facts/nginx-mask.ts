import { remembered } from "../core/remembered.ts";
import { isSecretName } from "../core/secret.ts";
import type { NginxDirective, NginxTree } from "../parsers/nginx/parse.ts";
import type { NginxWord } from "../parsers/nginx/tokenize.ts";
import { hideSecrets, looksRandom, MASK, mapKept } from "./secret-text.ts";

/**
 * The same tree without what may be a secret: passwords and tokens in fields that are set, in variables
 * named like a secret, in what requests are compared with, in URLs, and Lua. Names, paths, variables and
 * positions stay, so that what the configuration does can still be told. Directives in which nothing is
 * hidden are the same objects in both trees.
 */
export const maskNginx = remembered((tree: NginxTree): NginxTree => {
  return { ...tree, directives: mapKept(tree.directives, maskDirective) };
});

/** What the mask changed: a word, or the body of a Lua block, of which nothing is left. */
export interface HiddenWord {
  readonly kind: "word" | "lua";
  /** Where it begins. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** What stands in its place. */
  readonly shown: string;
}

/** Everything in the tree that `maskNginx` changes, in order. */
export function hiddenWords(tree: NginxTree): readonly HiddenWord[] {
  const hidden: HiddenWord[] = [];
  addHidden(tree.directives, maskNginx(tree).directives, hidden);
  return hidden;
}

function addHidden(
  own: readonly NginxDirective[],
  masked: readonly NginxDirective[],
  hidden: HiddenWord[],
): void {
  for (const [at, directive] of own.entries()) {
    const other = masked[at];
    if (other === undefined || other === directive) continue;
    hidden.push(...hiddenIn(directive, other));
    addHidden(directive.block ?? [], other.block ?? [], hidden);
  }
}

function hiddenIn(
  { name, args, file, line, lua }: NginxDirective,
  other: NginxDirective,
): readonly HiddenWord[] {
  const words = [
    { file, line, text: name, shown: other.name },
    ...args.map((word, at) => ({ ...word, shown: other.args[at]?.text ?? MASK })),
  ];
  const changed = words.filter(({ text, shown }) => text !== shown);
  return [
    ...(lua === undefined ? [] : [{ kind: "lua", file, line, text: lua, shown: "" } as const]),
    ...changed.map(
      ({ file: of, line: at, text, shown }) =>
        ({ kind: "word", file: of, line: at, text, shown }) as const,
    ),
  ];
}

/** Directives whose first argument names what the others are the value of. */
const NAMED_VALUES: ReadonlySet<string> = new Set([
  "add_header",
  "fastcgi_param",
  "grpc_set_header",
  "more_set_headers",
  "more_set_input_headers",
  "proxy_set_header",
  "scgi_param",
  "set",
  "uwsgi_param",
  "sub_filter",
  "js_var",
  "auth_http_header",
]);
/** Of these, what goes to the client: a random value is no secret there. */
const ANSWERS: ReadonlySet<string> = new Set(["add_header", "more_set_headers", "sub_filter"]);
/** Directives whose arguments are addresses: in their queries may stand what opens a door. */
const ADDRESSES = /^(?:return|rewrite|error_page|try_files)$|_pass$/;
/** Programs in a word. */
const INLINE_CODE = /_by_lua$|^perl(?:_set)?$/;
/** Directives whose argument mixes variables with a word that nobody else may know. */
const HASHED: ReadonlySet<string> = new Set(["secure_link_md5", "secure_link_hmac_message"]);
/** Directives whose every argument is a secret. */
const SECRET_DIRECTIVES: ReadonlySet<string> = new Set([
  "secure_link_secret",
  "secure_link_hmac_secret",
  "auth_jwt_key",
  "ssl_engine_key",
  "env_secret",
]);
/** Blocks whose entries pair a value of their first argument's variable with another. */
const PAIRS: ReadonlySet<string> = new Set(["map", "geo", "split_clients"]);

function maskDirective(directive: NginxDirective): NginxDirective {
  const { name, args, block, lua } = directive;
  // A line that is no directive may be a key that was pasted into the file.
  const ownName = looksRandom(name) ? MASK : name;
  const ownArgs = maskArguments(name, args);
  const ownBlock =
    block === undefined || !PAIRS.has(name)
      ? block && mapKept(block, maskDirective)
      : maskPairs(args, block);
  const isKept = ownName === name && ownArgs === args && ownBlock === block && lua === undefined;
  if (isKept) return directive;
  return {
    ...directive,
    name: ownName,
    args: ownArgs,
    ...(ownBlock !== undefined && { block: ownBlock }),
    ...(lua !== undefined && { lua: "" }),
  };
}

/** The entries of a table: what a client must know is in the keys, what it makes of that in the values. */
function maskPairs(
  heads: readonly NginxWord[],
  entries: readonly NginxDirective[],
): readonly NginxDirective[] {
  const hidesKeys = heads.some(({ text }) => isSecretField(text));
  const hidesValues = SECRET_RESULT.test(heads.at(-1)?.text ?? "");
  return mapKept(entries, (entry) => {
    const isHidden = !KEPT_KEYS.has(entry.name) && (hidesKeys || looksRandom(entry.name));
    const name = isHidden ? MASK : entry.name;
    const args = mapKept(entry.args, hidesValues ? maskLiteral : maskInside);
    return name === entry.name && args === entry.args ? entry : { ...entry, name, args };
  });
}

/** Names of variables that hold a secret, not the answer to one. */
const SECRET_RESULT = /authorization|api[-_]?key|token|secret|passw|credential/i;

/** Keys of `map` that are no values of a client. */
const KEPT_KEYS: ReadonlySet<string> = new Set([
  "default",
  "",
  "hostnames",
  "volatile",
  "include",
  "~.",
  "~.+",
  "~^$",
]);

function maskArguments(name: string, args: readonly NginxWord[]): readonly NginxWord[] {
  if (SECRET_DIRECTIVES.has(name)) return args.map(masked);
  if (INLINE_CODE.test(name))
    return args.map((word) => (word.text.startsWith("$") ? word : masked(word)));
  if (HASHED.has(name)) return args.map(maskBetweenVariables);
  if (name === "if" && args.some(({ text }) => isSecretField(text)))
    return mapKept(args, maskOperand);
  const isValued = NAMED_VALUES.has(name);
  const isNamed = isValued && isSecretField(args[0]?.text ?? "");
  const hidesRandom = name === "if" || (isValued && !ANSWERS.has(name));
  const isAddress = ADDRESSES.test(name);
  const [first] = args;
  return mapKept(args, (word) => {
    if (word !== first && isNamed) return maskLiteral(word);
    if (isAddress) return maskQuery(maskInside(word));
    return hidesRandom && looksRandom(word.text) ? masked(word) : maskInside(word);
  });
}

/** `"$uri s3cret"`: the variables stay. */
function maskBetweenVariables(word: NginxWord): NginxWord {
  return { ...word, text: word.text.replaceAll(/(\$\{?\w+\}?)|[^$]+/g, (_, name) => name ?? MASK) };
}

/** Fields, cookies and variables that carry who somebody is. */
const SECRET_FIELD =
  /authorization|api[-_]?key|token|secret|passw|credential|^\$?cookie$|session|x[-_]auth|signature|(?:^|[-_])pwd?$/i;

/** Answers to browsers that only have a word of secrets in their name: `Access-Control-Allow-Credentials`. */
const PUBLIC_FIELD = /^access-control-/i;

function isSecretField(text: string): boolean {
  if (PUBLIC_FIELD.test(text)) return false;
  const name = text.replace(/^\(?\$\{?/, "").replace(/\}$/, "");
  return SECRET_FIELD.test(name) || isSecretName(name.replaceAll("-", "_"));
}

/** What a comparison in `if` compares with; operators and variables stay. */
function maskOperand(word: NginxWord): NginxWord {
  return /^[(!=~*]*\$|^[!=~*()-]+[fdex]?$/.test(word.text) ? word : maskLiteral(word);
}

/** A value that is not wholly made of variables. */
function maskLiteral(word: NginxWord): NginxWord {
  const rest = word.text
    .replaceAll(/\$\{?\w+\}?/g, "")
    .replaceAll(/^(?:Bearer|Basic)\b|[\s"]/gi, "");
  return rest.length === 0 || KEPT_VALUES.has(rest.toLowerCase()) ? word : masked(word);
}

const KEPT_VALUES: ReadonlySet<string> = new Set(["always", "off", "on", "0", "1"]);

function maskInside(word: NginxWord): NginxWord {
  const text = hideSecrets(word.text);
  return text === word.text ? word : { ...word, text };
}

/** `?k=s3cret` and `&k=...`: a value of random look. */
function maskQuery(word: NginxWord): NginxWord {
  if (!word.text.includes("=")) return word;
  const text = word.text.replaceAll(
    /([?&][\w.-]{1,60}=)([^&#\s$"']{16,})/g,
    (found, before: string, value: string) => (looksRandom(value) ? `${before}${MASK}` : found),
  );
  return text === word.text ? word : { ...word, text };
}

function masked(word: NginxWord): NginxWord {
  return { ...word, text: MASK };
}
