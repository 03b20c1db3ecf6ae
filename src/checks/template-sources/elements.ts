import {
  cannotTell,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../core/check.ts";
import {
  type SourceProperty,
  type SourceSetting,
  type SourceSettings,
  settingsOf,
} from "../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "../judgement/sourced.ts";
import { elementFaults, selfHostingAdvice } from "../live-sri/integrity-faults.ts";

/** An element of a template that loads code or style from another origin. */
export interface TemplateElement {
  readonly element: "script" | "stylesheet";
  readonly url: URL;
  /** As written, without query. */
  readonly written: string;
  /** Left out where the element has none. */
  readonly integrity?: string;
  readonly crossorigin?: string;
  /** `templates/base.html:12`. */
  readonly place: string;
  readonly row: SourceSetting;
}

const PROPERTIES: readonly (readonly [SourceProperty, TemplateElement["element"]])[] = [
  ["template.external-script", "script"],
  ["template.external-stylesheet", "stylesheet"],
];

/** What templates load from elsewhere, as far as the template says it. */
export function templateElements(source: SourceSettings): readonly TemplateElement[] {
  return PROPERTIES.flatMap(([property, element]) =>
    settingsOf(source, property).flatMap((row) => elementOf(row, element)),
  );
}

function elementOf(
  row: SourceSetting,
  element: TemplateElement["element"],
): readonly TemplateElement[] {
  const { resolved } = row;
  if (resolved.state !== "known" || typeof resolved.value !== "object") return [];
  const value = resolved.value as Readonly<Record<string, unknown>> | null;
  const written = value?.["url"];
  const url = typeof written === "string" ? URL.parse(written, "https://plimsoll.invalid/") : null;
  if (typeof written !== "string" || url === null) return [];
  const text = (name: string) => {
    const given = value?.[name];
    return typeof given === "string" ? { [name]: given } : {};
  };
  const place = sourcePlace(row);
  return [{ element, url, written, ...text("integrity"), ...text("crossorigin"), place, row }];
}

/** One thing that is wrong with an element. */
export interface ElementFault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  readonly what: string;
  readonly fix: string;
}

export interface ElementsRule {
  readonly concerns: (element: TemplateElement) => boolean;
  readonly faults: (element: TemplateElement) => readonly ElementFault[];
  readonly passes: string;
  readonly none: string;
}

const EVIDENCE_MAX = 20;

/** Judges the elements of all templates; what the engine fills in could not be told. */
export function judgeElements(source: SourceSettings, rule: ElementsRule): Outcome {
  const all = templateElements(source).filter(rule.concerns);
  const open = PROPERTIES.flatMap(([property]) => settingsOf(source, property)).find(
    ({ resolved }) => resolved.state !== "known",
  );
  const findings = all.flatMap((each) =>
    rule.faults(each).map(
      ({ rule: name, status, what, fix }): Finding => ({
        ...{ rule: name, status, fix, subject: each.url.host },
        message: `${what} (${each.place})`,
        evidence: [sourceEvidence(each.row)],
      }),
    ),
  );
  if (all.length > 0)
    return judge(
      findings,
      open === undefined
        ? pass(
            rule.passes,
            all.slice(0, EVIDENCE_MAX).map(({ row }) => sourceEvidence(row)),
          )
        : cannotTell("unsupported", openReason(open)),
    );
  return open === undefined
    ? nothing(source, rule.none)
    : cannotTell("unsupported", openReason(open));
}

function openReason(row: SourceSetting): string {
  const reason = row.resolved.state === "known" ? "" : `: ${row.resolved.reason}`;
  return `An element at ${sourcePlace(row)} could not be judged${reason}`;
}

/** A template that could not be read may hold what was not found. */
function nothing({ problems }: SourceSettings, none: string): Outcome {
  const hidden = problems.find(({ file }) =>
    /\.(?:html?|j2|jinja2?|njk|ejs|hbs|twig)$/i.test(file),
  );
  return hidden === undefined
    ? notApplicable(none)
    : cannotTell(hidden.code ?? "malformed", `${hidden.file} could not be read: ${hidden.detail}`);
}

/** The rule of `sri.scripts` and `sri.stylesheets` for one element. */
export function judgeIntegrity(
  element: TemplateElement,
  isPlainFailure: boolean,
): readonly ElementFault[] {
  const { url, place } = element;
  const href = url.href.replaceAll("'", "%27");
  const advice = selfHostingAdvice(element);
  const fix =
    advice === undefined
      ? `Add integrity="sha384-HASH" crossorigin="anonymous" to the element at ${place}; HASH: curl -s '${href}' | openssl dgst -sha384 -binary | openssl base64 -A`
      : `${advice} (${place})`;
  return elementFaults(element, { isPlainFailure }).map((fault) => ({ ...fault, fix }));
}
