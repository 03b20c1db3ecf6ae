import type { Environment, Variable } from "../../facts/environment.fact.ts";
import { IMAGE_READER, SCRIPT_READER } from "../../facts/environment-readers.ts";
import type { Service, Services } from "../../facts/services.fact.ts";

/** `in .env (line 3)`: where a variable is to be changed so that it takes effect. */
export function whereToSet(
  variable: Variable | undefined,
  environment: Environment | undefined,
): string {
  if (variable === undefined) return placeOfNew(environment);
  if (variable.layer === "process") return "in the environment the service is started with";
  const { file, line, layer, reader } = variable;
  if (line === undefined) return `in ${file}`;
  // systemd.unit(5): a unit that was changed is only read again on demand.
  const reload =
    layer === "service" && reader === "systemd" ? ", then systemctl daemon-reload" : "";
  // What the image has comes with the next one.
  const isImage = reader === IMAGE_READER || reader === SCRIPT_READER;
  return `in ${file} (line ${line}${reload})${isImage ? " and build the image again" : ""}`;
}

/** The env file in use; where there is none the one that is declared, or the compose service; else `.env`. */
function placeOfNew(environment: Environment | undefined): string {
  const variables = Object.values(environment?.variables ?? {}).flat();
  const inFile = variables.find(({ layer }) => layer === "dotenv" || layer === "service-file");
  const file = inFile?.file ?? environment?.unreadable[0]?.file;
  return file === undefined ? (environment?.placeForNew ?? "in .env") : `in ${file}`;
}

/** `, then run: systemctl restart monitor`: how the application takes up the change. */
export function thenRestart(services: Services | undefined): string {
  const application = mainService(services);
  return application === undefined
    ? ", then restart the application"
    : `, then run: ${application.restart}`;
}

/** The service of the application that answers requests: one that binds or publishes a port; else the first. */
export function mainService(services: Services | undefined): Service | undefined {
  if (services === undefined) return undefined;
  const own = services.services.filter(({ isApplication }) => isApplication);
  const serving = new Set([...services.binds, ...services.published].map(({ service }) => service));
  return own.find(({ name }) => serving.has(name)) ?? own[0];
}

/** A word for a POSIX shell: names from the audited tree may hold anything, and fixes are pasted. */
export function shellWord(text: string): string {
  const word = text.startsWith("-") ? `./${text}` : text;
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
