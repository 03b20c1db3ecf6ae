import {
  allHops,
  fieldValues,
  type HttpExchange,
  type HttpSite,
  hostOf,
  judgedAnswer,
} from "../../core/http-site.ts";
import { cookiesOf } from "./cookies.ts";

/** Servers and frameworks that fixes are written for, the outermost first. */
export const SERVERS = ["nginx", "caddy", "apache", "django", "express"] as const;
export type Server = (typeof SERVERS)[number];

/** Proxies that no answer names, so that only their configuration tells of them. */
type SilentProxy = "haproxy" | "traefik";

/** One mend, in the words of each server; `generic` where none of them is recognised. */
export type ServerFixes = Readonly<Partial<Record<Server | SilentProxy, string>>> & {
  readonly generic: string;
};

const NAMES: Readonly<Record<Server, string>> = {
  nginx: "nginx",
  caddy: "Caddy",
  apache: "Apache",
  django: "Django",
  express: "Express",
};

/**
 * Products as they name themselves in `Server` and `X-Powered-By`; builds of nginx read its configuration.
 * `WSGIServer` is Python's own, which Django's runserver is made of.
 */
const SERVER_WORDS: Readonly<Record<Server, RegExp>> = {
  nginx: /^(?:nginx|openresty|tengine|angie|freenginx)(?:[/ ]|$)/i,
  caddy: /^caddy(?:[/ ]|$)/i,
  apache: /^apache(?:[/ ]|$)/i,
  django: /^WSGIServer\/[\d.]+ CPython\//,
  express: /^express$/i,
};

/** What the site's answers name themselves, and Django by its CSRF cookie; a proxy and the application behind it are two. */
export function recognisedServers(site: HttpSite): readonly Server[] {
  const judged = judgedAnswer(site);
  // Who a redirect leads to is somebody else, unless it is what is judged.
  const own = [site.https, site.http].flatMap(allHops).filter((hop) => hostOf(hop) === site.host);
  const words = [...(judged === undefined ? [] : [judged]), ...own].flatMap(namesIn);
  const isDjango = cookiesOf(site, "csrf").some(({ framework }) => framework === "django");
  return SERVERS.filter(
    (server) =>
      words.some((word) => SERVER_WORDS[server].test(word)) || (server === "django" && isDjango),
  );
}

function namesIn(answer: HttpExchange): readonly string[] {
  return [...fieldValues(answer, "server"), ...fieldValues(answer, "x-powered-by")];
}

/** The fix in the words of what answers, `nginx: …; or Django: …`; in general words where nothing is recognised. */
export function serverFix(site: HttpSite, fixes: ServerFixes): string {
  const forms = recognisedServers(site).flatMap((server) => {
    const form = fixes[server];
    return form === undefined ? [] : [`${NAMES[server]}: ${form}`];
  });
  return forms.length === 0 ? fixes.generic : forms.join("; or ");
}

/** Where nginx looks for it: a block with an add_header of its own inherits none. */
const IN_BLOCKS = "in the server block and in each location with an add_header of its own";

/** A field that is to be sent with every answer: each proxy's directive, and what the frameworks have of their own. */
export function fieldFixes(
  name: string,
  value: string,
  own: Partial<ServerFixes> = {},
): ServerFixes {
  const written = /[\s;]/.test(value) ? `"${value}"` : value;
  return {
    nginx: `add_header ${name} ${written} always; ${IN_BLOCKS}`,
    caddy: `header ${name} ${written}`,
    apache: `Header always set ${name} ${written}`,
    haproxy: `http-response set-header ${name} ${written}`,
    traefik: `in a middleware of the router, headers.customResponseHeaders: { ${name}: ${JSON.stringify(value)} }`,
    generic: `Send ${name}: ${value} with every answer, errors included, from one place only`,
    ...own,
  };
}

/** Several fields at once, with every answer. */
export function fieldsFixes(
  fields: readonly (readonly [name: string, value: string])[],
): ServerFixes {
  const each = fields.map(([name, value]) => fieldFixes(name, value));
  const joined = (server: Server, separator: string) =>
    each.map((fixes) => fixes[server] ?? fixes.generic).join(separator);
  return {
    nginx: `${joined("nginx", " ").replaceAll(` ${IN_BLOCKS}`, "")} ${IN_BLOCKS}`,
    caddy: joined("caddy", " and "),
    apache: joined("apache", " and "),
    generic: `Send ${fields.map(([name, value]) => `"${name}: ${value}"`).join(", ")}`,
  };
}

/** Every form with these words before it. */
export function prefixFixes(words: string, fixes: ServerFixes): ServerFixes {
  const { generic, ...forms } = fixes;
  const prefixed = Object.entries(forms).map(([server, form]) => [server, `${words}${form}`]);
  const lower = `${generic.charAt(0).toLowerCase()}${generic.slice(1)}`;
  return { ...Object.fromEntries(prefixed), generic: `${words}${lower}` };
}
