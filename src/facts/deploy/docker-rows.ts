import { isSecretName } from "../../core/secret.ts";
import { readCommandLine } from "../../parsers/command-line.ts";
import {
  type Dockerfile,
  type DockerVariable,
  dockerCommand,
  dockerUser,
  dockerVariables,
  finalStage,
  parseDockerfile,
} from "../../parsers/dockerfile.ts";
import { imagePin } from "../service-images.ts";
import { bindRows } from "./bind-rows.ts";
import { type DeployRow, lineHolding, variablesIn } from "./deploy-row.ts";
import { environmentRows } from "./environment-rows.ts";

/** What one Dockerfile says: account, secrets, start command, base images. Never throws. */
export function dockerRows(file: string, text: string): readonly DeployRow[] {
  const dockerfile = parseDockerfile(text);
  if (!dockerfile.instructions.some(({ keyword }) => keyword === "FROM")) return [];
  const lines = text.split(/\r?\n/);
  return [
    ...userRows(file, dockerfile),
    ...variableRows(file, dockerfile, lines),
    ...startRows(file, dockerfile, lines),
    ...imageRows(file, dockerfile),
    ...plainRows(file, dockerfile),
  ];
}

/** Every USER with its stage; nothing in the stage that becomes the image means root. */
function userRows(file: string, dockerfile: Dockerfile): readonly DeployRow[] {
  const given = dockerfile.instructions
    .filter(({ keyword }) => keyword === "USER")
    .map(({ text, line, stage }): DeployRow => {
      const variables = variablesIn(text);
      const kind = variables.length > 0 ? "env" : "literal";
      return {
        slug: "docker.user",
        file,
        line,
        kind,
        value: text,
        subject: `stage ${stage}`,
        variables,
      };
    });
  const user = dockerUser(dockerfile, finalStage(dockerfile));
  if (user !== undefined) return given;
  return [...given, { slug: "docker.user", file, line: null, kind: "absent", value: "root" }];
}

function variableRows(
  file: string,
  dockerfile: Dockerfile,
  lines: readonly string[],
): readonly DeployRow[] {
  return dockerVariables(dockerfile).flatMap((variable) => {
    const { keyword, key, line } = variable;
    const place = lineHolding(lines, line, line + CONTINUED_LINES_MAX, new RegExp(`\\b${key}\\b`));
    if (isSecretName(key)) return [secretRow(file, variable, place)];
    if (keyword === "ARG") return [];
    const value = variable.value ?? "";
    const variables = variablesIn(value);
    const kind = variables.length > 0 ? "computed" : "literal";
    return environmentRows({ file, line: place, key, value, kind, variables });
  });
}

function secretRow(file: string, { keyword, key, value }: DockerVariable, line: number): DeployRow {
  const slug = keyword === "ENV" ? "docker.secret_env" : "docker.secret_arg";
  const kind = variablesIn(value ?? "").length > 0 ? "computed" : "literal";
  const shown = value === undefined ? "no default" : `${value.length} characters`;
  return { slug, file, line, kind, value: shown, subject: key };
}

/** Lines of one instruction that goes on. */
const CONTINUED_LINES_MAX = 100;

function startRows(
  file: string,
  dockerfile: Dockerfile,
  lines: readonly string[],
): readonly DeployRow[] {
  const start = dockerCommand(dockerfile, finalStage(dockerfile));
  if (start === undefined) return [];
  const { binds } = readCommandLine(start.text);
  return bindRows(binds, { file, lines, line: start.line, end: start.line + CONTINUED_LINES_MAX });
}

function imageRows(file: string, { instructions }: Dockerfile): readonly DeployRow[] {
  const froms = instructions.filter(({ keyword }) => keyword === "FROM");
  const names = new Set(froms.map(({ text }) => /\sas\s+(\S+)/i.exec(text)?.[1]?.toLowerCase()));
  return froms.flatMap(({ text, line }) => {
    const image = text.split(/\s+/).find((word) => !word.startsWith("--")) ?? "";
    const pin = names.has(image.toLowerCase()) || image === "scratch" ? undefined : imagePin(image);
    if (pin === undefined) return [];
    const slug = pin === "floating" ? "docker.image_floating" : "docker.pinned_image";
    return [{ slug, file, line, kind: "literal" as const, value: image }];
  });
}

function plainRows(file: string, { instructions }: Dockerfile): readonly DeployRow[] {
  return instructions.flatMap(({ keyword, text, line }) => {
    const row = (slug: string, value = text): DeployRow => ({
      slug,
      file,
      line,
      kind: "literal",
      value,
    });
    if (keyword === "EXPOSE") return [row("docker.expose")];
    if (keyword === "HEALTHCHECK")
      return [row("docker.healthcheck", text === "NONE" ? "none" : "given")];
    if (keyword === "ADD" && /(?:^|\s)(?:https?|git):\/\//.test(text))
      return [row("docker.add_url", withoutCredentials(text))];
    return [];
  });
}

/** A URL without userinfo and query, both of which may hold a token. */
function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^/?#\s]*@/g, "://").replace(/\?\S*/g, "");
}
