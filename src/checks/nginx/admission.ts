import { remembered } from "../../core/remembered.ts";
import { type BlockPath, effectiveList, effectiveScalar } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { isGuardedByIf } from "./guard.ts";
import { isReachable, type NginxPlace, valueInForce } from "./model.ts";

/**
 * What `allow` and `deny` leave: everybody, some, or nobody. The first that fits decides, and where none
 * does the request is let in (ngx_http_access_module).
 */
export type NetworkAccess = "open" | "limited" | "closed";

/** The `allow` and `deny` in force, in order: those of the innermost level that has any. */
export const accessRules = remembered((path: BlockPath): readonly NginxDirective[] =>
  effectiveList(path, "allow", "deny"),
);

/** Judged for both families unless told which the server listens to. */
export function networkAccess(
  rules: readonly NginxDirective[],
  families: readonly ("ipv4" | "ipv6")[] = ["ipv4", "ipv6"],
): NetworkAccess {
  const found = families.map((family) => familyAccess(rules, family));
  if (found.includes("open")) return "open";
  return found.includes("limited") ? "limited" : "closed";
}

const EVERYBODY: Readonly<Record<"ipv4" | "ipv6", ReadonlySet<string>>> = {
  ipv4: new Set(["all", "0.0.0.0/0"]),
  ipv6: new Set(["all", "::/0"]),
};

function familyAccess(rules: readonly NginxDirective[], family: "ipv4" | "ipv6"): NetworkAccess {
  let isSomebodyLetIn = false;
  for (const { name, args } of rules) {
    const who = args[0]?.text ?? "";
    if (EVERYBODY[family].has(who)) {
      if (name === "allow") return "open";
      return isSomebodyLetIn ? "limited" : "closed";
    }
    if (name === "allow") isSomebodyLetIn = true;
  }
  return "open";
}

/** The families a server takes connections of; names and unix sockets may be either. */
function familiesOf({ listens }: NginxServer): readonly ("ipv4" | "ipv6")[] {
  const found = new Set(
    listens.map(({ family, isIpv6Only }) => (family === "ipv6" && !isIpv6Only ? "name" : family)),
  );
  if (found.has("name") || found.has("unix")) return ["ipv4", "ipv6"];
  return found.has("ipv6") ? (found.has("ipv4") ? ["ipv4", "ipv6"] : ["ipv6"]) : ["ipv4"];
}

/** Directives that ask who somebody is, beside those of the names `auth_...`. */
const OTHER_AUTHENTICATION =
  /^(?:access_by_lua|js_access|auth_jwt$|oidc|ldap_|vouch|modsecurity_auth)/;
/** Directives of the names `auth_...` that switch nothing on. */
const AUTHENTICATION_SETTINGS =
  /^auth_(?:basic_user_file|delay|request_set|jwt_(?:key|type|leeway|claim|header|require)|http|gss_(?:keytab|realm|service)|ldap_(?:url|servers))/;

/** The directive that makes clients say who they are: a password, a token, a certificate; by whatever module. */
export const authenticationAt = remembered((path: BlockPath): NginxDirective | undefined => {
  const names = new Set(
    path.flatMap(({ block }) => (block === undefined ? [] : authenticationNames(block))),
  );
  for (const name of names) {
    const directive = effectiveScalar(path, name);
    if (directive !== undefined && directive.args[0]?.text !== "off") return directive;
  }
  const verify = effectiveScalar(path, "ssl_verify_client");
  return verify?.args[0]?.text === "on" ? verify : undefined;
});

const authentications = new WeakMap<readonly NginxDirective[], readonly string[]>();

function authenticationNames(block: readonly NginxDirective[]): readonly string[] {
  const known =
    authentications.get(block) ??
    block
      .map(({ name }) => name)
      .filter(
        (name) =>
          (name.startsWith("auth_") && !AUTHENTICATION_SETTINGS.test(name)) ||
          OTHER_AUTHENTICATION.test(name),
      );
  authentications.set(block, known);
  return known;
}

/** Whether `satisfy any` holds: one of address and password is enough. */
export function isAnyEnough(path: BlockPath): boolean {
  return valueInForce(path, "satisfy") === "any";
}

/** The directive that keeps strangers out of what a block serves; `undefined` where none does. */
export function restrictionAt(path: BlockPath): NginxDirective | undefined {
  const rules = accessRules(path);
  const internal = path
    .flatMap(({ name, block = [] }) => (name === "location" ? block : []))
    .find(isInternalWord);
  if (internal !== undefined) return internal;
  return networkAccess(rules) === "open"
    ? authenticationAt(path)
    : rules.find(({ name }) => name === "deny");
}

/** `internal` holds for what is nested as well. */
function isInternal(path: BlockPath): boolean {
  return path.some(({ block = [], name }) => name === "location" && block.some(isInternalWord));
}

function isInternalWord({ name }: NginxDirective): boolean {
  return name === "internal";
}

/**
 * Whether any client elsewhere is served here without having to be somebody or somewhere: the server
 * takes connections from other machines, and neither addresses, passwords nor an `if` that answers
 * 4xx stand before the place. A named location is where the request already is: its own rules count.
 */
export const isOpen = remembered((place: NginxPlace): boolean => {
  const { path, server } = place;
  if (!isReachable(server) || isInternal(path)) return false;
  const network = networkAccess(accessRules(path), familiesOf(server));
  const authentication = authenticationAt(path);
  if (network === "closed" && !isAnyEnough(path)) return false;
  const isLetIn =
    isAnyEnough(path) && accessRules(path).length > 0
      ? isOpenToAny(path, network, authentication !== undefined)
      : network === "open" && authentication === undefined;
  return isLetIn && !isGuardedByIf(place);
});

/** Under `satisfy any` an `allow all` is enough by itself; no rule that fits asks for the password. */
function isOpenToAny(path: BlockPath, network: NetworkAccess, hasPassword: boolean): boolean {
  if (!hasPassword) return network === "open";
  const [first] = accessRules(path);
  return first?.name === "allow" && first.args[0]?.text === "all";
}
