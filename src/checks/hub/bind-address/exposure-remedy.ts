import type { PublishedPort, Service } from "../../../facts/services.fact.ts";
import { programOf } from "../../route/app-listeners.ts";
import type { Exposure } from "./exposure.ts";

/** How each server is told its address. `PORT` stands for the port. */
const BIND_OPTIONS: Readonly<Record<string, string>> = {
  gunicorn: "--bind 127.0.0.1:PORT (or --bind unix:/run/app/app.sock)",
  uvicorn: "--host 127.0.0.1 --port PORT (or --uds /run/app/app.sock)",
  hypercorn: "--bind 127.0.0.1:PORT (or --bind unix:/run/app/app.sock)",
  daphne: "-b 127.0.0.1 -p PORT (or -u /run/app/app.sock)",
  waitress: "--listen=127.0.0.1:PORT",
  "waitress-serve": "--listen=127.0.0.1:PORT",
  granian: "--host 127.0.0.1 --port PORT",
  uwsgi: "--http-socket 127.0.0.1:PORT",
  node: 'server.listen(PORT, "127.0.0.1")',
};

/** Ports that the proxy in front needs, and none at all: the application moves to the usual one. */
const TAKEN_PORTS: ReadonlySet<string> = new Set(["", "0", "80", "443"]);
const USUAL_PORT = "8000";

/** How to take the application off the network, for this unit, compose file or process. */
export function bindFix(exposure: Exposure): string {
  const { published, service, listener } = exposure;
  if (published !== undefined) return publishedFix(published, service);
  if (listener?.command !== undefined && programOf(listener.command) === "docker-proxy") {
    const { port } = exposure;
    return `Publish the container's port on loopback: "127.0.0.1:${port}:PORT" under ports: in the compose file, or docker run -p 127.0.0.1:${port}:PORT; then create the container anew`;
  }
  const options = optionsOf(exposure);
  const [pid] = service?.pids ?? [];
  // A process nobody supervises: its own restart command would start it as it was.
  if (service?.kind === "process" && pid !== undefined && service.restart.startsWith("kill "))
    return `Run: kill ${pid}; then start it again with ${options}, in place of its address in: ${service.command}`;
  const restart = service === undefined ? "restart the application" : `run: ${service.restart}`;
  return `${placeOf(exposure)} ${options}, then ${restart}`;
}

function publishedFix(published: PublishedPort, service: Service | undefined): string {
  const { file, line, hostPort, containerPort, protocol, text } = published;
  const run = service?.restart ?? `docker compose up -d ${published.service}`;
  // The long form is a map; `host_ip` is one more key of it.
  if (text.startsWith("target:"))
    return `In ${file} line ${line} add to that port: host_ip: 127.0.0.1, then run: ${run}`;
  const port = hostPort === "" ? containerPort : hostPort;
  const suffix = protocol === "" || protocol === "tcp" ? "" : `/${protocol}`;
  return `In ${file} line ${line} write "127.0.0.1:${port}:${containerPort}${suffix}", then run: ${run}`;
}

function placeOf({ evidence, service }: Exposure): string {
  const file = evidence.file ?? service?.file;
  const line = evidence.file === undefined ? service?.line : evidence.line;
  if (file === undefined) return "Start the application with";
  return line === undefined ? `In ${file} use` : `In ${file} line ${line} use`;
}

function optionsOf({ evidence, listener, service, port }: Exposure): string {
  const inner = TAKEN_PORTS.has(port) ? USUAL_PORT : port;
  // gunicorn's own configuration is Python.
  if (evidence.file?.endsWith(".py") === true && /^bind\b/.test(evidence.excerpt))
    return `bind = "127.0.0.1:${inner}"`;
  const words = [service?.command, listener?.command].flatMap((text) => text?.split(/\s+/) ?? []);
  const server = words.map(programOf).find((word) => Object.hasOwn(BIND_OPTIONS, word));
  const options = server === undefined ? undefined : BIND_OPTIONS[server];
  return (options ?? "127.0.0.1:PORT as its address").replaceAll("PORT", inner);
}
