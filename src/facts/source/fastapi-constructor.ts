import type { CallRecord } from "../../parsers/python/machine.ts";
import { boolean, originOf, unknownValue, type Value } from "../../parsers/python/value.ts";
import type { PythonRow } from "./python-row.ts";

const CONSTRUCTOR = /^fastapi\.(?:applications\.)?FastAPI$/;
const PAGES = ["docs_url", "redoc_url"] as const;

/** `FastAPI(docs_url=None)`: without `openapi_url` neither page shows anything. */
export function constructorRows(record: CallRecord): readonly PythonRow[] {
  if (!CONSTRUCTOR.test(record.path)) return [];
  const { named } = record.call;
  const openapi = named.get("openapi_url");
  return [
    docsRow(record),
    ...(openapi === undefined
      ? []
      : [
          {
            ...{
              slug: "fastapi.openapi",
              framework: "fastapi" as const,
              name: "FastAPI.openapi_url",
            },
            ...at(record, "openapi_url"),
            value: openapi,
          },
        ]),
  ];
}

/** The row on documentation pages stands at the argument that decides; without one FastAPI shows them. */
function docsRow(record: CallRecord): PythonRow {
  const { named, isOpen } = record.call;
  const openapi = named.get("openapi_url");
  const given = PAGES.filter((name) => named.has(name));
  const pages = PAGES.map((name) => named.get(name));
  const values = [openapi, ...pages].filter((value) => value !== undefined);
  const decides = isOff(openapi) ? "openapi_url" : given[0];
  const open = values.find(({ kind }) => kind !== "text" && kind !== "none");
  const hidden = isOpen && values.length < 3 ? unknownValue("not all arguments are known") : open;
  const value = hidden ?? boolean(!isOff(openapi) && !pages.every(isOff));
  const isAbsent = decides === undefined && !isOpen;
  return {
    slug: "fastapi.docs",
    property: "docs.exposed",
    framework: "fastapi",
    name: "FastAPI.docs_url",
    ...at(record, decides ?? ""),
    value: { ...value, origin: isAbsent ? value.origin : (values[0]?.origin ?? value.origin) },
    ...(isChosen(given.map((name) => named.get(name))) ? { kind: "computed" } : {}),
    ...(isAbsent ? { isAbsent: true } : {}),
  };
}

/** An address or none, whichever a switch in the environment says: the address itself is not the variable's. */
function isChosen(values: readonly (Value | undefined)[]): boolean {
  return values.some((value) => {
    const [read] = value === undefined ? [] : originOf(value).reads;
    return (
      (isOff(value) || value?.kind === "text") && /^(?:true|false)$/.test(read?.fallback ?? "")
    );
  });
}

function isOff(value: Value | undefined): boolean {
  return value?.kind === "none" || (value?.kind === "text" && value.text === "");
}

function at(
  { file, place, condition, call }: CallRecord,
  argument: string,
): Pick<PythonRow, "file" | "line" | "column" | "condition" | "written"> {
  const written = call.places?.get(argument);
  const { line, column } = written ?? place;
  return {
    ...{ file, line, column },
    ...(written === undefined ? {} : { written }),
    ...(condition === undefined ? {} : { condition }),
  };
}
