import type { NginxServer, NginxSocket } from "../../../parsers/nginx/server.ts";
import { selectByName } from "../../../parsers/nginx/server.ts";
import { type AnsweringPlace, answeringPlaces } from "../../nginx/answering.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { NO_NAME, type PlainAnswer, plainAnswers } from "../../nginx/plain-answers.ts";
import { sampleHosts } from "../../nginx/probes.ts";
import { sidesOf } from "../../nginx/sides.ts";

/** What plain HTTP shows of one server. */
export interface PlainSite {
  readonly server: NginxServer;
  /** In clear, of names with TLS. */
  readonly covered: readonly CoveredAnswer[];
  /** In clear, of names without TLS, or of none. */
  readonly uncovered: readonly PlainAnswer[];
  /** Its own answers that lead to https. */
  readonly redirects: readonly PlainAnswer[];
  readonly others: readonly PlainAnswer[];
}

/** Content in clear, and the server that has the name over TLS. */
export interface CoveredAnswer extends PlainAnswer {
  readonly tls: NginxServer;
}

const sites = new WeakMap<NginxModel, readonly PlainSite[]>();

/** The servers that answer plain requests from elsewhere. */
export function plainSites(model: NginxModel): readonly PlainSite[] {
  const known = sites.get(model) ?? makeSites(model);
  sites.set(model, known);
  return known;
}

function makeSites(model: NginxModel): readonly PlainSite[] {
  const sockets = tlsSockets(model);
  // One that refuses the handshake, or every request, serves no name.
  const serving = new Set(answering(model).map(({ server }) => server));
  const byServer = Map.groupBy(plainAnswers(model), ({ server }) => server);
  return [...byServer].map(([server, answers]) => {
    const content = answers.filter(({ kind }) => kind === "content");
    const placed = content.map((answer) => ({
      ...answer,
      tls: tlsServer(answer, sockets, serving),
    }));
    return {
      server,
      covered: placed.flatMap(({ tls, ...answer }) =>
        tls === undefined ? [] : [{ ...answer, tls }],
      ),
      uncovered: placed.filter(({ tls }) => tls === undefined),
      redirects: answers.filter(({ kind }) => kind === "redirect"),
      others: answers.filter(({ kind }) => kind === "to-http"),
    };
  });
}

function answering(model: NginxModel): readonly AnsweringPlace[] {
  const sides = sidesOf(model);
  return answeringPlaces(model).filter(
    ({ server, kind }) =>
      kind !== "none" && kind !== "refusal" && (sides.get(server)?.tls.length ?? 0) > 0,
  );
}

function tlsSockets(model: NginxModel): readonly NginxSocket[] {
  return [...new Set([...sidesOf(model).values()].flatMap(({ tls }) => tls))];
}

/** The server that has this name over TLS: named so, or a catch-all that takes every name. */
function tlsServer(
  { host, server }: PlainAnswer,
  sockets: readonly NginxSocket[],
  serving: ReadonlySet<NginxServer>,
): NginxServer | undefined {
  return sockets
    .map((socket) => selectByName(socket, host))
    .map((selected) => {
      if (selected.state === "undecidable") return selected.candidates[0];
      if (selected.state !== "selected" || !serving.has(selected.server)) return undefined;
      const isNamed = selected.by !== "default" && host !== NO_NAME;
      const isMeant = isNamed || takesAll(selected.server) || selected.server === server;
      return isMeant ? selected.server : undefined;
    })
    .find((found) => found !== undefined);
}

/** A default server without a name of its own. */
function takesAll(server: NginxServer): boolean {
  return sampleHosts(server).length === 0;
}
