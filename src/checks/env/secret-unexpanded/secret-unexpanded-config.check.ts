import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { envFiles } from "../../../facts/env-files.fact.ts";
import {
  type SecretOccurrences,
  secretOccurrences,
} from "../../../facts/secret-occurrences.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { overAllEnvFiles } from "../../judgement/env-files-in-use.ts";
import { shellWord, thenRestart } from "../../judgement/remedy.ts";
import { envSecretUnexpanded } from "./secret-unexpanded.control.ts";

export const envSecretUnexpandedConfig = defineCheck({
  control: envSecretUnexpanded,
  layer: "config",
  reads: "secret-named keys of the env files in use, and who reads each file",
  needs: { env: envFiles },
  wants: { occurrences: secretOccurrences, services },

  evaluate({ env }, { occurrences, services: running }) {
    const restart = thenRestart(knownValue(running));
    const found = knownValue(occurrences)?.unexpanded ?? [];
    const findings = found.map((entry) => findingOf(entry, restart));
    if (occurrences.state === "unknown") {
      return cannotTell(occurrences.problem.code, occurrences.problem.detail);
    }
    if (env.files.length === 0) {
      return judge(findings, overAllEnvFiles(env, notApplicable("No env file is in use")));
    }
    const hidden = env.files.find(({ content }) => content.state === "unknown");
    if (hidden?.content.state === "unknown") {
      const { code, detail } = hidden.content.problem;
      return judge(findings, cannotTell(code, `${hidden.path} cannot be read: ${detail}`));
    }
    const paths = env.files.map(({ path }) => path);
    const evidence = env.files.map(({ path, usedBy }) => ({ file: path, excerpt: usedBy }));
    return judge(
      findings,
      overAllEnvFiles(
        env,
        pass(`No secret in ${paths.join(", ")} is a shell expression`, evidence),
      ),
    );
  },
});

function findingOf(
  { key, file, line, reader, isShellOnly, unset }: SecretOccurrences["unexpanded"][number],
  restart: string,
): Finding {
  const place = { file, ...(line === undefined ? {} : { line }) };
  const where = line === undefined ? file : `${file}:${line}`;
  const generate = `printf '%s=%s\\n' ${shellWord(key)} "$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')" >> ${shellWord(file)}`;
  const removal = line === undefined ? "" : `Delete line ${line} of ${file}, then run: `;
  const fix = `${removal}${generate}${restart}`;
  const evidence = [
    { ...place, excerpt: `${key} holds a shell expression, read by ${reader}` },
  ] as const;
  if (unset !== undefined) {
    const names = unset.map((name) => `\${${name}}`).join(", ");
    const message = `${key} refers to ${names}, which nothing sets, so the secret is not what was meant (${where})`;
    const excerpt = `${key} refers to ${names}, read by ${reader}`;
    const missing = [{ ...place, excerpt }] as const;
    return {
      rule: "unset-variable",
      status: "fail",
      subject: key,
      message,
      fix,
      evidence: missing,
    };
  }
  if (isShellOnly) {
    const message = `${key} is a shell expression that runs at every start, so each start and each worker host has another secret (${where})`;
    return {
      rule: "new-secret-at-each-start",
      status: "warn",
      subject: key,
      message,
      fix,
      evidence,
    };
  }
  const message = `${key} is a shell expression that ${reader} does not execute, so its text is the secret (${where})`;
  return { rule: "unexecuted-expression", status: "fail", subject: key, message, fix, evidence };
}
