import type { HttpField } from "../../core/http-site.ts";
import type {
  SourceProperty,
  SourceSetting,
  SourceSettings,
} from "../../facts/source-settings.fact.ts";

/** What the source of one application says of the fields of its answers. */
export interface ApplicationFields {
  readonly rows: ReadonlyMap<SourceProperty, readonly SourceSetting[]>;
}

/** The applications whose source tells of fields; none where no reader knows the framework. */
export function applicationFields({ settings }: SourceSettings): readonly ApplicationFields[] {
  const rows = settings.filter(({ property }) => property?.startsWith("header.") === true);
  const groups = Map.groupBy(rows, ({ framework, subject }) => `${framework} ${subject ?? ""}`);
  return [...groups.values()].map((group) => ({
    rows: Map.groupBy(
      group.flatMap((row) =>
        row.property === undefined ? [] : [{ ...row, property: row.property }],
      ),
      ({ property }) => property,
    ),
  }));
}

/** What comes of a field in source. */
export type SourceField =
  | { readonly state: "sent"; readonly value: string; readonly row: SourceSetting }
  /** Only under a condition: on some requests, or not in this environment. */
  | { readonly state: "sometimes"; readonly value: string | undefined; readonly row: SourceSetting }
  | { readonly state: "not-sent"; readonly row: SourceSetting | undefined }
  | { readonly state: "unknown"; readonly reason: string; readonly row: SourceSetting };

/** Whether the request came over TLS: what decides about HSTS is no condition for those who are to get it. */
const OVER_TLS =
  /^(?:[\w.]*(?:is_secure\(\)|url\.scheme == "\u2026"|scheme == "\u2026"|scheme == '\u2026')|self\.\w*(?:https|tls|ssl)\w*)$/i;

export function sourceField({ rows }: ApplicationFields, property: SourceProperty): SourceField {
  const all = rows.get(property) ?? [];
  const isFree = ({ condition }: SourceSetting) =>
    condition === undefined ||
    (property === "header.strict-transport-security" && OVER_TLS.test(condition));
  const sure = all.findLast((row) => isFree(row) && row.isOff !== true);
  const some = all.findLast((row) => !isFree(row) || row.isOff === true);
  const row = sure ?? some;
  if (row === undefined) return { state: "not-sent", row };
  if (sure === undefined && all.every(isElsewhere)) return { state: "not-sent", row };
  const { resolved } = row;
  const isNothing = resolved.state === "known" && typeof resolved.value !== "string";
  if (sure !== undefined && isNothing && some !== undefined) return conditional(some);
  if (row === some) return conditional(some);
  if (resolved.state !== "known") return { state: "unknown", reason: resolved.reason, row };
  return typeof resolved.value === "string"
    ? { state: "sent", value: resolved.value, row }
    : { state: "not-sent", row };
}

/** Only on paths below one that is written out (`only on /api/:path*`): the main page is none of them. */
function isElsewhere({ condition }: SourceSetting): boolean {
  return condition !== undefined && /^only on \/[\w.-]+(?:\/|$)/.test(condition);
}

function conditional(row: SourceSetting): SourceField {
  const { resolved } = row;
  const value =
    resolved.state === "known" && typeof resolved.value === "string" ? resolved.value : undefined;
  return { state: "sometimes", value, row };
}

/** Every field that is known to be sent, for rules made for answers. */
export function sentFields(fields: ApplicationFields): readonly HttpField[] {
  return [...fields.rows.keys()].flatMap((property): readonly HttpField[] => {
    const field = sourceField(fields, property);
    const name = property.slice("header.".length);
    return field.state === "sent" ? [[name, field.value]] : [];
  });
}
