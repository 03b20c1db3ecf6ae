import { parseTraefikRule, type TraefikSetting } from "../../parsers/traefik.ts";
import type { Upstream } from "../proxy-routes.fact.ts";
import type {
  FieldChange,
  ProxySite,
  Setting,
  SiteAction,
  SiteListener,
  SiteRoute,
} from "../proxy-site.ts";
import { setTo, UNSET, untold } from "../proxy-tls.ts";
import { tlsOptionsName } from "../proxy-tls-traefik.ts";
import { routerListeners, settingOf } from "../proxy-traefik.ts";
import { type Effect, routesFor } from "./effects.ts";
import { EVERYTHING, type PathPattern, type RequestMatcher } from "./request-matcher.ts";
import { NOTHING_DONE } from "./route-defaults.ts";
import { redirectionOf } from "./traefik-entry-points.ts";
import {
  bareName,
  listOf,
  middlewareEffects,
  middlewareRedirect,
  type Named,
  namedSettings,
  unchained,
} from "./traefik-middlewares.ts";

/** What all routers may name, wherever it stands. */
export interface TraefikWorld {
  /** Static settings: entry points, providers. */
  readonly statics: readonly TraefikSetting[];
  readonly middlewares: Named;
  readonly services: Named;
  readonly transports: Named;
  readonly dynamics: readonly TraefikSetting[];
}

/** `dynamics`: of all files and of the labels of enabled services. */
export function traefikWorld(
  dynamics: readonly TraefikSetting[],
  statics: readonly TraefikSetting[],
): TraefikWorld {
  return {
    statics,
    middlewares: namedSettings(dynamics, "middlewares"),
    services: namedSettings(dynamics, "services"),
    transports: namedSettings(dynamics, "serverstransports"),
    dynamics,
  };
}

/** Routers of one file, or of the labels; `upstreamsOf` tells where a router's service leads. */
export function traefikSites(
  settings: readonly TraefikSetting[],
  world: TraefikWorld,
  upstreamsOf: (service: string | undefined, at: TraefikSetting) => readonly Upstream[],
): readonly ProxySite[] {
  const routers = namedSettings(settings, "routers");
  return [...routers].flatMap(([name, own]) => {
    const rule = own.findLast(({ key }) => key === "rule");
    if (rule === undefined) return [];
    const listeners = routerListeners(settings, `http.routers.${name}`, world.statics, rule);
    // A redirection of the entry point takes its requests before any router.
    const left = listeners.filter(
      ({ entryPoint }) => redirectionOf(world.statics, entryPoint) === undefined,
    );
    const entryPoints = left.map(({ entryPoint }) => entryPoint);
    const service = settingOf(own, "service");
    return [
      {
        proxy: "traefik" as const,
        file: rule.file,
        line: rule.line,
        names: parseTraefikRule(rule.value).names,
        listeners: left.map(
          ({ listener: { address, port, isTls, file, line } }): SiteListener => ({
            address,
            port,
            isTls,
            defaultFor: "no",
            file,
            line,
          }),
        ),
        routes: routerRoutes(
          own,
          rule,
          { world, entryPoints },
          service,
          upstreamsOf(service, rule),
        ),
        http2: http2Of(settings, name, world, left),
        settings: [],
      },
    ];
  });
}

/** `alpnProtocols` of the TLS options a router has; HTTP/2 is on where nothing is said. */
function http2Of(
  settings: readonly TraefikSetting[],
  router: string,
  { statics, dynamics }: TraefikWorld,
  listeners: ReturnType<typeof routerListeners>,
): Setting<boolean> {
  const tls = listeners.find(({ listener }) => listener.isTls);
  if (tls === undefined) return UNSET;
  const name = tlsOptionsName(settings, `http.routers.${router}`, statics, tls.entryPoint);
  const prefix = `tls.options.${name}.`;
  const own = dynamics.filter(({ key }) => key.startsWith(prefix));
  if (own.length === 0 && name !== "default")
    return untold(`the TLS options "${name}" are in no file that was read`);
  const named = own.filter(({ key }) => key.startsWith(`${prefix}alpnprotocols`));
  const [first] = named;
  if (first === undefined) return UNSET;
  const words = named.flatMap(({ value }) => value.split(/[\s,]+/));
  return setTo(words.includes("h2"), `alpnProtocols: ${words.join(", ")}`, first);
}

interface Way {
  readonly world: TraefikWorld;
  readonly entryPoints: readonly string[];
}

function routerRoutes(
  own: readonly TraefikSetting[],
  rule: TraefikSetting,
  { world, entryPoints }: Way,
  service: string | undefined,
  upstreams: readonly Upstream[],
): readonly SiteRoute[] {
  const matcher = ruleMatcher(rule.value);
  const named = [
    ...entryPoints.flatMap((name) => listOf(world.statics, `entrypoints.${name}.http.middlewares`)),
    ...listOf(own, "middlewares"),
  ];
  const used = unchained(named, world.middlewares).map((name) => world.middlewares.get(name) ?? []);
  const redirect = used.map(middlewareRedirect).find((one) => one !== undefined);
  const effects: readonly Effect[] = used.flatMap(middlewareEffects);
  const { file, line } = rule;
  const text = `rule: ${rule.value}`.slice(0, 200);
  const routes = routesFor(matcher, effects, ({ requestFields }) => ({
    text,
    action: actionOf(service, upstreams),
    requestFields: [
      ...entryPoints.slice(0, 1).flatMap((name) => forwards(world.statics, name, rule)),
      ...hostField(world, service, rule),
      ...requestFields,
    ],
    websocket: UNSET,
    upstreamVerified: verifiedOf(world, service),
    file,
    line,
  }));
  if (redirect === undefined) return routes;
  const moved = routesFor(matcher, effects, () => ({
    ...NOTHING_DONE,
    text: `${redirect.at.key}: ${redirect.at.value}`.slice(0, 200),
    action: redirect.action,
    file: redirect.at.file,
    line: redirect.at.line,
  })).map((route) => ({
    ...route,
    match: {
      ...route.match,
      // redirectScheme lets through what came by that scheme already.
      ...(redirect.pattern === undefined &&
      redirect.action.kind === "redirect" &&
      redirect.action.isToHttps
        ? { scheme: "http" as const }
        : {}),
      ...(redirect.pattern !== undefined && !/^\^?https?\??:\/\/\(?\.[*+]/.test(redirect.pattern)
        ? { condition: redirect.pattern.slice(0, 200) }
        : {}),
    },
  }));
  return [...moved, ...routes];
}

/** `PathPrefix`, `Path` and whatever else the rule asks for. */
function ruleMatcher(rule: string): RequestMatcher {
  const paths = [...rule.matchAll(/(!\s*)?\b(Path|PathPrefix|PathRegexp)\(([^)]{1,2000})\)/gi)]
    .filter(([, not]) => not === undefined)
    .flatMap(([, , kind = "", text = ""]) =>
      [...text.matchAll(/[`"']([^`"']*)[`"']/g)].map(([, value = ""]): PathPattern => {
        if (/^path$/i.test(kind)) return { kind: "exact", text: value };
        return { kind: /^pathprefix$/i.test(kind) ? "prefix" : "regex", text: value };
      }),
    );
  const others = [
    ...rule.matchAll(
      /!?\s*\b(?:Headers?|HeadersRegexp|HeaderRegexp|Method|Query|QueryRegexp)\([^)]{1,400}\)/gi,
    ),
  ].map(([text]) => text.slice(0, 100));
  const addresses = [...rule.matchAll(/(!\s*)?\bClientIP\(([^)]{1,400})\)/gi)]
    .filter(([, not]) => not === undefined)
    .flatMap(([, , text = ""]) =>
      [...text.matchAll(/[`"']([^`"']*)[`"']/g)].map(([, value = ""]) => value),
    );
  return { ...EVERYTHING, paths: paths.length === 0 ? undefined : paths, others, addresses };
}

function actionOf(service: string | undefined, upstreams: readonly Upstream[]): SiteAction {
  switch (service?.toLowerCase()) {
    case "api@internal":
    case "dashboard@internal":
      return { kind: "own-page", page: "status" };
    case "prometheus@internal":
      return { kind: "own-page", page: "metrics" };
    case "ping@internal":
    case "noop@internal":
      return { kind: "answer", status: 200 };
    default:
      return { kind: "pass", upstreams };
  }
}

/** `X-Forwarded-*`, which Traefik sets by itself; what clients sent counts only from `trustedIPs`. */
function forwards(
  statics: readonly TraefikSetting[],
  entryPoint: string,
  { file, line }: TraefikSetting,
): readonly FieldChange[] {
  const prefix = `entrypoints.${entryPoint}.forwardedheaders`;
  const isOpen = settingOf(statics, `${prefix}.insecure`)?.toLowerCase() === "true";
  const trusted = isOpen ? "0.0.0.0/0" : listOf(statics, `${prefix}.trustedips`).join(" ");
  const fields = [
    ["x-forwarded-for", "{remote address}"],
    ["x-forwarded-proto", "{scheme}"],
    ["x-forwarded-host", "{host}"],
    ["x-real-ip", "{remote address}"],
  ] as const;
  return fields.flatMap(([name, value]): readonly FieldChange[] => {
    const set = {
      name,
      value,
      change: "set",
      scope: "always",
      isImplicit: true,
      file,
      line,
    } as const;
    if (trusted === "") return [set];
    return [
      { ...set, condition: `client is not in ${trusted}` },
      { ...set, change: "add", condition: `client is in ${trusted}` },
    ];
  });
}

function hostField(
  { services }: TraefikWorld,
  service: string | undefined,
  { file, line }: TraefikSetting,
): readonly FieldChange[] {
  const own = services.get(bareName(service ?? "")) ?? [];
  if (settingOf(own, "loadbalancer.passhostheader")?.toLowerCase() === "false") return [];
  return [
    { name: "host", value: "{host}", change: "set", scope: "always", isImplicit: true, file, line },
  ];
}

/** `insecureSkipVerify` of the service's transport, or of all. */
function verifiedOf(
  { services, transports, statics }: TraefikWorld,
  service: string | undefined,
): Setting<boolean> {
  const own = services.get(bareName(service ?? "")) ?? [];
  const name = settingOf(own, "loadbalancer.serverstransport");
  const found =
    name === undefined
      ? statics.findLast(({ key }) => key === "serverstransport.insecureskipverify")
      : transports.get(bareName(name))?.findLast(({ key }) => key === "insecureskipverify");
  return found?.value.toLowerCase() === "true"
    ? setTo(false, "insecureSkipVerify: true", found)
    : UNSET;
}
