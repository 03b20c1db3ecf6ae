import { cannotTell, judge, notApplicable, type Outcome } from "../../core/check.ts";
import type { Readings } from "../../core/fact.ts";
import { known, type Reading } from "../../core/reading.ts";
import type { TlsScan } from "../../core/tls-scan.ts";
import { listeners } from "../../facts/listeners.fact.ts";
import { processes } from "../../facts/processes.fact.ts";
import type { ProxyRoute, ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { services } from "../../facts/services.fact.ts";
import { tlsScan } from "../../facts/tls-scan.fact.ts";
import { type ProxyPath, proxyPath, routesLeading } from "../route/proxy-path.ts";
import { unreadConfiguration } from "../route/unread-configuration.ts";
import { type Judgement, scannedListeners } from "./configured.ts";

/** The facts that tell which of a machine's TLS listeners are the audited deployment's. */
export const PLACING = { scans: tlsScan, listeners, processes, services };
export type Placing = Readings<typeof PLACING>;

/**
 * TLS listeners that concern the audited deployment (catalog G11): those that answer an audited server,
 * those whose configuration lies in the audited tree, and those of routes that lead to the application.
 * Any other one on the machine is another project's. A file of the tree beside an installed
 * configuration is a sample; where the audited servers are answered by one of several configurations,
 * only listeners of that one count.
 */
export function concernedTls(routes: ProxyRoutes, placing: Placing): readonly TlsListener[] {
  const active = ofAnswering(activeTls(routes), placing.scans);
  const answering = new Set(scannedListeners(active, placing.scans).map((one) => one.listener));
  const isDoubtful = active.some((one) => !answering.has(one) && !isInTree(one));
  // Following routes is worth it only where one may decide.
  const leading = isDoubtful ? routesLeading(pathOf(routes, placing)) : [];
  return active.filter(
    (one) => answering.has(one) || isInTree(one) || leading.some((route) => isOf(one, route)),
  );
}

function activeTls({ tls }: ProxyRoutes): readonly TlsListener[] {
  return tls.filter(({ isInstalled }) => isInstalled !== false);
}

function ofAnswering(
  active: readonly TlsListener[],
  scans: Reading<readonly TlsScan[]>,
): readonly TlsListener[] {
  const key = ({ proxy, foundBy }: TlsListener) => `${proxy} ${foundBy ?? ""}`;
  const answering = new Set(scannedListeners(active, scans).map(({ listener }) => key(listener)));
  return answering.size === 0 ? active : active.filter((one) => answering.has(key(one)));
}

/** Files inside the audited directory are named relative to it. */
function isInTree({ isInstalled, file }: TlsListener): boolean {
  return isInstalled === undefined || !file.startsWith("/");
}

function pathOf(routes: ProxyRoutes, placing: Placing): ProxyPath {
  return proxyPath({ ...placing, routes: known(routes) });
}

/** Names and port as well: a snippet with `listen` is included by several servers, some in one line. */
function isOf({ proxy, file, line, port, names }: TlsListener, route: ProxyRoute): boolean {
  return (
    route.proxy === proxy &&
    route.listeners.some((one) => one.file === file && one.line === line && one.port === port) &&
    (names.length === 0 ||
      route.names.length === 0 ||
      names.some((one) => route.names.includes(one)))
  );
}

/**
 * Joins the judgements of everything that concerns the deployment: a finding decides, else what could not
 * be read or told, else `otherwise`. Where nothing concerns it: not applicable, unless whether a listener
 * leads to the application cannot be told.
 */
export function joinConfigured(
  routes: ProxyRoutes,
  placing: Placing,
  judgements: readonly Judgement[],
  otherwise: Outcome,
): Outcome {
  const findings = judgements.flatMap((one) => one.findings);
  const open = judgements.flatMap((one) => one.open ?? [])[0] ?? unreadConfiguration(routes);
  if (open !== undefined) return judge(findings, cannotTell(open.code, open.detail));
  if (findings.length > 0) return judge(findings, otherwise);
  return concernedTls(routes, placing).length === 0 ? unconcerned(routes, placing) : otherwise;
}

function unconcerned(routes: ProxyRoutes, placing: Placing): Outcome {
  if (activeTls(routes).length === 0) {
    return notApplicable("No TLS listener is configured in a proxy");
  }
  const path = pathOf(routes, placing);
  return path.kind === "unknown"
    ? cannotTell(path.problem.code, path.problem.detail)
    : notApplicable("No TLS listener of a proxy leads to the application");
}
