import { readCommands } from "./command-line/simple-command.ts";
import { type Dockerfile, type DockerInstruction, dockerCopyWords } from "./dockerfile.ts";

/** One file or folder that a build puts somewhere in the image. */
export interface DockerCopy {
  /** Relative to the build context, or absolute within the image. */
  readonly source: string;
  /** Absolute within the image; ends with `/` where it is said to be a folder. */
  readonly target: string;
  /** `cp` and `mv` of a RUN take what is in the image already. */
  readonly isFromImage: boolean;
}

/** Copies of one Dockerfile that are looked at. */
export const DOCKER_COPIES_MAX = 200;

/** Every COPY and ADD out of the build context, and every `cp` and `mv` that a RUN does, in order. */
export function dockerCopies({ instructions }: Dockerfile): readonly DockerCopy[] {
  const copies: DockerCopy[] = [];
  let directory = "/";
  for (const instruction of instructions) {
    const { keyword, text } = instruction;
    if (keyword === "FROM") directory = "/";
    if (keyword === "WORKDIR") directory = imagePath(directory, text.replace(/^["']|["']$/g, ""));
    copies.push(...copiesOf(instruction, directory));
  }
  return copies.slice(0, DOCKER_COPIES_MAX);
}

function copiesOf(instruction: DockerInstruction, directory: string): readonly DockerCopy[] {
  if (instruction.keyword !== "RUN")
    return pairs(dockerCopyWords(instruction)).map(([source, target]) => ({
      source: source.replace(/^(?:\.?\/)+/, ""),
      target: imagePath(directory, target),
      isFromImage: false,
    }));
  const text = instruction.text.replace(/^(?:--\S+\s+)+/, "");
  return readCommands(text, () => undefined).flatMap(({ words: [program, ...rest] }) =>
    program !== "cp" && program !== "mv"
      ? []
      : pairs(rest.filter((word) => !word.startsWith("-"))).map(([source, target]) => ({
          source: imagePath(directory, source),
          target: imagePath(directory, target),
          isFromImage: true,
        })),
  );
}

function pairs(words: readonly string[]): readonly (readonly [string, string])[] {
  const target = words.at(-1);
  return target === undefined ? [] : words.slice(0, -1).map((source) => [source, target] as const);
}

/** Absolute, without `.`, `..` and doubled slashes; a slash at the end stays. */
function imagePath(directory: string, path: string): string {
  const words: string[] = [];
  for (const word of (path.startsWith("/") ? path : `${directory}/${path}`).split("/")) {
    if (word === "..") words.pop();
    else if (word !== "" && word !== ".") words.push(word);
  }
  const isFolder = /(?:^|\/)\.?$/.test(path) && words.length > 0;
  return `/${words.join("/")}${isFolder ? "/" : ""}`;
}
