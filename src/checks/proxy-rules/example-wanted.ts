/** Readings for the tests of checks at the proxy layer; nothing here runs in an audit. */
import { absent, known } from "../../core/reading.ts";
import type { ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import type { ProxyGlobal, ProxySite } from "../../facts/proxy-site.ts";
import { parseNginx } from "../../parsers/nginx/parse.ts";
import type { NginxBuild } from "../nginx/model.ts";
import { pathFacts } from "../route/example-facts.ts";
import type { ProxyWanted } from "./wanted.ts";

const { routes: _, ...NOTHING_KNOWN } = pathFacts({});

const READ: ProxyRoutes = {
  configurations: [{ proxy: "nginx", file: "nginx.conf", foundBy: "in the tree" }],
  running: undefined,
  routes: [],
  tls: [],
  roots: [],
  problems: [],
};

/** One nginx configuration that lies in the audited tree. */
export function nginxWanted(
  text: string,
  { version, openssl }: NginxBuild = {},
  { isPedantic } = { isPedantic: false },
): ProxyWanted {
  const tree = parseNginx(text, "nginx.conf");
  const built = { proxy: "nginx", from: "nginx -V" } as const;
  return {
    ...NOTHING_KNOWN,
    options: known({ isPedantic }),
    routes: known({ ...READ }),
    nginx: known([{ file: "nginx.conf", foundBy: "in the tree", tree }]),
    sites: known([]),
    globals: known([]),
    versions:
      version === undefined
        ? absent("not known")
        : known([{ ...built, version, ...(openssl !== undefined && { openssl }) }]),
  };
}

/** Sites of another proxy that lie in the audited tree. */
export function sitesWanted(
  sites: readonly ProxySite[],
  globals: readonly ProxyGlobal[] = [],
): ProxyWanted {
  const configurations = [...sites, ...globals].map(({ proxy, file }) => ({
    proxy,
    file,
    foundBy: "in the tree",
  }));
  return {
    ...NOTHING_KNOWN,
    options: known({ isPedantic: false }),
    routes: known({ ...READ, configurations }),
    nginx: absent("no configuration of nginx was found"),
    sites: known(sites),
    globals: known(globals),
    versions: absent("not known"),
  };
}
