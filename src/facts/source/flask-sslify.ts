import type { Machine } from "../../parsers/python/machine.ts";
import {
  boolean,
  number,
  text,
  truthOf,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import type { FieldWrite } from "./field-statements.ts";
import { argumentOf, type Extension, extensions, placeOf } from "./flask-extensions.ts";
import type { PythonRow } from "./python-row.ts";

const SSLIFY = /^flask_sslify\.SSLify$/;
/** Flask-SSLify's own `age`: a year. */
const AGE_SECONDS = 31_536_000;

/** `SSLify(app)`: plain requests are sent to https. */
export function sslifyRows(machine: Machine): readonly PythonRow[] {
  return extensions(machine, SSLIFY).map(({ record }) => ({
    slug: "flask.sslify",
    property: "redirect.https",
    framework: "flask",
    name: "SSLify",
    ...placeOf(record),
    value: boolean(true),
  }));
}

/** And every answer gets Strict-Transport-Security. */
export function sslifyWrites(machine: Machine): readonly FieldWrite[] {
  return extensions(machine, SSLIFY).map((each) => {
    const { file, place, condition } = each.record;
    return {
      ...{
        name: "strict-transport-security",
        value: policyOf(each),
        isDefault: false,
        file,
        place,
      },
      ...(condition === undefined ? {} : { condition }),
    };
  });
}

function policyOf(each: Extension): Value {
  const age = argumentOf(each, "age", each.call.positional[1] ?? number(AGE_SECONDS));
  const isWide = truthOf(argumentOf(each, "subdomains", boolean(false)));
  if (age.kind !== "number" || isWide === undefined)
    return unknownValue("how long and for which hosts is not known", [age.origin]);
  return text(`max-age=${age.number}${isWide ? "; includeSubDomains" : ""}`, age.origin);
}
