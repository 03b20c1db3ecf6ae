import { describeSuite, type TlsSuite } from "../../../core/tls-suite.ts";
import { effectiveScalar } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { expandCipherList } from "../../../parsers/openssl-ciphers/expand.ts";
import type { OpensslSuite } from "../../../parsers/openssl-ciphers/suites.ts";
import { type NginxModel, valueInForce } from "../../nginx/model.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { lackingBlock } from "../../nginx/serving.ts";
import { cipherListInForce, handshakingServers } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import { ifTls } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteTlsCiphersRule } from "../../proxy-sites/tls.ts";
import { untoldTls } from "../../proxy-sites/untold.ts";
import { type AllowedSuite, allowedSuites } from "../../tls/ciphers/configured-suites.ts";
import { INTERMEDIATE_CIPHERS } from "../../tls-scan/directives.ts";
import { SUITE_CLASSES, type SuiteClass, shortenList } from "../../tls-scan/suite-classes.ts";
import { proxyTlsCiphers } from "./tls-ciphers.control.ts";

const STRONG = `ssl_ciphers ${INTERMEDIATE_CIPHERS};`;
/** Where nobody knows which OpenSSL it is: default builds since then have no weak suites. */
const OPENSSL_ASSUMED = "1.1.0";

/** A list of suites, made out. */
interface ReadList {
  /** What the text names, in any OpenSSL there ever was. */
  readonly named: readonly TlsSuite[];
  /** What can be negotiated with it. */
  readonly allowed: readonly AllowedSuite[];
  readonly securityLevel: number | undefined;
}

/** With the servers it is in force for. */
interface ListInForce extends ReadList {
  readonly at: NginxDirective;
  readonly servers: readonly NginxServer[];
}

const lists = new WeakMap<NginxModel, readonly ListInForce[]>();

/** The lists of servers that speak TLS 1.2 or older. A policy of the machine (`PROFILE=SYSTEM`) is no list. */
function listsInForce(model: NginxModel): readonly ListInForce[] {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const placed = legacyServers(model).flatMap((server) => {
    const list = cipherListInForce(server.path);
    if (list === undefined || list.text.startsWith("PROFILE=")) return [];
    return [{ ...list, server }];
  });
  const hasParameters = ({ path }: NginxServer) =>
    effectiveScalar(path, "ssl_dhparam") !== undefined;
  const groups = Map.groupBy(placed, ({ at }) => at);
  const texts = new Map<string, ReadList>();
  const found = [...groups.values()].flatMap((group): readonly ListInForce[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { at, text } = first;
    const servers = group.map(({ server }) => server);
    const isWithDh = servers.some(hasParameters);
    const key = `${isWithDh} ${text}`;
    const read = texts.get(key) ?? readList(model, text, isWithDh);
    texts.set(key, read);
    return [{ at, servers, ...read }];
  });
  lists.set(model, found);
  return found;
}

/** Suites of pre-shared keys and DSS need what a web server does not have. */
function isAgreed({ keyExchange, authentication }: OpensslSuite): boolean {
  return /^(?:RSA|DHE|ECDHE)$/.test(keyExchange) && authentication !== "DSS";
}

function readList(model: NginxModel, text: string, isWithDh: boolean): ReadList {
  const { suites, securityLevel } = expandCipherList(text);
  const named = suites.filter(isAgreed).map(({ ianaName }) => describeSuite(ianaName));
  return { named, allowed: reachableSuites(model, text, isWithDh), securityLevel };
}

function reachableSuites(
  { openssl, version }: NginxModel,
  text: string,
  hasParameters: boolean,
): readonly AllowedSuite[] {
  const dhParameters = hasParameters
    ? ({ state: "set", value: "", text: "", at: { file: "", line: 1 } } as const)
    : ({ state: "unset" } as const);
  return allowedSuites(
    text,
    { notation: "openssl", proxy: "nginx", dhParameters },
    { proxy: "nginx", version: version ?? "", openssl: openssl ?? OPENSSL_ASSUMED, from: "" },
  );
}

/** Servers on sockets that do not speak TLS 1.3 alone. */
function legacyServers(model: NginxModel): readonly NginxServer[] {
  return [...handshakingServers(model)]
    .filter(([, { defaultServer }]) => {
      const value = effectiveScalar(defaultServer.path, "ssl_protocols")?.args ?? [];
      return value.length === 0 || value.some(({ text }) => text !== "TLSv1.3");
    })
    .map(([server]) => server);
}

const WEAK = SUITE_CLASSES.filter(({ status }) => status === "fail");

function classOf(suite: TlsSuite): SuiteClass | undefined {
  return SUITE_CLASSES.find(({ holds }) => holds(suite));
}

/** Two answers: suites the text asks for, and those this OpenSSL offers of them. */
export const tlsWeakCiphers: NginxRule = {
  slug: "tls-weak-ciphers",
  status: "fail",
  find(model) {
    return listsInForce(model).flatMap((list): readonly NginxHit[] => {
      const offered = list.allowed
        .filter(({ isRefused, suite }) => !isRefused && isWeak(suite))
        .map(({ suite }) => suite);
      const weak = offered.length > 0 ? offered : list.named.filter(isWeak);
      if (weak.length === 0 && list.securityLevel !== 0) return [];
      return [
        {
          at: list.at,
          servers: list.servers,
          status: offered.length > 0 ? "fail" : "warn",
          message: weakMessage(weak, offered.length > 0, list, model),
          fix: `Write: ${STRONG}`,
          ...(list.at.name === "ssl_ciphers" && { edits: replaceEdit(list.at, STRONG) }),
        },
      ];
    });
  },
};

function isWeak(suite: TlsSuite): boolean {
  return WEAK.some(({ holds }) => holds(suite));
}

function weakMessage(
  weak: readonly TlsSuite[],
  isOffered: boolean,
  { securityLevel }: ListInForce,
  { openssl }: NginxModel,
): string {
  const level =
    securityLevel === 0 ? "@SECLEVEL=0 switches off what OpenSSL refuses by itself" : "";
  if (weak.length === 0) return level;
  const kinds = WEAK.filter(({ holds }) => weak.some(holds)).map(({ what }) => what);
  const says = `The list allows ${kinds.join(", ")} (${shortenList(weak.map(({ name }) => name))})`;
  const build =
    openssl === undefined
      ? "; default builds of OpenSSL since 1.1.0 do not offer them, others do"
      : `; OpenSSL ${openssl} does not offer them, another build would`;
  return `${says}${isOffered ? "" : build}${level === "" ? "" : `; ${level}`}`;
}

function laterRule(slug: string, rule: string, what: string): NginxRule {
  return {
    slug,
    status: "warn",
    find(model) {
      return listsInForce(model).flatMap((list): readonly NginxHit[] => {
        const members = list.allowed.filter(
          ({ suite, isRefused }) => !isRefused && classOf(suite)?.rule === rule,
        );
        if (members.length === 0) return [];
        const { at, servers } = list;
        return [
          {
            at,
            servers,
            message: `The list allows ${what} (${shortenList(members.map(({ suite }) => suite.name))})`,
            fix: `Write: ${STRONG}`,
            ...(at.name === "ssl_ciphers" && { edits: replaceEdit(at, STRONG) }),
          },
        ];
      });
    },
  };
}

export const tlsNoForwardSecrecy = laterRule(
  "tls-no-forward-secrecy",
  "no-forward-secrecy",
  "suites without forward secrecy",
);
export const tlsCbcCiphers = laterRule("tls-cbc-ciphers", "cbc", "suites without AEAD (CBC)");

/** nginx's own list, HIGH:!aNULL:!MD5, has CBC and RSA key exchange in it. */
export const tlsCiphersNotSet: NginxRule = {
  slug: "tls-ciphers-not-set",
  status: "warn",
  find(model) {
    return legacyServers(model)
      .filter(({ path }) => cipherListInForce(path) === undefined && !hasUnread(path))
      .map((server) => {
        const at = lackingBlock(model, server);
        return {
          at,
          also: [server.directive],
          servers: [server],
          message:
            "No ssl_ciphers is in force: nginx's own list, HIGH:!aNULL:!MD5, allows CBC and RSA key exchange",
          fix: `Write in http{}: ${STRONG}`,
          edits: insertInEdit(at, STRONG),
        };
      });
  },
};

/** Right for a list that is strong throughout (Mozilla's advice), not for a mixed one. */
export const tlsNoServerCipherPreference: NginxRule = {
  slug: "tls-no-server-cipher-preference",
  status: "note",
  find(model) {
    return listsInForce(model)
      .filter(({ allowed }) => isMixed(allowed))
      .flatMap(({ at: list, servers }) =>
        servers
          .filter(({ path }) => valueInForce(path, "ssl_prefer_server_ciphers") !== "on")
          .map((server) => preferenceHit(model, server, list)),
      );
  },
};

function isMixed(allowed: readonly AllowedSuite[]): boolean {
  const classes = allowed.filter(({ isRefused }) => !isRefused).map(({ suite }) => classOf(suite));
  return classes.includes(undefined) && classes.some((one) => one !== undefined);
}

function preferenceHit(model: NginxModel, server: NginxServer, list: NginxDirective): NginxHit {
  const set = effectiveScalar(server.path, "ssl_prefer_server_ciphers");
  const text = "ssl_prefer_server_ciphers on;";
  const lacking = holderOf(model, server, list);
  return {
    at: set ?? lacking,
    also: [list, server.directive],
    servers: [server],
    message: "The client chooses from a list that mixes strong suites with CBC or RSA key exchange",
    fix: `Write: ${text} or a list of strong suites alone: ${STRONG}`,
    edits: set === undefined ? insertInEdit(lacking, text) : replaceEdit(set, text),
  };
}

/** The block the list stands in, where the order of its suites would be told. */
function holderOf(model: NginxModel, server: NginxServer, list: NginxDirective): NginxDirective {
  const isOwn = server.directive.block?.includes(list) ?? false;
  return isOwn ? server.directive : lackingBlock(model, server);
}

export const proxyTlsCiphersProxy = proxyCheck({
  control: proxyTlsCiphers,
  reads:
    "ssl_ciphers in force for every TLS server of nginx (or ssl_conf_command CipherString), and ssl_prefer_server_ciphers; ciphers (Caddy, HAProxy), SSLCipherSuite (Apache), cipherSuites (Traefik); made out suite by suite, beside the OpenSSL the proxy runs with.",
  nginx: [
    tlsWeakCiphers,
    tlsNoForwardSecrecy,
    tlsCbcCiphers,
    tlsCiphersNotSet,
    tlsNoServerCipherPreference,
  ],
  sites: [siteTlsCiphersRule],
  untold: [untoldTls("ciphers")],
  passes: "Every suite the configuration allows up to TLS 1.2 has forward secrecy and AEAD",
  applies: ifTls,
});
