import type { Problem } from "../../core/reading.ts";
import type { ProxyKind, ProxyRoutes } from "../../facts/proxy-routes.fact.ts";

/** Whether a proxy runs; where that is not known, as if it did. */
export function runs(
  proxy: ProxyKind,
  running: readonly { readonly proxy: ProxyKind }[] | undefined,
): boolean {
  return running?.some((one) => one.proxy === proxy) ?? true;
}

/** What a problem of a configuration keeps from being known, with its place. */
export function configurationProblem({
  proxy,
  file,
  line,
  detail,
  isUnreadable,
}: ProxyRoutes["problems"][number]): Problem {
  const place = line === undefined ? file : `${file}:${line}`;
  return {
    code: isUnreadable ? "denied" : "malformed",
    detail: `Configuration of ${proxy}: ${place}: ${detail}`,
  };
}

/**
 * A configuration of a proxy that runs (or may run) which could not be read, or which it would refuse; of
 * these proxies alone where they are named.
 */
export function unreadConfiguration(
  { problems, running }: ProxyRoutes,
  kinds?: readonly ProxyKind[],
): Problem | undefined {
  const found = problems.find(
    ({ proxy, isUnreadable, isRefused }) =>
      (kinds?.includes(proxy) ?? true) &&
      runs(proxy, running) &&
      (isUnreadable || isRefused === true),
  );
  return found && configurationProblem(found);
}
