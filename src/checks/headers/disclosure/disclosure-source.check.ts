import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import type { SourceProperty } from "../../../facts/source-settings.fact.ts";
import { findDisclosures } from "../../../parsers/http/disclosure.ts";
import { quoted } from "../../../parsers/http/field.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { applicationFields, sourceField } from "../../source-headers/application-fields.ts";
import { proxySide } from "../../source-headers/proxy-side.ts";
import { SOURCE_WANTS, type SourceWanted } from "../../source-headers/source-header-check.ts";
import { headersDisclosure } from "./disclosure.control.ts";
import { tellsVersion } from "./disclosure-states.ts";

const FIELDS: readonly (readonly [name: string, property: SourceProperty])[] = [
  ["Server", "header.server"],
  ["X-Powered-By", "header.x-powered-by"],
];

export const headersDisclosureSource = defineCheck({
  control: headersDisclosure,
  layer: "source",
  reads: "Server and X-Powered-By as the application's source sets them.",
  wants: SOURCE_WANTS,

  evaluate(_facts, wanted) {
    const { source } = wanted;
    if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
    const applications = source.state === "known" ? applicationFields(source.value) : [];
    const told = applications.flatMap((fields) =>
      FIELDS.flatMap(([name, property]) => {
        const field = sourceField(fields, property);
        return field.row === undefined ? [] : [{ name, property, field, row: field.row }];
      }),
    );
    if (told.length === 0) return notApplicable("Source says nothing of Server and X-Powered-By");
    const findings = told.flatMap(({ name, property, field, row }): readonly Finding[] => {
      if (field.state !== "sent" || isReplaced(wanted, property)) return [];
      if (!hasVersion(name, field.value)) return [];
      return [
        {
          rule: "version",
          status: "warn",
          subject: name.toLowerCase(),
          message: `${name} tells a version (${quoted(field.value)})`,
          fix: `Take the version out, or the field, at ${sourcePlace(row)}`,
          evidence: [sourceEvidence(row)],
        },
      ];
    });
    const open = told.map(({ field }) => field).find(({ state }) => state === "unknown");
    return judge(
      findings,
      open?.state === "unknown"
        ? cannotTell("unsupported", open.reason)
        : pass("The application tells no version in Server and X-Powered-By", [
            ...told.map(({ row }) => sourceEvidence(row)),
          ]),
    );
  },

  states(_facts, wanted): readonly Statement[] {
    const source = knownValue(wanted.source);
    const [fields] = source === undefined ? [] : applicationFields(source);
    const field = fields === undefined ? undefined : sourceField(fields, "header.server");
    if (field?.state !== "sent") return [];
    const value = tellsVersion(hasVersion("Server", field.value));
    return [{ layer: "source", says: "sets", value, where: sourcePlace(field.row) }];
  },
});

function hasVersion(name: string, value: string): boolean {
  return findDisclosures([[name, value]]).some((each) => each.hasVersion);
}

/** nginx puts its own Server in place of the application's unless it is told otherwise. */
function isReplaced(wanted: SourceWanted, property: SourceProperty): boolean {
  const concern = concernOf(wanted);
  const side = proxySide(concern, property.slice("header.".length), knownValue(wanted.live));
  const isOwn = property === "header.server" && concern.nginx.length > 0;
  return side.does === "hides" || (side.does === "sets" && side.replaces) || isOwn;
}
