import type { Evidence } from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import type { Services } from "../../../facts/services.fact.ts";
import { placedAt } from "../../route/endpoint.ts";

/**
 * Options by which an application server is given a certificate: gunicorn and hypercorn
 * `--certfile`, uvicorn and granian `--ssl-certfile`/`--ssl-certificate`, uWSGI `--https`. A key may
 * stand in the certificate's file, so the certificate alone decides.
 */
const CERTIFICATE_OPTIONS: ReadonlySet<string> = new Set([
  "--certfile",
  "--ssl-certfile",
  "--ssl-certificate",
  "--https",
  "--https-socket",
]);
/** Daphne names its endpoint as Twisted does: `-e ssl:443:privateKey=key.pem:certKey=cert.pem`. */
const TWISTED_ENDPOINT = /^ssl:.*certKey=./;

/** Where the application is told to serve TLS itself; `undefined` when nowhere. */
export function ownTls(services: Reading<Services>): Evidence | undefined {
  const applications = (knownValue(services)?.services ?? []).filter(
    ({ isApplication }) => isApplication,
  );
  for (const service of applications) {
    const option = certificateOption(service.command);
    if (option !== undefined) return placedAt(service, `${service.name}: ${option}`);
  }
  return undefined;
}

/** The option's name with its value; a path, hence no secret. */
function certificateOption(command: string): string | undefined {
  const words = command.split(/\s+/);
  for (const [index, word] of words.entries()) {
    const [name = "", ...rest] = word.split("=");
    const value = rest.length > 0 ? rest.join("=") : words[index + 1];
    const isSet = value !== undefined && value !== "" && !value.startsWith("-");
    if (CERTIFICATE_OPTIONS.has(name) && isSet) return `${name} ${value}`;
    if (TWISTED_ENDPOINT.test(word)) return word.slice(0, word.indexOf(":", "ssl:".length));
  }
  return undefined;
}
