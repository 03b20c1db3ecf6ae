import { knownValue, type Problem, type Reading } from "../core/reading.ts";
import { type ComposeFiles, composeFileNames } from "./compose-files.fact.ts";
import type { DeploymentTree } from "./deployment-tree.fact.ts";
import type { Services } from "./services.fact.ts";
import { baseName } from "./target-path.ts";
import type { UnitFile } from "./unit-files.fact.ts";

interface Hidden {
  readonly file: string;
  readonly problem: Problem;
}

interface Declaring {
  readonly unitFiles: Reading<readonly UnitFile[]>;
  readonly composeFiles: Reading<ComposeFiles>;
  readonly deploymentTree: Reading<DeploymentTree>;
  readonly services: Reading<Services>;
}

/** Units and compose files of the deployment that could not be read: they may set any variable. */
export function hiddenDeclarations(readings: Declaring): readonly Hidden[] {
  const tree = knownValue(readings.deploymentTree);
  const units = (knownValue(readings.unitFiles) ?? []).flatMap(({ problem }) => problem ?? []);
  const compose = hiddenCompose(readings.composeFiles, tree);
  const running = knownValue(readings.services)?.services ?? [];
  // Below the root it is a sample where a unit runs the application, as `services` has it.
  const isServed = running.some(({ kind, isApplication }) => kind === "unit" && isApplication);
  const inUse = compose.filter(({ file }) => !(isServed && file.includes("/")));
  return [...units, ...inUse, ...specialFiles(tree)];
}

function hiddenCompose(
  reading: Reading<ComposeFiles>,
  tree: DeploymentTree | undefined,
): readonly Hidden[] {
  if (reading.state === "unknown") {
    // With a tree that cannot be listed there is nothing to name: the tree's own problem is told.
    const [file] = tree === undefined ? [] : composeFileNames(tree.files.map(({ path }) => path));
    return file === undefined ? [] : [{ file, problem: reading.problem }];
  }
  return (knownValue(reading)?.problems ?? []).map(({ file, line, message }) => ({
    file,
    problem: {
      code: "malformed",
      detail: line === undefined ? message : `line ${line} ${message}`,
    },
  }));
}

/** A FIFO, socket or device where a unit or a compose file is looked for. */
function specialFiles(tree: DeploymentTree | undefined): readonly Hidden[] {
  const special = (tree?.unreadable ?? []).filter(({ code }) => code === "unsupported");
  return special
    .map(({ path }) => path)
    .filter((path) => path.endsWith(".service") || composeFileNames([path]).length > 0)
    .map((path) => ({
      file: path,
      problem: { code: "unsupported", detail: `${baseName(path)} is not a regular file` },
    }));
}
