import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Problem } from "../../../core/reading.ts";
import { type EnvFile, envFiles, type PathAccess } from "../../../facts/env-files.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { overAllEnvFiles } from "../../judgement/env-files-in-use.ts";
import {
  type AccessFault,
  accessFaults,
  describeAccess,
  openAccess,
  showMode,
  type Trusted,
} from "../../judgement/path-access.ts";
import { mainService, shellWord } from "../../judgement/remedy.ts";
import { envFilePermissions } from "./file-permissions.control.ts";

export const envFilePermissionsHost = defineCheck({
  control: envFilePermissions,
  layer: "host",
  reads:
    "mode, owner, group and ACL of every env file in use, and of every directory on the way to it",
  needs: { env: envFiles },
  wants: { services },

  evaluate({ env }, { services: running }) {
    if (env.files.length === 0) {
      return overAllEnvFiles(
        env,
        notApplicable("No env file is in use: settings come from the process or a secret store"),
      );
    }
    const group = serviceGroup(knownValue(running), env.trusted);
    const findings = env.files.flatMap((file) => {
      const access = knownValue(file.access);
      return access === undefined ? [] : findingsOf(file, access, env.trusted, group);
    });
    const open = env.files.flatMap((file) => {
      const problem = openProblem(file);
      return problem === undefined ? [] : [{ file, problem }];
    });
    const [first] = open;
    if (first !== undefined) {
      const { code, detail } = first.problem;
      return judge(findings, cannotTell(code, `${first.file.path}: ${detail}`));
    }
    const evidence = env.files.flatMap(({ path, access }) => {
      const value = knownValue(access);
      return value === undefined ? [] : [{ file: path, excerpt: describeAccess(value) }];
    });
    const says = evidence.map(({ file, excerpt }) => `${file} (${excerpt})`).join("; ");
    return judge(findings, overAllEnvFiles(env, pass(`Closed to others: ${says}`, evidence)));
  },
});

function openProblem({ access }: EnvFile): Problem | undefined {
  switch (access.state) {
    case "known":
      return openAccess(access.value);
    case "absent":
      return { code: "unreachable", detail: access.reason };
    case "unknown":
      return access.problem;
  }
}

/** Whom the file is to be readable by: the group the application runs under; nobody's for containers. */
function serviceGroup(running: Services | undefined, { groups }: Trusted): string | undefined {
  const application = mainService(running);
  // An account of a container is none of the machine's, and compose itself reads the file.
  if (application?.isInContainer === true) return undefined;
  const told = application?.group ?? application?.user;
  if (told !== undefined && told !== "root") return told;
  return groups.find((group) => group !== "root");
}

function findingsOf(
  { path, usedBy }: EnvFile,
  access: PathAccess,
  trusted: Trusted,
  group: string | undefined,
): readonly Finding[] {
  return accessFaults(access, trusted).map((fault) => ({
    rule: fault.rule,
    status: fault.status,
    message: `${path} ${fault.says}`,
    // docker compose reads it as whoever starts it, not as an account of the container.
    fix: fixOf(
      fault,
      access.linkTarget ?? path,
      usedBy.startsWith("env_file:") ? undefined : group,
    ),
    evidence: [
      { file: path, excerpt: `${describeAccess(access)}; ${usedBy}` },
      ...access.ancestors
        .filter((ancestor) => ancestor.path === fault.directory)
        .map(({ path: file, mode, owner, group: dirGroup }) => ({
          file,
          excerpt: `directory, mode ${showMode(mode)}, ${owner}:${dirGroup}`,
        })),
    ],
  }));
}

function fixOf(fault: AccessFault, path: string, group: string | undefined): string {
  const file = shellWord(path);
  if (fault.directory !== undefined) {
    const who = fault.status === "fail" ? "o-w" : "g-w";
    return `Run: chmod ${who} ${shellWord(fault.directory)}`;
  }
  // Of a file that belongs to root the service reads through its group: 600 would shut it out.
  const clear = fault.aclEntry === undefined ? "" : `setfacl -b ${file} && `;
  if (group === undefined) return `Run: ${clear}chmod 600 ${file}`;
  return `Run: ${clear}chown root:${shellWord(group)} ${file} && chmod 640 ${file}`;
}
