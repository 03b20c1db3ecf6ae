import type { HttpSite } from "../../core/http-site.ts";
import type { SourceProperty, SourceSetting } from "../../facts/source-settings.fact.ts";
import type { Concern } from "../proxy-rules/concern.ts";
import { type ApplicationFields, sourceField } from "./application-fields.ts";
import { proxySide } from "./proxy-side.ts";

/** What a client gets of a field by what the application and the proxies in front of it say. */
export type OutgoingField =
  | { readonly state: "sent"; readonly value: string; readonly row: SourceSetting | undefined }
  | { readonly state: "missing"; readonly row: SourceSetting | undefined }
  /** The application sends it under a condition only, and no proxy does. */
  | { readonly state: "sometimes"; readonly row: SourceSetting }
  | { readonly state: "unknown"; readonly reason: string };

export function outgoingField(
  fields: ApplicationFields,
  property: SourceProperty,
  concern: Concern,
  sites: readonly HttpSite[] | undefined,
): OutgoingField {
  const field = property.slice("header.".length);
  const own = sourceField(fields, property);
  const side = proxySide(concern, field, sites);
  const { row } = own;
  if (side.does === "sets") return { state: "sent", value: side.value, row: undefined };
  if (side.does === "unknown") return { state: "unknown", reason: `${field}: ${side.reason}` };
  if (side.does === "hides" || own.state === "not-sent") return { state: "missing", row };
  if (own.state === "unknown") return { state: "unknown", reason: `${field}: ${own.reason}` };
  return own.state === "sent"
    ? { state: "sent", value: own.value, row: own.row }
    : { state: "sometimes", row: own.row };
}
