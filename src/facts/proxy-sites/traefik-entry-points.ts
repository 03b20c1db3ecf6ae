import type { TraefikSetting } from "../../parsers/traefik.ts";
import type { ProxySite } from "../proxy-site.ts";
import { UNSET } from "../proxy-tls.ts";
import { routerListeners, settingOf, settingsNamed } from "../proxy-traefik.ts";
import { NOTHING_DONE } from "./route-defaults.ts";

/** `entryPoints.NAME.http.redirections.entryPoint.to` */
export function redirectionOf(
  statics: readonly TraefikSetting[],
  entryPoint: string,
): TraefikSetting | undefined {
  const prefix = `entrypoints.${entryPoint}.http.redirections.entrypoint`;
  return statics.findLast(({ key }) => key === `${prefix}.to`);
}

/** One site for each entry point that sends everything on to another one. */
export function entryPointSites(statics: readonly TraefikSetting[]): readonly ProxySite[] {
  return settingsNamed(statics, "entrypoints.").flatMap((name): readonly ProxySite[] => {
    const to = redirectionOf(statics, name);
    if (to === undefined) return [];
    const prefix = `entrypoints.${name}.http.redirections.entrypoint`;
    const scheme = settingOf(statics, `${prefix}.scheme`)?.toLowerCase() ?? "https";
    const isPermanent = settingOf(statics, `${prefix}.permanent`)?.toLowerCase() !== "false";
    const { file, line } = to;
    const [listened] = routerListeners(
      [{ key: "http.routers.r.entrypoints", value: name, file, line }],
      "http.routers.r",
      statics,
      to,
    );
    const { address = "*", port = 0 } = listened?.listener ?? {};
    return [
      {
        proxy: "traefik",
        file,
        line,
        names: [],
        listeners: [{ address, port, isTls: false, defaultFor: "declared", file, line }],
        routes: [
          {
            ...NOTHING_DONE,
            match: { kind: "prefix", text: "/" },
            text: `redirections.entryPoint.to: ${to.value}`,
            // entryPoint redirections answer 301, and 308 to what is not GET.
            action: {
              kind: "redirect",
              status: isPermanent ? 301 : 302,
              location: `${scheme}://{host}{uri}`,
              isToHttps: scheme === "https",
            },
            file,
            line,
          },
        ],
        http2: UNSET,
        settings: [],
      },
    ];
  });
}
