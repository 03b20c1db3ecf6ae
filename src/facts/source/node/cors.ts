import {
  type ScriptValue,
  scriptBoolean,
  scriptText,
  scriptUnknown,
} from "../../../parsers/javascript/script-value.ts";
import type { NodeApplication } from "./application.ts";
import { conditionsOfCall, type LibraryCall, libraryCalls } from "./library-calls.ts";
import { optionOf, withDefault } from "./options.ts";
import type { ScriptRow } from "./row.ts";

const WANTED = /^(?:cors|@koa\/cors|kcors|koa2-cors|@fastify\/cors|fastify-cors)$/;

/** Requests across origins: `cors()`, `@koa/cors`, `@fastify/cors` and Nest's `enableCors`. */
export function corsRows(application: NodeApplication): readonly ScriptRow[] {
  const nest = application.run.calls
    .filter(({ method }) => method === "enableCors")
    .map((call) => ({ path: "cors", call, ...valuesOfBoth(application, call) }));
  return [...libraryCalls(application.run, WANTED), ...nest].flatMap((library) =>
    ofCall(application, library),
  );
}

function valuesOfBoth({ run }: NodeApplication, call: LibraryCall["call"]) {
  const [live = [], bare = []] = [run.live, run.bare].map((machine) => {
    const given = call.node["arguments"];
    return Array.isArray(given) ? given.map((each) => machine.evaluate(each, call.site.scope)) : [];
  });
  return { values: live, bare };
}

function ofCall(application: NodeApplication, library: LibraryCall): readonly ScriptRow[] {
  const { framework } = application;
  const { path, call } = library;
  const [options] = library.values;
  const shared = {
    framework,
    place: call.place,
    conditions: conditionsOfCall(application, call),
  } as const;
  // Koa's answers with the origin that asks where none is named.
  const isReflecting = path === "@koa/cors" || path === "kcors";
  // `cors()` is there, whatever it is given: its default is no absence.
  const { value, place = call.place } = withDefault(optionOf(options, "origin"), scriptText("*"));
  return [
    {
      ...shared,
      slug: "cors.allow_origins",
      property: "cors.origins",
      name: `${path}.origin`,
      place,
      value: originOf(options, value, isReflecting),
    },
    {
      ...shared,
      slug: "cors.allow_credentials",
      property: "cors.credentials",
      name: `${path}.credentials`,
      ...withDefault(optionOf(options, "credentials"), scriptBoolean(false)),
    },
  ];
}

/** `true` answers with whatever origin asks, which lets every one in. */
function originOf(
  options: ScriptValue | undefined,
  value: ScriptValue,
  isReflecting: boolean,
): ScriptValue {
  if (options?.kind === "function") return scriptUnknown("a function decides for each request");
  if (value.kind === "boolean")
    return value.value
      ? scriptText("*", value.origin)
      : { kind: "list", items: [], isOpen: false, origin: value.origin };
  if (value.kind === "list") {
    const items = value.items.map((item) =>
      item.kind === "pattern" ? scriptText(item.source, item.origin) : item,
    );
    return { ...value, items };
  }
  return value.kind === "none" && isReflecting ? scriptText("*") : value;
}
