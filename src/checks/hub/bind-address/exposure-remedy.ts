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

/** How to take the application off the network, for this unit, compose file or process. */
export function bindFix(exposure: Exposure): string {
  const { published, service } = exposure;
  if (published !== undefined) {
    const { file, line, containerPort, protocol } = published;
    const port = exposure.port === "" ? containerPort : exposure.port;
    const suffix = protocol === "" || protocol === "tcp" ? "" : `/${protocol}`;
    const run = service?.restart ?? `docker compose up -d ${published.service}`;
    return `In ${file} line ${line} write "127.0.0.1:${port}:${containerPort}${suffix}", then run: ${run}`;
  }
  const place = placeOf(exposure);
  const restart = service === undefined ? "restart the application" : `run: ${service.restart}`;
  return `${place} ${optionsOf(exposure)}, then ${restart}`;
}

function placeOf({ evidence, service }: Exposure): string {
  const file = evidence.file ?? service?.file;
  const line = evidence.file === undefined ? service?.line : evidence.line;
  if (file === undefined) return "Start the application with";
  return line === undefined ? `In ${file} use` : `In ${file} line ${line} use`;
}

function optionsOf({ listener, service, port }: Exposure): string {
  const words = [service?.command, listener?.command].flatMap((text) => text?.split(/\s+/) ?? []);
  const server = words.map(programOf).find((word) => Object.hasOwn(BIND_OPTIONS, word));
  const options = server === undefined ? undefined : BIND_OPTIONS[server];
  return (options ?? "127.0.0.1:PORT as its address").replaceAll("PORT", port);
}
