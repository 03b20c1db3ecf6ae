/** Fact values that say where the application is, for the tests of the checks on TLS; nothing here runs in an audit. */
import type { ProxyRoute, ProxyRoutes } from "../../facts/proxy-routes.fact.ts";
import type { TlsListener } from "../../facts/proxy-tls.ts";
import { listening, pathFacts, route, running, TLS } from "../route/example-facts.ts";
import type { Placing } from "./concerned.ts";
import { exampleTls, NO_SCAN } from "./example-configured.ts";

const { routes: _, ...nothingKnown } = pathFacts({});
const { routes: __, ...onPort8000 } = pathFacts({ listeners: [listening("127.0.0.1", 8000)] });

/** Nothing was scanned, and where the application listens is not known. */
export const UNPLACED: Placing = { ...nothingKnown, scans: NO_SCAN };
/** gunicorn, the application, listens on 127.0.0.1:8000. */
export const PLACED: Placing = { ...onPort8000, scans: NO_SCAN };

/** A route of the server that `listener` belongs to, `127.0.0.1:8000` for example. */
export function exampleRouteOf(
  listener: TlsListener,
  to: string,
  change: Partial<ProxyRoute> = {},
): ProxyRoute {
  const { proxy, names, file, line, port } = listener;
  const isInstalled = listener.isInstalled === undefined ? {} : { isInstalled: true };
  return route(to, {
    ...{ proxy, names, file, line: line + 1, listeners: [{ ...TLS, port, file, line }] },
    ...isInstalled,
    ...change,
  });
}

/** How an installed listener may stand to the audited application, and whether it is then judged. */
export interface Placement {
  readonly name: string;
  readonly routes: ProxyRoutes;
  readonly placing: Placing;
  readonly judged: "yes" | "no" | "unknown";
}

/** Every check on what is configured must answer these alike: `listener` lies outside the audited tree. */
export function examplePlacements(given: TlsListener): readonly Placement[] {
  const listener = { ...given, isInstalled: true };
  const configurations = [
    { proxy: listener.proxy, file: listener.file, foundBy: "pid 20", isInstalled: true },
  ];
  const leadingTo = (...to: readonly string[]): ProxyRoutes =>
    exampleTls([listener], {
      configurations,
      running: running(listener.proxy),
      routes: to.map((one) => exampleRouteOf(listener, one)),
    });
  return [
    {
      name: "a listener whose route leads to the application",
      routes: leadingTo("127.0.0.1:8000"),
      placing: PLACED,
      judged: "yes",
    },
    {
      name: "a listener whose route leads elsewhere",
      routes: leadingTo("127.0.0.1:9000"),
      placing: PLACED,
      judged: "no",
    },
    { name: "a listener without a route", routes: leadingTo(), placing: PLACED, judged: "no" },
    {
      name: "a listener whose route cannot be resolved",
      routes: leadingTo("?"),
      placing: PLACED,
      judged: "unknown",
    },
    {
      name: "a listener while nobody knows where the application listens",
      routes: leadingTo("127.0.0.1:8000"),
      placing: UNPLACED,
      judged: "unknown",
    },
  ];
}
