/**
 * Headers that tell what runs behind them: OWASP Secure Headers Project, ci/headers_remove.json stamped 2026-07-19
 * (repository commit a4a09007 of 2026-08-16), grouped into families by what they give away.
 */
export type DisclosureFamily =
  | "product"
  | "application"
  | "source"
  | "infrastructure"
  | "tracing"
  | "cache";

const NAMES: Readonly<Record<DisclosureFamily, string>> = {
  product:
    "server x-powered-by powered-by x-aspnet-version x-aspnetmvc-version x-php-version x-server-powered-by " +
    "x-cf-powered-by x-powered-by-plesk x-turbo-charged-by x-mod-pagespeed x-page-speed product",
  application:
    "x-generator x-generated-by x-cms x-powered-cms x-framework x-owa-version x-umbraco-version x-joomla-version " +
    "x-cocoon-version x-jitsi-release x-gitlab-meta x-woodpecker-version liferay-portal pega-host " +
    "oraclecommercecloud-version x-redirect-by x-content-encoded-by",
  source: "sourcemap x-sourcemap x-sourcefiles",
  infrastructure:
    "host-header x-backside-transport x-beserver x-feserver x-calculatedbetarget x-diaginfo $wsep k-proxy-request " +
    "x-old-content-length",
  tracing: "x-tyk-trace-id",
  cache: "",
};
/** Beginnings of names, where a product sends a whole family of them. */
const PREFIXES: readonly (readonly [prefix: string, family: DisclosureFamily])[] = [
  ["x-b3-", "tracing"],
  ["x-datadog-", "tracing"],
  ["x-dt", "tracing"],
  ["x-ruxit-", "tracing"],
  ["x-oneagent-", "tracing"],
  ["x-envoy-", "infrastructure"],
  ["x-kong-", "infrastructure"],
  ["x-kubernetes-pf-", "infrastructure"],
  ["x-atmosphere-", "application"],
  ["x-nextjs-", "application"],
  ["x-litespeed-", "cache"],
  ["x-varnish-", "cache"],
];
let families: ReadonlyMap<string, DisclosureFamily> | undefined;

/** The family of a header that tells of its server; the name may have any letter case. */
export function disclosureFamily(name: string): DisclosureFamily | undefined {
  families ??= new Map(
    (Object.keys(NAMES) as DisclosureFamily[]) // Exactly the keys of the table above.
      .flatMap((family) => NAMES[family].split(" ").map((header) => [header, family] as const)),
  );
  const lower = name.toLowerCase();
  return families.get(lower) ?? PREFIXES.find(([prefix]) => lower.startsWith(prefix))?.[1];
}
