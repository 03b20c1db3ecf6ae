import type { ProxyReadProblem } from "../core/proxy-report.ts";
import { httpServers } from "../parsers/nginx/server.ts";
import type { NginxProblem } from "../parsers/nginx/tokenize.ts";
import { neutraliseTemplate, PLACES_MAX, type TemplatePlace } from "../parsers/template.ts";
import type { Loaded } from "./proxy-load.ts";
import { mayHide } from "./proxy-nginx-load.ts";

/** `onlyFor`: other proxies have such a thing themselves (httpd's `${DEFINED}`). */
export interface TextProblem extends ProxyReadProblem {
  readonly onlyFor?: "nginx";
}

/** Looks at every text on its way in. */
export interface TextWatch {
  /** The text as it is to be read: what a template engine would fill in is taken out. */
  onText(name: string, text: string): string;
  /** What came in by this name and is read as it stands. */
  textOf(name: string): string | undefined;
  note(problem: ProxyReadProblem): void;
  problems(): readonly TextProblem[];
}

export function createTextWatch(): TextWatch {
  const problems: TextProblem[] = [];
  const texts = new Map<string, string>();
  return {
    textOf: (name) => texts.get(name),
    note: (problem) => problems.push(problem),
    problems: () => problems,
    onText(file, text) {
      if (text.trim() === "") {
        problems.push({ file, kind: "empty", detail: "nothing stands in this file" });
        return text;
      }
      const nul = text.indexOf("\0");
      if (nul !== -1) {
        const detail = "this is no text but binary data: a NUL byte is in it";
        problems.push({ file, kind: "binary", detail });
        return "";
      }
      const { text: plain, places } = neutraliseTemplate(text);
      problems.push(...templateProblems(file, places));
      if (places.length === 0 && plain === text) texts.set(file, text);
      return plain;
    },
  };
}

const TEMPLATE_SENTENCES: Readonly<Record<TemplatePlace["kind"], string>> = {
  braces: "a template: {{ }} is filled in later (Jinja, Helm)",
  tag: "a template: what stands between its tags ({% %}) is read, all of it",
  variable: "a template: ${NAME} is filled in later (envsubst)",
};

/** One problem a kind, at its first place. */
function templateProblems(file: string, places: readonly TemplatePlace[]): readonly TextProblem[] {
  const kinds = Map.groupBy(places, ({ kind }) => kind);
  return [...kinds].flatMap(([kind, [first, ...others]]): readonly TextProblem[] => {
    if (first === undefined) return [];
    const count = others.length + 1;
    const many = places.length >= PLACES_MAX ? `${count} places or more` : `${count} places`;
    const times = count === 1 ? "" : `, ${many}`;
    const detail = `${TEMPLATE_SENTENCES[kind]}${times}; render it and name the result`;
    const { line, column } = first;
    const problem = { file, line, column, kind: "template", detail } as const;
    return [kind === "variable" ? { ...problem, onlyFor: "nginx" } : problem];
  });
}

const KINDS: Readonly<Record<NginxProblem["kind"], ProxyReadProblem["kind"]>> = {
  syntax: "syntax",
  value: "syntax",
  limit: "limit",
  "missing-include": "missing",
  "unreadable-include": "unreadable",
  "include-cycle": "loop",
};

/** What kept a configuration from being read whole. */
export function problemsOf(loaded: Loaded, directory: string): readonly ProxyReadProblem[] {
  const { candidate, nginx, problems } = loaded;
  const { proxy } = candidate;
  if (nginx === undefined) {
    return problems.map(({ file, line, detail, isUnreadable, isRefused }) => ({
      proxy,
      file,
      ...(line !== undefined && { line }),
      kind: isUnreadable ? "unreadable" : isRefused === true ? "syntax" : "other",
      detail,
    }));
  }
  return [...nginx.problems, ...httpServers(nginx).problems]
    .filter(mayHide)
    .map(({ file, line, column, kind, message }) => ({
      proxy,
      file,
      line,
      column,
      kind: KINDS[kind],
      detail: (kind === "missing-include"
        ? message.replace(/ does not exist$/, " was not found beside the configuration")
        : message
      ).replace(`${directory}/`, ""),
    }));
}

/** Each place once: a file may be included by several others. */
export function withoutTwins(problems: readonly ProxyReadProblem[]): readonly ProxyReadProblem[] {
  const keyOf = ({ file, line, column, detail }: ProxyReadProblem) =>
    `${file} ${line} ${column} ${detail}`;
  return [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
}
