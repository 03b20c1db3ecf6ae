import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import type { Problem, Reading } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { listeners } from "../../../facts/listeners.fact.ts";
import { processes } from "../../../facts/processes.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { answerOutsideRole } from "../../role/role-gate.ts";
import { hubBindAddress } from "./bind-address.control.ts";
import { type Exposure, type Exposures, exposuresOf } from "./exposure.ts";
import { bindFix } from "./exposure-remedy.ts";

/** Where the application can be reached: its sockets, its published ports and its bind options. */
export const hubBindAddressHost = defineCheck({
  control: hubBindAddress,
  layer: "host",
  reads:
    "The machine's listening sockets with their processes, compose ports, and the bind options of units and command lines.",
  needs: { mode: deploymentMode },
  wants: { listeners, processes, services },

  evaluate({ mode }, readings) {
    const outside = answerOutsideRole(mode, "hub");
    if (outside !== undefined) return outside;
    const exposures = exposuresOf(readings);
    const findings = exposures.all.flatMap(findingOf);
    return judge(findings, answerOf(exposures, readings.listeners));
  },

  states(_facts, readings) {
    return statementsOf(exposuresOf(readings));
  },
});

function findingOf(exposure: Exposure): readonly Finding[] {
  const { from, reach, shown } = exposure;
  if (reach !== "wildcard" && reach !== "public") return [];
  const where = reach === "wildcard" ? "every address" : "a public address";
  const messages = {
    listener: `The application listens on ${where}: ${shown}`,
    published: `Compose publishes the application on ${where}: ${shown}; Docker's rules bypass ufw`,
    bind: `The application is told to bind ${where}: ${shown}`,
  } as const;
  const rules = { listener: "listens", published: "published", bind: "bound" } as const;
  return [
    {
      rule: `${rules[from]}-on-${reach === "wildcard" ? "every" : "public"}-address`,
      status: "warn",
      message: messages[from],
      fix: bindFix(exposure),
      evidence: [exposure.evidence],
    },
  ];
}

/** The answer where nothing is exposed. */
function answerOf(exposures: Exposures, listeners: Reading<unknown>): Outcome {
  const { all, undecided, unpublished, isAnySeen } = exposures;
  const [hidden] = undecided;
  if (hidden !== undefined) {
    const detail = `The application listens on port ${hidden.port} inside a container; whether that port is published cannot be told from there`;
    return cannotTell("not-recorded", detail);
  }
  const named = all.find(({ reach }) => reach === "name");
  if (named !== undefined) {
    const detail = `The application binds the name ${named.shown}, whose address is not known here`;
    return cannotTell("unsupported", detail);
  }
  const isSeen = all.some(({ from, reach }) => from === "listener" || reach === "socket");
  if (isAnySeen && !isSeen && (all.length > 0 || unpublished.length === 0)) {
    const detail =
      "Sockets are listening, but none of them belongs to the application; start it and audit again";
    return cannotTell("unreachable", detail);
  }
  if (all.length > 0) return passed(all, isSeen);
  if (unpublished.length > 0) return passedUnpublished(exposures);
  return cannotTell(...nothingKnown(listeners));
}

function passed(all: readonly Exposure[], isSeen: boolean): Outcome {
  const places = [...new Set(all.map(({ shown }) => shown))].join(", ");
  const isOnly = isSeen ? "" : " by its configuration; its sockets were not seen";
  const wide = all.filter(({ reach }) => reach === "private" || reach === "link-local");
  const note =
    wide.length > 0
      ? `; ${wide.map(({ shown }) => shown).join(", ")} can be reached from the private network or the link`
      : "";
  return pass(
    `The application listens on ${places}${isOnly}${note}`,
    all.map(({ evidence }) => evidence),
  );
}

function passedUnpublished({ unpublished }: Exposures): Outcome {
  const names = unpublished.map(({ name }) => name).join(", ");
  return pass(
    `Compose publishes no port of ${names}`,
    unpublished.map(({ name, file, line }) => ({
      ...(file !== undefined && { file }),
      ...(file !== undefined && line !== undefined && { line }),
      excerpt: `service ${name} without ports`,
    })),
  );
}

function nothingKnown(listeners: Reading<unknown>): [code: Problem["code"], detail: string] {
  if (listeners.state === "known") {
    return ["unreachable", "Nothing is listening, and no bind configuration was found"];
  }
  const why =
    listeners.state === "unknown" ? listeners.problem.detail : `no listeners: ${listeners.reason}`;
  const code = listeners.state === "unknown" ? listeners.problem.code : "not-recorded";
  return [code, `Neither listening sockets nor a bind configuration are known (${why})`];
}

/** What configuration says and what the machine shows, in one form for both. */
function statementsOf({ all }: Exposures): readonly Statement[] {
  const told = all.filter(({ from }) => from !== "listener");
  const seen = all.filter(({ from }) => from === "listener");
  return [...statement("config", told), ...statement("host", seen)];
}

function statement(layer: "config" | "host", places: readonly Exposure[]): readonly Statement[] {
  const [first] = places;
  if (first === undefined) return [];
  const { file, line, excerpt } = first.evidence;
  const where = file === undefined ? excerpt : line === undefined ? file : `${file}:${line}`;
  const value = [...new Set(places.map(canonical))].sort().join(", ");
  return [{ layer, says: "sets", value, where }];
}

/** `:8000`, `0.0.0.0:8000` and `[::]:8000` are one value; so are the ways to write loopback. */
function canonical({ reach, shown, port }: Exposure): string {
  if (reach === "wildcard") return `*:${port}`;
  return reach === "loopback" ? `loopback:${port}` : shown;
}
