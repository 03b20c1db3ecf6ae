import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import type { Framework } from "../../../facts/application.fact.ts";
import { type DeploySettings, deploySettings } from "../../../facts/deploy-settings.fact.ts";
import {
  type Environment,
  effectiveVariable,
  environment,
} from "../../../facts/environment.fact.ts";
import { type Service, type Services, services } from "../../../facts/services.fact.ts";
import {
  type SourceSettings,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { reachOf, showEndpoint } from "../../route/address.ts";
import { launcherProxyTrust } from "./proxy-trust.control.ts";

export const launcherProxyTrustConfig = defineCheck({
  control: launcherProxyTrust,
  layer: "config",
  reads:
    "Options of the server's command line, FORWARDED_ALLOW_IPS, gunicorn.conf.py, trust proxy of Express, proxy of Koa and trustProxy of Fastify in source, and where the server is reached.",
  needs: { services },
  wants: { environment, rows: deploySettings, source: sourceSettings },

  evaluate({ services: told }, { environment: variables, rows, source }) {
    const servers = told.services.filter(isServer);
    const inSource = sourceTrusts(knownValue(source));
    if (servers.length === 0 && inSource.length === 0)
      return notApplicable("No server that reads forwarded headers was found");
    const trusts = [...trustsOf(servers, knownValue(variables), knownValue(rows)), ...inSource];
    if (trusts.length === 0) {
      const evidence = servers.map(evidenceOf);
      return pass("Forwarded headers are believed from named addresses alone", evidence);
    }
    const opening = openingOf(told);
    if (opening === undefined) return closedOutcome(told, trusts);
    return judge(
      trusts.map((trust) => findingOf(trust, opening)),
      pass("", []),
    );
  },
});

const SERVER = /(?:^|[\s/])(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve)(?:\s|$)/;
const TRUSTS_ALL = /--forwarded-allow-ips[=\s]+["']?\*|--trusted-proxy[=\s]+["']?\*/;

function isServer({ command, isApplication }: Service): boolean {
  return isApplication && SERVER.test(command);
}

interface Trust {
  readonly text: string;
  readonly evidence: Evidence;
  readonly place: string;
  readonly isInSource?: true;
}

/** Every place that says: believe everybody. */
function trustsOf(
  servers: readonly Service[],
  variables: Environment | undefined,
  rows: DeploySettings | undefined,
): readonly Trust[] {
  const told = servers.flatMap((service) => {
    const { command } = service;
    const isDaphne = /(?:^|[\s/])daphne\s/.test(command) && command.includes("--proxy-headers");
    const text = isDaphne ? "--proxy-headers" : TRUSTS_ALL.exec(command)?.[0];
    if (text === undefined) return [];
    const place = `the command of ${service.name}`;
    return [{ text, place, evidence: { ...evidenceOf(service), excerpt: text } }];
  });
  const readsVariable = servers.some(({ command }) => /gunicorn|uvicorn/.test(command));
  const variable =
    variables === undefined ? undefined : effectiveVariable(variables, "FORWARDED_ALLOW_IPS");
  const set =
    readsVariable && told.length === 0 && variable?.text === "*"
      ? [
          {
            text: "FORWARDED_ALLOW_IPS=*",
            place: variable.file,
            evidence: {
              file: variable.file,
              ...(variable.line === undefined ? {} : { line: variable.line }),
              excerpt: "FORWARDED_ALLOW_IPS=*",
            },
          },
        ]
      : [];
  return [...told, ...set, ...configured(servers, rows)];
}

const NODE: ReadonlySet<Framework> = new Set(["express", "koa", "fastify"]);

/** `true` takes the address that stands first in the header, which the client wrote. */
function sourceTrusts(source: SourceSettings | undefined): readonly Trust[] {
  if (source === undefined) return [];
  return settingsOf(source, "proxy.trusted")
    .filter(
      ({ framework, resolved, condition, isOff }) =>
        framework !== undefined &&
        NODE.has(framework) &&
        condition === undefined &&
        isOff === undefined &&
        resolved.state === "known" &&
        resolved.value === true,
    )
    .map((row) => ({
      text: row.framework === "express" ? '"trust proxy" is true' : `${row.slug} is true`,
      place: sourcePlace(row),
      evidence: sourceEvidence(row),
      isInSource: true,
    }));
}

function configured(
  servers: readonly Service[],
  rows: DeploySettings | undefined,
): readonly Trust[] {
  if (!servers.some(({ command }) => /gunicorn/.test(command))) return [];
  return (rows?.settings ?? [])
    .filter(
      ({ slug, value, file }) => slug === "proxy.trusted" && value === "*" && /\.py$/.test(file),
    )
    .map(({ file, line }) => ({
      text: 'forwarded_allow_ips = "*"',
      place: file,
      evidence: { file, ...(line === null ? {} : { line }), excerpt: 'forwarded_allow_ips = "*"' },
    }));
}

function evidenceOf({ file, line, command }: Service): Evidence {
  return {
    ...(file === undefined ? {} : { file }),
    ...(file === undefined || line === undefined ? {} : { line }),
    excerpt: command,
  };
}

/** Where others than the proxy reach the server; `undefined` for nowhere that is known. */
function openingOf({ published, binds, services: all }: Services): string | undefined {
  const isWide = (address: string): boolean => /^(?:wildcard|public)$/.test(reachOf(address));
  const port = published.find(({ isApplication, address }) => isApplication && isWide(address));
  if (port !== undefined) return showEndpoint(port.address, port.hostPort || port.containerPort);
  const own = new Set(all.filter(({ isApplication }) => isApplication).map(({ name }) => name));
  const bind = binds.find(
    ({ service, isInContainer, isUnixSocket, address }) =>
      own.has(service) && !isInContainer && !isUnixSocket && isWide(address),
  );
  return bind === undefined ? undefined : showEndpoint(bind.address, bind.port);
}

function closedOutcome({ binds, services: all }: Services, trusts: readonly Trust[]): Outcome {
  const own = all.filter(({ isApplication }) => isApplication);
  const [trust] = trusts;
  // Containers beside the application tell nothing of where it listens itself.
  const isRun = trust?.isInSource !== true || own.length > 0;
  const isAnyTold = isRun && (binds.length > 0 || all.some(({ kind }) => kind === "compose"));
  if (!isAnyTold || trust === undefined)
    return cannotTell(
      "not-recorded",
      "Forwarded headers are believed from everybody, and where the server listens is not told",
    );
  return pass(
    `Forwarded headers are believed from everybody (${trust.text}), and nothing but the proxy's side reaches the server`,
    trusts.map(({ evidence }) => evidence),
  );
}

function findingOf({ text, place, evidence, isInSource }: Trust, opening: string): Finding {
  const fix =
    isInSource === true
      ? `Trust the number of proxies or their addresses instead of true at ${place} (1, "loopback"), and publish the proxy's port alone`
      : `Write the proxy's address instead of * in ${place} (127.0.0.1 where it runs on this machine), and bind the server to loopback`;
  return {
    rule: "trusts-everybody",
    status: "warn",
    message: `Forwarded headers are believed from everybody (${text}), and everybody reaches the server on ${opening}`,
    fix,
    evidence: [evidence],
  };
}
