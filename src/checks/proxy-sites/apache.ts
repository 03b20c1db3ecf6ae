import { knownValue } from "../../core/reading.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { replacing } from "./edits.ts";
import { globalFinding } from "./global-finding.ts";
import { siteFinding } from "./site-finding.ts";

/** A forward proxy for everybody. */
export const apacheOpenProxyRule: SiteRule = (site) =>
  site.settings
    .filter(({ name, value }) => name === "ProxyRequests" && value?.toLowerCase() === "on")
    .map((setting) =>
      siteFinding(site, {
        rule: "open-proxy",
        status: "fail",
        at: setting,
        text: setting.text,
        subject: "ProxyRequests",
        message:
          "ProxyRequests is on: whoever asks gets any address fetched, those of the inside too",
        fix: "Write: ProxyRequests Off (ProxyPass needs no ProxyRequests)",
        edits: [
          { file: setting.file, line: setting.line, action: "replace", text: "ProxyRequests Off" },
        ],
      }),
    );

/** TRACE is answered: the product's default. */
export const apacheTraceRule: GlobalRule = (global) => {
  const { name, value } = global;
  if (name !== "TraceEnable" || (value !== undefined && value.toLowerCase() === "off")) return [];
  return [
    globalFinding(global, {
      rule: "trace-enabled",
      // Browsers send no TRACE, so what it gives away is little; who wrote it down may have a reason.
      status: value === undefined ? "note" : "warn",
      message:
        value === undefined
          ? "TRACE is answered, as TraceEnable is not set"
          : `TRACE is answered (TraceEnable ${value})`,
      fix: "Write: TraceEnable Off",
      ...(value !== undefined && replacing(global, "TraceEnable Off")),
    }),
  ];
};

/** Words of ServerTokens that give no version away. */
const QUIET = new Set(["prod", "productonly"]);

/** The version in `Server` and on error pages; `Full` is what httpd does by itself. */
export const apacheTokensRule: GlobalRule = (global) => {
  const { name, value } = global;
  if (name !== "ServerTokens" || QUIET.has(value?.toLowerCase() ?? "")) return [];
  return [
    globalFinding(global, {
      rule: "server-tokens",
      status: "warn",
      message:
        value === undefined
          ? "Answers tell the version of httpd and of its modules, as ServerTokens is not set"
          : `Answers tell more than the product's name (ServerTokens ${value})`,
      fix: "Write: ServerTokens Prod and ServerSignature Off",
      ...(value !== undefined && replacing(global, "ServerTokens Prod")),
    }),
  ];
};

/** All files of the machine that a path leads to. */
export const apacheRootGrantedRule: GlobalRule = (global) => {
  if (global.name !== "directory.granted" || global.value !== "/") return [];
  return [
    globalFinding(global, {
      rule: "root-granted",
      status: "fail",
      message:
        "Require all granted for <Directory />: whatever an Alias or a rewrite leads to is served",
      fix: "Write in <Directory />: Require all denied, and grant the web root alone",
    }),
  ];
};

/** `.htaccess` files that may change what the configuration says. */
export const apacheOverrideRule: GlobalRule = (global) => {
  const [path = "", ...words] = (global.value ?? "").split(" ");
  if (global.name !== "directory.AllowOverride" || !words.some((word) => /^all$/i.test(word)))
    return [];
  return [
    globalFinding(global, {
      rule: "allow-override-all",
      status: path === "/" ? "warn" : "note",
      message: `Whoever can write a file below ${path} can change what httpd does there (AllowOverride All)`,
      fix: "Write: AllowOverride None, and put what the .htaccess files say into the <Directory>",
    }),
  ];
};

/** The client's address is taken from a field, and nobody is named whose word counts. */
export const apacheRemoteIpRule: GlobalRule = (global, wanted) => {
  if (global.name !== "RemoteIPHeader") return [];
  const isTrusting = knownValue(wanted.globals)?.some(
    ({ proxy, name }) => proxy === "apache" && /^RemoteIP(?:Trusted|Internal)Proxy$/.test(name),
  );
  if (isTrusting === true) return [];
  return [
    globalFinding(global, {
      rule: "realip-trust-any",
      status: "fail",
      message: `${global.text} counts from every client, as no RemoteIPTrustedProxy or RemoteIPInternalProxy is set`,
      fix: "Write: RemoteIPInternalProxy with the addresses of the proxies in front",
    }),
  ];
};
