import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { parseBindAddress } from "../parsers/command-line/address.ts";
import { readCommandLine } from "../parsers/command-line.ts";
import { type GunicornBind, readGunicornBind } from "../parsers/gunicorn-config.ts";
import { attempt } from "./attempt.ts";
import { launchedPrograms } from "./launcher-files.ts";
import { placeCommand, type ServicePart } from "./service-part.ts";
import type { Bind, DebugFlag } from "./services.fact.ts";
import { isWithin, resolveFrom, shownPath } from "./target-path.ts";

export const CONFIG_BYTES_MAX = 262_144;
const GUNICORN_CONFIG = "gunicorn.conf.py";

/** What a `gunicorn.conf.py` says stands for the default bind of the services that read it. */
export async function configuredBinds(
  context: CollectContext,
  parts: readonly ServicePart[],
): Promise<readonly Bind[]> {
  const binds: Bind[] = [];
  for (const { service, binds: told, gunicornConfig } of parts) {
    const config =
      gunicornConfig === undefined ? undefined : await readConfig(context, gunicornConfig);
    if (config === undefined) {
      binds.push(...told);
      continue;
    }
    const isInContainer = told[0]?.isInContainer ?? service.isInContainer;
    binds.push(...bindsOf(config, { service: service.name, isInContainer }));
  }
  return binds;
}

/** Where no declared service tells a bind: the configuration in the tree, then what launchers' files start. */
export async function undeclaredBinds(
  context: CollectContext,
): Promise<{ readonly binds: readonly Bind[]; readonly debugFlags: readonly DebugFlag[] }> {
  const { directory } = context.target;
  const config = await readConfig(context, resolveFrom(directory, GUNICORN_CONFIG));
  const launched = await launchedBinds(context, { commands: [], isDeclared: false });
  if (config === undefined) return launched;
  const isShadowed = (bind: Bind) => bind.text === "gunicorn without --bind";
  const place = { service: "gunicorn", isInContainer: false };
  const own = launched.binds.filter((bind) => !isShadowed(bind));
  return { ...launched, binds: own.length > 0 ? own : bindsOf(config, place) };
}

/** What a Procfile, supervisor or uWSGI binds; of programs that are declared, those whose file their command names. */
export async function launchedBinds(
  context: CollectContext,
  asked: Parameters<typeof launchedPrograms>[1],
): Promise<{ readonly binds: readonly Bind[]; readonly debugFlags: readonly DebugFlag[] }> {
  const programs = await launchedPrograms(context, asked);
  const placed = programs.map(({ service, command, file, line, variables }) => {
    const set = new Map(variables.map(({ key, value }) => [key, value]));
    const read = readCommandLine(command, (name) => set.get(name));
    return placeCommand(read, { service, isInContainer: false, file, line });
  });
  return {
    binds: placed.flatMap(({ binds }) => binds),
    debugFlags: placed.flatMap(({ debugFlags }) => debugFlags),
  };
}

interface Config {
  readonly bind: GunicornBind;
  readonly file: string;
}

async function readConfig(
  { host, target }: CollectContext,
  path: string,
): Promise<Config | undefined> {
  const { directory } = target;
  // In a container the path is that of the image: the file of the same name in the tree is copied there.
  const name = path.slice(path.lastIndexOf("/") + 1);
  for (const each of [path, resolveFrom(directory, name)]) {
    if (!isWithin(directory, each)) continue;
    const text = knownValue(await attempt(() => host.readFile(each, CONFIG_BYTES_MAX)));
    if (text === undefined) continue;
    const bind = readGunicornBind(text);
    return bind === undefined ? undefined : { bind, file: shownPath(directory, each) };
  }
  return undefined;
}

function bindsOf(
  { bind, file }: Config,
  place: { readonly service: string; readonly isInContainer: boolean },
): readonly Bind[] {
  return bind.addresses.flatMap((address) => {
    const parsed = parseBindAddress(address, 8000);
    if (parsed === undefined) return [];
    const text = `bind = ${JSON.stringify(address.replaceAll("$COMPUTED", "{...}"))}`;
    return [{ ...parsed, ...place, text, file, line: bind.line }];
  });
}
