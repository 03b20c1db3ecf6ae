import type { Finding } from "../../core/check.ts";
import { knownValue } from "../../core/reading.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { isLocalAddress } from "../route/address.ts";
import { reachableListeners } from "./answering.ts";
import { replacing } from "./edits.ts";
import { globalFinding } from "./global-finding.ts";
import { siteFinding } from "./site-finding.ts";

/** Caddy's own port for its administration (documentation, "API"). */
const ADMIN_PORT = 2019;

/** The administration listens where others reach it; by itself it is on localhost:2019. */
export const caddyAdminRule: GlobalRule = (global) => {
  const { name, value } = global;
  if (name !== "admin" || value === undefined) return [];
  const [address = ""] = value.split(/\s+/);
  if (address === "off" || address === "" || /[{}]/.test(address)) return [];
  const host = address.replace(/^tcp[46]?\//, "").replace(/:\d{0,5}(?:-\d+)?$/, "");
  if (isLocalAddress(address) || isLocalAddress(host.replace(/^\[|\]$/g, ""))) return [];
  return [
    globalFinding(global, {
      rule: "admin-exposed",
      status: "fail",
      message: `Caddy's administration listens on ${address}: whoever reaches it can change everything`,
      ...replacing(global, "admin localhost:2019"),
      fix: "Write: admin localhost:2019 (or admin unix//run/caddy/admin.sock, or admin off)",
    }),
  ];
};

/** A site that hands requests on to the administration. */
export const caddyAdminProxiedRule: SiteRule = (site) => {
  if (site.proxy !== "caddy" || reachableListeners(site).length === 0) return [];
  return site.routes.flatMap((route): readonly Finding[] => {
    const { action, restrictions } = route;
    if (action.kind !== "pass" || restrictions.length > 0) return [];
    const isAdmin = action.upstreams.some(
      ({ host, port }) => port === ADMIN_PORT && isLocalAddress(host),
    );
    if (!isAdmin) return [];
    return [
      siteFinding(site, {
        rule: "admin-exposed",
        status: "fail",
        at: route,
        text: route.text,
        message: "Requests are handed on to Caddy's administration",
        fix: "Take this reverse_proxy away, or ask for a password before it",
      }),
    ];
  });
};

/** Certificates for every name a client asks for, and nobody is asked whether it is one of ours. */
export const caddyOnDemandRule: SiteRule = (site, wanted) =>
  site.settings
    .filter(({ name }) => name === "tls.on_demand")
    .filter(() => site.names.length === 0 || site.names.some((name) => name.includes("*")))
    .filter(
      () =>
        knownValue(wanted.globals)?.some(
          ({ name, value }) => name === "on_demand_tls.ask" && value !== undefined,
        ) !== true,
    )
    .map((setting) =>
      siteFinding(site, {
        rule: "on-demand-without-ask",
        status: "fail",
        at: setting,
        text: setting.text,
        message: "Certificates are obtained for any name a client asks for",
        fix: "Write in the global options: on_demand_tls { ask http://127.0.0.1:8000/allowed }",
      }),
    );

/** Switched off: no certificates, or no redirects. */
export const caddyAutoHttpsRule: GlobalRule = (global) => {
  const { name, value } = global;
  if (name !== "auto_https" || value === undefined) return [];
  const isOff = value === "off";
  if (!isOff && value !== "disable_redirects") return [];
  return [
    globalFinding(global, {
      rule: "auto-https-off",
      status: "warn",
      message: isOff
        ? "auto_https is off: sites without a tls directive are served in clear, and nothing is redirected"
        : "auto_https disable_redirects: plain HTTP is not redirected by Caddy",
      fix: "Take auto_https away",
    }),
  ];
};

/** Names that only machines of one's own network know. */
const OWN_NAME =
  /^[^.]*$|^\d|^\[|:|\.(?:localhost|local|internal|lan|home|home\.arpa|localdomain|test|example|invalid|intranet|corp|private)$/i;

/** A public name with a certificate of Caddy's own authority, which no browser trusts. */
export const caddyInternalRule: SiteRule = (site) => {
  const setting = site.settings.find(({ name }) => name === "tls.internal");
  const name = site.names.find((one) => !OWN_NAME.test(one));
  if (setting === undefined || name === undefined) return [];
  return [
    siteFinding(site, {
      rule: "tls-internal-public",
      status: "warn",
      at: setting,
      text: setting.text,
      message: `The certificate for ${name} is one of Caddy's own authority, which browsers do not trust`,
      fix: "Take tls internal away: Caddy gets a public certificate by itself",
    }),
  ];
};
