import type { CaddyDirective, Caddyfile } from "../../parsers/caddyfile/parse.ts";
import type { ProxyGlobal } from "../proxy-site.ts";
import { named } from "./caddy.ts";

/** Options looked for, each under its own name; absent ones are reported as such. */
const OPTIONS = ["admin", "auto_https", "log", "acme_ca", "debug"] as const;

/** Global options of a Caddyfile. `file`: its name, for what nothing says. */
export function caddyGlobals({ globalOptions }: Caddyfile, file: string): readonly ProxyGlobal[] {
  const absent = { proxy: "caddy", value: undefined, text: "", file, line: 1 } as const;
  const found = (name: string, directive: CaddyDirective | undefined): ProxyGlobal =>
    directive === undefined ? { ...absent, name } : { proxy: "caddy", ...named(name, directive) };
  const last = (list: readonly CaddyDirective[], ...names: readonly string[]) =>
    list.findLast(({ name }) => names.includes(name));
  const inside = (name: string) =>
    globalOptions.filter((option) => option.name === name).flatMap(({ block }) => block ?? []);
  return [
    ...OPTIONS.map((name) => found(name, last(globalOptions, name))),
    found("on_demand_tls.ask", last(inside("on_demand_tls"), "ask", "permission")),
    // Every `servers` block may have its own.
    ...inside("servers")
      .filter(({ name }) => name === "trusted_proxies")
      .map((directive) => found("servers.trusted_proxies", directive)),
  ];
}
