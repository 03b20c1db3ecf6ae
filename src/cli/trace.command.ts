import type { ControlResult, Report } from "../core/report.ts";
import type { Statement, Verdict } from "../core/trace.ts";
import { printable, shorten } from "../report/printable.ts";
import { AUDIT_OPTIONS } from "./audit-options.ts";
import { type Command, nearest, type Options } from "./command.ts";
import { HTTP_OPTIONS } from "./http-options.ts";
import { UsageError } from "./io.ts";

const { only: _only, skip: _skip, ...AUDIT } = AUDIT_OPTIONS;
const { path: _path, ...HTTP } = HTTP_OPTIONS;

const VALUE_CHARACTERS_MAX = 120;

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  agrees: "every layer that says something says the same",
  "never-set": "no layer sets it",
  lost: "it is set further in and does not get out",
  overridden: "a layer further out replaces it",
  contradicted: "what the client got is not what the files read here come to",
  unknown: "one step could not be told",
};

const SAYS_WORDS: Readonly<Record<Statement["says"], string>> = {
  sets: "sets",
  drops: "drops it",
  "passes-on": "passes on what comes",
  unknown: "is not known",
};

export const traceCommand: Command = {
  name: "trace",
  summary:
    "Follows one control's value from source through environment and proxy to the client: each step with its place.",
  positionals: "CONTROL [DIR]",
  positionalsMax: 2,
  options: {
    ...AUDIT,
    ...HTTP,
    path: {
      type: "string",
      value: "PATH",
      help: "the page of each --url that is followed (default: the URL itself)",
    },
    json: { type: "boolean", help: "as JSON" },
    quiet: { type: "boolean", short: "q", help: "no progress and no notes on stderr" },
  },
  examples: [
    "plimsoll trace hsts.configured /srv/shop",
    "plimsoll trace csp.present /srv/shop --url https://shop.example.org --path /cart",
  ],
  async run({ options, positionals, io }) {
    const [wanted, directory] = positionals;
    if (wanted === undefined) throw new UsageError('which control? see "plimsoll list"');
    const id = await knownControl(wanted);
    const { runAudit } = await import("./session.ts");
    const report = await runAudit({
      options: forControl(options, id),
      ...{ io, directory, isCompat: false },
    });
    io.stdout(options.isOn("json") ? asJson(report, id) : asText(report, id));
    return report.exitCode;
  },
};

/** Throws `UsageError` with the nearest name. */
async function knownControl(wanted: string): Promise<string> {
  const { checks } = await import("../checks/index.ts");
  const ids = checks.map(({ control }) => control.id);
  if (ids.includes(wanted)) return wanted;
  const near = nearest(wanted, ids);
  const hint = near === undefined ? 'see "plimsoll list"' : `did you mean "${near}"?`;
  throw new UsageError(`no control "${wanted}"; ${hint}`);
}

/** The operator's options, for one control and one page. */
function forControl(options: Options, id: string): Options {
  const path = options.text("path");
  return {
    ...options,
    texts(name) {
      if (name === "only") return [id];
      if (name === "skip" || name === "path") return [];
      const values = options.texts(name);
      return name === "url" && path !== undefined ? values.map((url) => pageOf(url, path)) : values;
    },
  };
}

function pageOf(url: string, path: string): string {
  const base = url.includes("://") ? url : `https://${url}`;
  if (!URL.canParse(path, base)) throw new UsageError(`--path "${path}" is no path`);
  const page = new URL(path, base);
  if (page.origin !== new URL(base).origin)
    throw new UsageError(`--path "${path}" leads to another site than --url`);
  return page.href;
}

function asJson({ controls }: Report, id: string): string {
  const { status, title, summary, trace, layers } = controlIn(controls, id);
  const read = layers.map(({ layer, status: each, summary: text }) => ({
    ...{ layer, status: each, summary: text },
  }));
  const value = { control: id, title, status, summary, trace: trace ?? null, layers: read };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function asText({ controls }: Report, id: string): string {
  const { status, title, summary, trace, layers } = controlIn(controls, id);
  const head = [`${id}: ${title}`, `${status.toUpperCase()}  ${summary}`, ""];
  const read = layers.map(
    ({ layer, status: each, summary: text }) =>
      `  ${layer.padEnd(8)} ${each.toUpperCase().padEnd(7)}  ${text}`,
  );
  const steps =
    trace === undefined
      ? ["No layer inside the deployment says anything of its value."]
      : [
          ...trace.steps.map((step) => `  ${step.layer.padEnd(8)} ${said(step)}  ${step.where}`),
          "",
          `Verdict: ${trace.verdict}, ${VERDICT_WORDS[trace.verdict]}`,
        ];
  return `${[...head, ...steps, "", "Layers:", ...read].map(printable).join("\n")}\n`;
}

function said({ says, value }: Statement): string {
  if (says !== "sets") return SAYS_WORDS[says];
  return `${SAYS_WORDS.sets} ${shorten(value || "(empty)", VALUE_CHARACTERS_MAX)}`;
}

function controlIn(controls: readonly ControlResult[], id: string): ControlResult {
  const found = controls.find((control) => control.id === id);
  if (found === undefined) throw new TypeError(`no ${id} in the report`);
  return found;
}
