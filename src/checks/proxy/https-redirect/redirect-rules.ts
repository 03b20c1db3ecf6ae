import { effectiveScalar, findDirectives, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { NO_NAME, type PlainAnswer } from "../../nginx/plain-answers.ts";
import { sampleHosts } from "../../nginx/probes.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { sidesOf } from "../../nginx/sides.ts";
import { type CoveredAnswer, type PlainSite, plainSites } from "./plain-sites.ts";

const REDIRECT = "return 301 https://$host$request_uri;";

/** A name, or a server without one, that has its content over plain HTTP alone. */
export const tlsMissing: NginxRule = {
  slug: "tls-missing",
  status: "fail",
  find: (model) =>
    plainSites(model)
      .filter((site) => lacksTls(site, model))
      .map(({ server, uncovered }): NginxHit => {
        const [first] = uncovered;
        return {
          at: server.directive,
          servers: [server],
          message: missingMessage(server, uncovered),
          fix: "Get a certificate (certbot --nginx -d NAME), serve the name by listen 443 ssl, and answer port 80 by: return 301 https://$host$request_uri;",
          also: [...listenOf(server, uncovered), ...(first === undefined ? [] : [first.at])],
        };
      }),
};

/** The names of the server are added to it; those without TLS are told where they are not all. */
function missingMessage(server: NginxServer, uncovered: readonly PlainAnswer[]): string {
  const open = new Set(uncovered.map(({ host }) => host));
  const isAll = sampleHosts(server).every((host) => open.has(host));
  return isAll && sampleHosts(server).length > 0
    ? "Served over plain HTTP only, without TLS"
    : `Served over plain HTTP only: ${shownNames(uncovered)} has no TLS`;
}

function lacksTls(site: PlainSite, model: NginxModel): boolean {
  if (site.uncovered.length === 0 || isForTls(site.server)) return false;
  return isNamed(site) || site.uncovered.some(isSiteOfAnybody(model));
}

function isNamed({ uncovered }: PlainSite): boolean {
  return uncovered.some(({ host }) => host !== NO_NAME);
}

/** Without a name: an application, or files where no server speaks TLS; a stray default page is neither. */
function isSiteOfAnybody(model: NginxModel): (answer: PlainAnswer) => boolean {
  const speaksTls = [...sidesOf(model).values()].some(({ tls }) => tls.length > 0);
  return ({ isPassed, isOwn }) => isOwn && (isPassed || !speaksTls);
}

/** A certificate on a port without `ssl`: that is a finding of its own (tls-listen-without-ssl). */
function isForTls({ path, listens }: NginxServer): boolean {
  return (
    listens.some(({ port, isSsl }) => port === 443 && !isSsl) &&
    effectiveScalar(path, "ssl_certificate") !== undefined
  );
}

/** A name with TLS whose content is there over plain HTTP as well, and nothing redirects. */
export const httpNoRedirect: NginxRule = {
  slug: "http-no-redirect",
  status: "fail",
  find: (model) =>
    splitSites(model)
      .filter(({ isPartial }) => !isPartial)
      .map(({ server, clear }): NginxHit => {
        const [first] = clear;
        return {
          at: server.directive,
          servers: [server],
          message: `${shownNames(clear)} has TLS and is served over plain HTTP as well`,
          fix: fixFor(server, model),
          ...editFor(server, model),
          also: [...listenOf(server, clear), ...(first === undefined ? [] : [first.at])],
        };
      }),
};

/** Some names, address families or paths are redirected and others are served in clear. */
export const httpRedirectPartial: NginxRule = {
  slug: "http-redirect-partial",
  status: "fail",
  find: (model) =>
    splitSites(model)
      .filter(({ isPartial }) => isPartial)
      .flatMap(({ server, clear, redirects }): readonly NginxHit[] => {
        const partly = new Set(redirects.map(({ host }) => host));
        const paths = clear.filter(
          ({ host, block }) => partly.has(host) && block.name === "location",
        );
        if (paths.length > 0) return byBlock(paths).map((group) => pathHit(server, group));
        const [first] = clear;
        return [
          {
            at: server.directive,
            servers: [server],
            message: `${shownNames(clear)} is served over plain HTTP on ${shownSockets(clear)}, while other names or addresses of the site are redirected`,
            fix: fixFor(server, model),
            ...editFor(server, model),
            also: [...listenOf(server, clear), ...(first === undefined ? [] : [first.at])],
          },
        ];
      }),
};

function byBlock(answers: readonly PlainAnswer[]): readonly (readonly PlainAnswer[])[] {
  return [...Map.groupBy(answers, ({ block }) => block).values()];
}

function pathHit(server: NginxServer, group: readonly PlainAnswer[]): NginxHit {
  const [first] = group;
  const block = first?.block ?? server.directive;
  return {
    at: block,
    servers: [server],
    message: `${directiveText(block).replace(/ \{$/, "")} is served over plain HTTP, while other paths of the server are redirected`,
    fix: `Put into the server, in place of the redirects in its locations: ${REDIRECT} (leave /.well-known/acme-challenge/ to a location of its own with the redirect in location /)`,
    also: [server.directive, ...(first === undefined ? [] : [first.at])],
  };
}

interface SplitSite extends PlainSite {
  readonly clear: readonly CoveredAnswer[];
  readonly isPartial: boolean;
}

/** Sites with content of a covered name in clear; a name that only strays here counts where nothing else is wrong. */
function splitSites(model: NginxModel): readonly SplitSite[] {
  const all = plainSites(model);
  const redirected = new Set(all.flatMap(({ redirects }) => redirects.map(({ host }) => host)));
  return all.flatMap((site): readonly SplitSite[] => {
    const own = site.covered.filter(({ isOwn }) => isOwn);
    const clear = own.length > 0 || lacksTls(site, model) ? own : site.covered;
    if (clear.length === 0) return [];
    const isStray = own.length === 0;
    const isOther = clear.some(({ tls }) => namesOf(tls).some((name) => redirected.has(name)));
    return [{ ...site, clear, isPartial: isStray || isOther || site.redirects.length > 0 }];
  });
}

function namesOf({ names }: NginxServer): readonly string[] {
  return names.map(({ value }) => value);
}

/** A server that speaks TLS too cannot redirect as a whole. */
function fixFor(server: NginxServer, model: NginxModel): string {
  const names = server.names.map(({ text }) => text).join(" ");
  return speaksTls(server, model)
    ? `Take the plain listen out of this server and add: server { listen 80; listen [::]:80; server_name ${names}; ${REDIRECT} }`
    : `Answer everything by: ${REDIRECT}`;
}

/** Not where a certificate is fetched over this server, and not by a name that anybody may have asked for. */
function editFor(server: NginxServer, model: NginxModel): Pick<NginxHit, "edits"> {
  const hasAcme = findDirectives(server.path, "location").some(({ directive }) =>
    directive.args.some(({ text }) => text.includes("/.well-known")),
  );
  const target = isDefault(server, model) ? sampleHosts(server)[0] : "$host";
  if (speaksTls(server, model) || hasAcme || target === undefined) return {};
  return {
    edits: insertInEdit(server.directive, `return 301 https://${target}$request_uri;`),
  };
}

function isDefault(server: NginxServer, model: NginxModel): boolean {
  return (sidesOf(model).get(server)?.plain ?? []).some(
    ({ defaultServer }) => defaultServer === server,
  );
}

function speaksTls(server: NginxServer, model: NginxModel): boolean {
  return (sidesOf(model).get(server)?.tls.length ?? 0) > 0;
}

/** Browsers and proxies keep a 301 or 308; a 302 is asked for over http each time. */
export const httpRedirectTemporary: NginxRule = {
  slug: "http-redirect-temporary",
  status: "warn",
  find: (model) =>
    plainSites(model).flatMap(({ redirects }) =>
      redirects
        .filter(({ status }) => status !== 301 && status !== 308)
        .map(
          ({ at, server, status }): NginxHit => ({
            at,
            servers: [server],
            message: `The redirect to https is temporary (${status}): browsers do not remember it`,
            fix: `Write: ${REDIRECT}`,
            ...permanentEdit(at),
          }),
        ),
    ),
};

function permanentEdit(at: NginxDirective): Pick<NginxHit, "edits"> {
  const text = directiveText(at);
  const better =
    at.name === "return"
      ? text.replace(/^return (?:30[237] )?/, "return 301 ")
      : at.name === "rewrite"
        ? text.replace(/(?: redirect)?;$/, " permanent;")
        : undefined;
  return better === undefined ? {} : { edits: replaceEdit(at, better) };
}

/** An `if` on the scheme is easily left behind when the server changes; the catalog wants a server of its own. */
export const redirectByIf: NginxRule = {
  slug: "redirect-by-if",
  status: "warn",
  find: (model) =>
    plainSites(model).flatMap(({ redirects }) =>
      redirects.flatMap(({ server, at }): readonly NginxHit[] => {
        const block = ownDirectives(server.path, "if").find(
          (one) => one.block?.includes(at) === true && asksScheme(one),
        );
        if (block === undefined) return [];
        return [
          {
            at: block,
            servers: [server],
            message: "The redirect to https is decided by if, in a server that also serves content",
            fix: fixFor(server, model),
            also: [at],
          },
        ];
      }),
    ),
};

function asksScheme({ args }: NginxDirective): boolean {
  return args.some(({ text }) => /\$\{?(?:scheme|https|server_port)\b/.test(text));
}

/** The next step is in clear as well. */
export const redirectToHttp: NginxRule = {
  slug: "redirect-to-http",
  status: "warn",
  find: (model) =>
    plainSites(model).flatMap(({ others }) =>
      others
        .filter(({ target }) => target === "/")
        .map(
          ({ at, server }): NginxHit => ({
            at,
            servers: [server],
            message: "Plain HTTP leads to another http address first",
            fix: "Let it lead to https at once",
          }),
        ),
    ),
};

function listenOf(
  { listens, directive }: NginxServer,
  answers: readonly PlainAnswer[],
): readonly NginxDirective[] {
  const lines = new Set(
    listens
      .filter(({ address, port }) =>
        answers.some(({ socket }) => socket.address === address && socket.port === port),
      )
      .map(({ line, file }) => `${file}:${line}`),
  );
  return ownDirectives([directive], "listen", "server_name").filter(
    (one) => one.name === "server_name" || lines.has(`${one.file}:${one.line}`),
  );
}

const SHOWN_MAX = 5;

function shownNames(answers: readonly PlainAnswer[]): string {
  const hosts = [...new Set(answers.map(({ host }) => host))].map((host) =>
    host === NO_NAME ? "any name" : host,
  );
  const more = hosts.length - SHOWN_MAX;
  return `${hosts.slice(0, SHOWN_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function shownSockets(answers: readonly PlainAnswer[]): string {
  return [...new Set(answers.map(({ socket: { address, port } }) => `${address}:${port}`))].join(
    ", ",
  );
}
