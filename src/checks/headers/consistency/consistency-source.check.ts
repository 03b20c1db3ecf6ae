import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { withoutQuery } from "../../../core/http-report.ts";
import { fieldValues, judgedAnswer } from "../../../core/http-site.ts";
import { knownValue } from "../../../core/reading.ts";
import type { Statement } from "../../../core/trace.ts";
import type { SourceProperty, SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { SECURITY_FIELDS } from "../../nginx/security-fields.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import {
  type ApplicationFields,
  applicationFields,
  sourceField,
} from "../../source-headers/application-fields.ts";
import { type ProxySide, proxySide } from "../../source-headers/proxy-side.ts";
import { SOURCE_WANTS, type SourceWanted } from "../../source-headers/source-header-check.ts";
import { headersConsistency } from "./consistency.control.ts";

const HSTS = "strict-transport-security";
const NAMES: ReadonlyMap<string, string> = new Map([
  [HSTS, "Strict-Transport-Security"],
  ...SECURITY_FIELDS,
]);

export const headersConsistencySource = defineCheck({
  control: headersConsistency,
  layer: "source",
  reads:
    "Security headers that the application's source sets, beside what the proxies in front of it do to each.",
  wants: SOURCE_WANTS,

  evaluate(_facts, wanted) {
    const { source } = wanted;
    if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
    const pairs = pairsOf(wanted);
    const both = pairs.filter(({ side }) => side.does === "sets" || side.does === "hides");
    if (both.length === 0)
      return notApplicable("No security header is set by the application and changed by a proxy");
    return judge(
      both.flatMap(findingsOf),
      pass("The application and the proxies set no header to different values", [
        ...both.map(({ row }) => sourceEvidence(row)),
      ]),
    );
  },

  states: (_facts, wanted) => statements(wanted),
});

/** Where no proxy sets any, nothing else states them: what the application sets, and what of it arrives. */
function statements(wanted: SourceWanted): readonly Statement[] {
  const concern = concernOf(wanted);
  const sites = knownValue(wanted.live);
  const isProxied = [...NAMES.keys()].some(
    (field) => proxySide(concern, field, sites).does === "sets",
  );
  const pairs = isProxied ? [] : pairsOf(wanted);
  if (pairs.length === 0) return [];
  const where = [...new Set(pairs.map(({ row }) => sourcePlace(row)))].join(", ");
  const inner: Statement = { layer: "source", says: "sets", value: namesOf(pairs), where };
  const main = sites?.[0] === undefined ? undefined : judgedAnswer(sites[0]);
  if (main === undefined) return [inner];
  const arriving = pairs.filter(({ name, value }) =>
    fieldValues(main, name.toLowerCase()).some((sent) => isSame(sent, value)),
  );
  const url = withoutQuery(main.url);
  return [
    inner,
    arriving.length === 0
      ? { layer: "live", says: "drops", where: url }
      : { layer: "live", says: "sets", value: namesOf(arriving), where: url },
  ];
}

function namesOf(pairs: readonly Pair[]): string {
  return pairs
    .map(({ name }) => name)
    .sort()
    .join(", ");
}

interface Pair {
  /** As written. */
  readonly name: string;
  readonly value: string;
  readonly row: SourceSetting;
  readonly side: ProxySide;
}

/** Fields that the first application is known to send, and what the proxies do to each. */
function pairsOf(wanted: SourceWanted): readonly Pair[] {
  const source = knownValue(wanted.source);
  const [fields] = source === undefined ? [] : applicationFields(source);
  return fields === undefined ? [] : [...NAMES].flatMap((named) => pairOf(fields, wanted, named));
}

function pairOf(
  fields: ApplicationFields,
  wanted: SourceWanted,
  [field, name]: readonly [string, string],
): readonly Pair[] {
  const property = [...fields.rows.keys()].find(
    (each: SourceProperty) => each === `header.${field}`,
  );
  const own = property === undefined ? undefined : sourceField(fields, property);
  if (own?.state !== "sent") return [];
  const side = proxySide(concernOf(wanted), field, knownValue(wanted.live));
  return [{ name, value: own.value, row: own.row, side }];
}

function findingsOf({ name, value, row, side }: Pair): readonly Finding[] {
  const subject = name.toLowerCase();
  if (side.does === "hides") {
    return [
      {
        ...{ rule: "hidden-and-unset", status: "warn", subject },
        message: `${name} of the application (${sourcePlace(row)}) is taken out by the proxy (${side.where})`,
        fix: `Take the directive out at ${side.where}, or set ${name} there`,
        evidence: [sourceEvidence(row), placeEvidence(side.where, `${name} is hidden`)],
      },
    ];
  }
  if (side.does !== "sets" || side.replaces || isSame(value, side.value)) return [];
  return [
    {
      ...{ rule: "different-values", status: "warn", subject },
      message: `${name} is sent twice, with different values: by the application (${sourcePlace(row)}) and the proxy (${side.where})`,
      fix: `Set it in one place: drop one of ${sourcePlace(row)} and ${side.where}`,
      evidence: [sourceEvidence(row), placeEvidence(side.where, `${name}: ${side.value}`)],
    },
  ];
}

/** Case and blanks mean nothing in any of these fields. */
function isSame(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/\s*([;,])\s*/g, "$1")
      .trim();
  return plain(a) === plain(b);
}

function placeEvidence(where: string, excerpt: string): Evidence {
  const [, file = where, line] = /^(.*?):(\d+)/.exec(where) ?? [];
  return { file, ...(line === undefined ? {} : { line: Number(line) }), excerpt };
}
