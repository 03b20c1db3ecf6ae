import { defineFact } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import { absent, known, knownValue, type Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { type ProxyKind, proxyRoutes } from "./proxy-routes.fact.ts";

/** What one proxy says it is. */
export interface ProxyVersion {
  readonly proxy: ProxyKind;
  /** `1.22.1`. */
  readonly version: string;
  /** Version of the OpenSSL it runs with, where it tells. */
  readonly openssl?: string;
  /** The command asked, or `image nginx:1.27.3`. */
  readonly from: string;
}

interface Question {
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly version: RegExp;
}

/** How each proxy tells its version (nginx(8), httpd(8), haproxy(1), Caddy's and Traefik's command line). */
const QUESTIONS: Readonly<Partial<Record<ProxyKind, Question>>> = {
  nginx: {
    programs: ["nginx", "/usr/sbin/nginx"],
    args: ["-V"],
    version: /nginx\/(\d+\.\d+\.\d+)/,
  },
  caddy: { programs: ["caddy"], args: ["version"], version: /^v?(\d+\.\d+\.\d+)/ },
  apache: {
    programs: ["apache2", "/usr/sbin/apache2", "httpd"],
    args: ["-v"],
    version: /Apache\/(\d+\.\d+\.\d+)/,
  },
  haproxy: {
    programs: ["haproxy", "/usr/sbin/haproxy"],
    args: ["-vv"],
    version: /^HAProxy version (\d+\.\d+(?:\.\d+)?)/i,
  },
  traefik: { programs: ["traefik"], args: ["version"], version: /Version:\s+v?(\d+\.\d+\.\d+)/ },
};
/** `built with OpenSSL A (running with OpenSSL B)`; where it is one version, it is said once. */
const OPENSSL = [
  /running with OpenSSL (\d+\.\d+\.\d+)/,
  /Running on OpenSSL version : OpenSSL (\d+\.\d+\.\d+)/,
  /built with OpenSSL (\d+\.\d+\.\d+)/,
] as const;
const VERSION_TIMEOUT_MS = 3_000;

/** Versions of the installed proxies whose configuration was read, and of those whose image compose names. */
export const proxyVersions = defineFact({
  id: "proxy-versions",
  title: "Versions of the reverse proxies",
  access: "run",
  timeoutMs: 12_000,
  needs: { routes: proxyRoutes },
  wants: { composeFiles },
  async collect(
    { host, target, signal },
    { routes },
    readings,
  ): Promise<Reading<readonly ProxyVersion[]>> {
    const kinds = (isInstalled: boolean) =>
      new Set(
        routes.configurations
          .filter((one) => (one.isInstalled === true) === isInstalled)
          .map(({ proxy }) => proxy),
      );
    const installed = target.hostFacts ? kinds(true) : new Set<ProxyKind>();
    const asked: ProxyVersion[] = [];
    for (const proxy of installed) asked.push(...(await ask(host, proxy, signal)));
    const images = (knownValue(readings.composeFiles)?.project.services ?? [])
      .map(({ image }) => image ?? "")
      .flatMap(imageVersion)
      .filter(({ proxy }) => kinds(false).has(proxy) && !installed.has(proxy));
    const found = [...asked, ...images];
    return found.length === 0 ? absent("no proxy tells its version") : known(found);
  },
});

async function ask(
  host: Host,
  proxy: ProxyKind,
  signal: AbortSignal,
): Promise<readonly ProxyVersion[]> {
  const question = QUESTIONS[proxy];
  if (question === undefined) return [];
  const { programs, args, version } = question;
  for (const program of programs) {
    const options = { cwd: "/", timeoutMs: VERSION_TIMEOUT_MS, signal };
    const run = await attempt(() => host.run(program, args, options), ["timed-out"]);
    if (run.state !== "known") continue;
    const text = `${run.value.stdout}\n${run.value.stderr}`.trim();
    const found = version.exec(text)?.[1];
    if (found === undefined) continue;
    const openssl = opensslOf(text);
    const from = [program, ...args].join(" ");
    return [{ proxy, version: found, ...(openssl !== undefined && { openssl }), from }];
  }
  return [];
}

/** The OpenSSL in what `nginx -V` and `haproxy -vv` print. */
export function opensslOf(text: string): string | undefined {
  return OPENSSL.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
}

/** `nginx:1.27.3-alpine`, `docker.io/library/caddy:2.8.4`; a tag of one or two parts tells no more than that. */
export function imageVersion(image: string): readonly ProxyVersion[] {
  const found =
    /(?:^|\/)(nginx|caddy|httpd|haproxy|traefik):v?(\d+(?:\.\d+){0,2})(?:[-@].*)?$/.exec(image);
  const [, name = "", version = ""] = found ?? [];
  const proxy = name === "httpd" ? "apache" : name;
  if (proxy === "" || !isKind(proxy)) return [];
  return [{ proxy, version, from: `image ${image.slice(0, 100)}` }];
}

function isKind(name: string): name is ProxyKind {
  return Object.hasOwn(QUESTIONS, name);
}
