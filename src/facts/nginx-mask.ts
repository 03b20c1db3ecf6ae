import { isSecretName } from "../core/secret.ts";
import type { NginxDirective, NginxTree } from "../parsers/nginx/parse.ts";
import type { NginxWord } from "../parsers/nginx/tokenize.ts";

/** What stands where a secret stood. */
export const MASK = "***";

/**
 * The same tree without what may be a secret: passwords and tokens in fields that are set, in variables
 * named like a secret, in what requests are compared with, in URLs, and Lua. Names, paths, variables and
 * positions stay, so that what the configuration does can still be told.
 */
export function maskNginx(tree: NginxTree): NginxTree {
  return { ...tree, directives: tree.directives.map((one) => maskDirective(one, false)) };
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
  "proxy_cookie_flags",
  "sub_filter",
]);
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

function maskDirective(directive: NginxDirective, hidesNames: boolean): NginxDirective {
  const { name, args, block, lua } = directive;
  const isPair = PAIRS.has(name) && args.some(({ text }) => isSecretField(text));
  return {
    ...directive,
    name: hidesNames && !KEPT_KEYS.has(name) ? MASK : name,
    args: hidesNames ? args : maskArguments(name, args),
    ...(block !== undefined && { block: block.map((one) => maskDirective(one, isPair)) }),
    ...(lua !== undefined && { lua: "" }),
  };
}

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
  if (name === "if" && args.some(({ text }) => isSecretField(text))) return args.map(maskOperand);
  const [first] = args;
  const isNamed = first !== undefined && NAMED_VALUES.has(name) && isSecretField(first.text);
  return args.map((word, at) => (isNamed && at > 0 ? maskLiteral(word) : maskInside(word)));
}

/** Fields, cookies and variables that carry who somebody is. */
const SECRET_FIELD =
  /authorization|api[-_]?key|token|secret|passw|credential|^\$?cookie$|session|x[-_]auth|signature/i;

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

/** Userinfo of a URL, and credentials that say so themselves. */
function maskInside(word: NginxWord): NginxWord {
  const text = word.text
    .replaceAll(/:\/\/[^\s/@]{1,200}@/g, `://${MASK}@`)
    .replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`);
  return text === word.text ? word : { ...word, text };
}

function masked(word: NginxWord): NginxWord {
  return { ...word, text: MASK };
}
