import { parseCaddyAddress } from "../../parsers/caddyfile/address.ts";
import type { CaddyDirective, Caddyfile, CaddySite } from "../../parsers/caddyfile/parse.ts";
import { type CaddyOptions, caddySites, type PlacedSite, readOptions } from "../proxy-caddy.ts";
import type {
  NamedSetting,
  ProxySite,
  Restriction,
  Setting,
  SiteListener,
  SiteRoute,
} from "../proxy-site.ts";
import { type Place, setTo, UNSET } from "../proxy-tls.ts";
import { directoryOf } from "../target-path.ts";
import { pathPattern } from "./caddy-matcher.ts";
import { directiveOrder } from "./caddy-order.ts";
import { type CaddyWorld, caddyRoutesOf } from "./caddy-routes.ts";
import { caddyText } from "./caddy-text.ts";
import { NOTHING_DONE } from "./route-defaults.ts";

/** Sites of a Caddyfile, each with the redirect Caddy makes for it. `file`: the configuration's absolute path. */
export function caddyProxySites(caddyfile: Caddyfile, file: string): readonly ProxySite[] {
  const { globalOptions, namedRoutes } = caddyfile;
  const options = readOptions(globalOptions);
  const trusted = serverOption(globalOptions, "trusted_proxies");
  const world: CaddyWorld = {
    order: directiveOrder(globalOptions),
    namedRoutes: new Map(namedRoutes.map(({ name, site }) => [name, site.directives] as const)),
    directory: directoryOf(file),
    trusted: trusted?.args.map(({ text }) => text).join(" "),
  };
  const placed = caddySites(caddyfile);
  const plainHosts = new Set(
    placed.flatMap(({ listeners }) =>
      listeners
        .filter(({ host, listener }) => host !== "" && listener.port === options.httpPort)
        .map(({ host }) => host),
    ),
  );
  const redirects = !switchesOffRedirects(globalOptions);
  return placed.flatMap((one) => {
    const site = siteOf(one, world, globalOptions);
    const own = redirects ? automaticRedirect(one, options, plainHosts) : undefined;
    return own === undefined ? [site] : [site, own];
  });
}

function switchesOffRedirects(globalOptions: readonly CaddyDirective[]): boolean {
  return globalOptions.some(
    ({ name, args }) =>
      name === "auto_https" && args.some(({ text }) => ["off", "disable_redirects"].includes(text)),
  );
}

/** An option of the `servers` block for every listener; those of one listener alone are left out. */
function serverOption(
  globalOptions: readonly CaddyDirective[],
  name: string,
): CaddyDirective | undefined {
  return globalOptions
    .filter((option) => option.name === "servers" && option.args.length === 0)
    .flatMap(({ block }) => block ?? [])
    .findLast((option) => option.name === name);
}

function siteOf(
  { site, listeners }: PlacedSite,
  world: CaddyWorld,
  globalOptions: readonly CaddyDirective[],
): ProxySite {
  const names = [...new Set(listeners.map(({ host }) => host).filter((host) => host !== ""))];
  const prefixes = new Set(site.addresses.map(({ text }) => parseCaddyAddress(text).path));
  const [prefix = ""] = prefixes;
  const path = prefixes.size === 1 && prefix !== "" ? pathPattern(prefix) : undefined;
  const demanded = clientCertificates(site);
  return {
    proxy: "caddy",
    file: site.file,
    line: site.line,
    names,
    listeners: listeners.map(({ host, listener }) => listenerOf(host, listener)),
    routes: [
      ...caddyRoutesOf(site.directives, world, path).map((route) => ({
        ...route,
        restrictions: [...demanded, ...route.restrictions],
      })),
      nothingElse(site),
    ],
    http2: http2Of(globalOptions),
    settings: siteSettings(site),
  };
}

const UNRESOLVED = /variable whose value is not known/;

function listenerOf(
  host: string,
  { address, port, isTls, because, file, line }: PlacedSite["listeners"][number]["listener"],
): SiteListener {
  return {
    address,
    port,
    isTls,
    ...(UNRESOLVED.test(because) && { untold: because }),
    defaultFor: host === "" ? "declared" : "no",
    file,
    line,
  };
}

/** Caddy answers 200 with nothing where no directive did. */
function nothingElse({ file, line }: Place): SiteRoute {
  return {
    ...NOTHING_DONE,
    match: { kind: "prefix", text: "/" },
    text: "",
    action: { kind: "answer", status: 200 },
    file,
    line,
  };
}

/** Port 80 of every name with TLS that no site of its own answers there (documentation, "Automatic HTTPS"). */
function automaticRedirect(
  { site, listeners }: PlacedSite,
  { httpPort }: CaddyOptions,
  plainHosts: ReadonlySet<string>,
): ProxySite | undefined {
  const served = listeners.filter(
    ({ host, listener }) => listener.isTls && host !== "" && !plainHosts.has(host),
  );
  const [first] = served;
  if (first === undefined) return undefined;
  const { file, line } = first.listener;
  const addresses = new Set(served.map(({ listener }) => listener.address));
  return {
    proxy: "caddy",
    file: site.file,
    line: site.line,
    names: [...new Set(served.map(({ host }) => host))],
    listeners: [...addresses].map((address) => ({
      address,
      port: httpPort,
      isTls: false,
      defaultFor: "no",
      file,
      line,
    })),
    routes: [
      {
        ...NOTHING_DONE,
        match: { kind: "prefix", text: "/" },
        text: "automatic HTTPS",
        action: {
          kind: "redirect",
          status: 308,
          location: "https://{host}{uri}",
          isToHttps: true,
        },
        file,
        line,
      },
    ],
    http2: UNSET,
    settings: [],
  };
}

/** `tls { client_auth { mode require_and_verify } }`; a mode that only asks keeps nobody out. */
function clientCertificates({ directives }: CaddySite): readonly Restriction[] {
  const block = directives
    .filter(({ name }) => name === "tls")
    .flatMap((tls) => tls.block ?? [])
    .findLast(({ name }) => name === "client_auth");
  if (block === undefined) return [];
  const mode = block.block?.findLast(({ name }) => name === "mode")?.args[0]?.text ?? "require";
  const { file, line } = block;
  return mode.startsWith("require")
    ? [{ kind: "client-certificate", text: "client_auth", file, line }]
    : [];
}

/** `servers { protocols h1 h2 h3 }`; HTTP/2 is on where nothing is said. */
function http2Of(globalOptions: readonly CaddyDirective[]): Setting<boolean> {
  const protocols = serverOption(globalOptions, "protocols");
  if (protocols === undefined) return UNSET;
  const words = protocols.args.map(({ text }) => text);
  return setTo(words.includes("h2"), `protocols ${words.join(" ")}`, protocols);
}

function siteSettings(site: CaddySite): readonly NamedSetting[] {
  const { directives } = site;
  const tls = directives.filter(({ name }) => name === "tls");
  const log = directives.findLast(({ name }) => name === "log");
  const internal = tls.find(({ args }) => args[0]?.text === "internal");
  const onDemand = tls.flatMap(({ block }) => block ?? []).find(({ name }) => name === "on_demand");
  const address = site.addresses.map(({ text }) => text).join(", ");
  return [
    log === undefined
      ? { name: "log", value: undefined, text: address, file: site.file, line: site.line }
      : named("log", log),
    ...(internal === undefined ? [] : [named("tls.internal", internal)]),
    ...(onDemand === undefined ? [] : [named("tls.on_demand", onDemand)]),
  ];
}

export function named(name: string, directive: CaddyDirective): NamedSetting {
  const { file, line, args } = directive;
  const value = args.map(({ text }) => text).join(" ");
  return { name, value, text: caddyText(directive), file, line };
}
