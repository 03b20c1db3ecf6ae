import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import {
  type SecretLiteral,
  type SecretLiterals,
  secretLiterals,
} from "../../../facts/secret-literals.fact.ts";
import { secretLiteral } from "./literal.control.ts";

export const secretLiteralSource = defineCheck({
  control: secretLiteral,
  layer: "source",
  reads:
    "every file of the tree that people write, for forms of credentials and random values bound to a secret's name; only their measures",
  needs: { scan: secretLiterals },

  evaluate({ scan }) {
    const literals = scan.literals.filter(({ slug }) => slug === "secret.literal");
    return judge(literals.map(literalFinding), otherwise(scan));
  },
});

function literalFinding(literal: SecretLiteral): Finding {
  const { file, line, column, detector, subject, value } = literal;
  const isNamed = detector === "assignment";
  const what = isNamed ? `A secret for ${subject}` : `A ${subject}`;
  return {
    rule: isNamed ? "secret-assigned" : detector,
    status: "fail",
    subject: `${file} ${subject}`,
    message: `${what} is written in ${file}:${line}`,
    fix: `Give it a new value at its issuer, then ${placeFix(literal)}`,
    evidence: [{ file, line, column, excerpt: `${subject}: ${value}` }],
  };
}

/** How the file takes the value from outside of itself. */
function placeFix({ file, line, subject, detector }: SecretLiteral): string {
  const name = detector === "assignment" ? variableName(subject) : "A_VARIABLE";
  const at = `at ${file}:${line}`;
  if (/\.pyi?$/.test(file)) return `write os.environ["${name}"] ${at}`;
  if (/\.[cm]?[jt]sx?$/.test(file)) return `write process.env.${name} ${at}`;
  if (/(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/.test(file))
    return `write \${${name}:?} ${at} and set ${name} in the .env beside it, outside of version control`;
  if (/Dockerfile|Containerfile/i.test(file))
    return `remove the line ${at} and hand it over at run time (env_file:, or RUN --mount=type=secret while building)`;
  if (/(?:^|\/)\.env[\w.-]*$|\.env$/.test(file))
    return `run: git rm --cached '${file.replaceAll("'", "'\\''")}', and keep the file out of version control`;
  return `take it out of ${file} (line ${line}) into the environment or a secret file`;
}

function variableName(subject: string): string {
  const last = subject.slice(subject.lastIndexOf(".") + 1);
  return last
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

function otherwise({ filesScanned, unread, isTruncated }: SecretLiterals): Outcome {
  const [hidden] = unread;
  if (hidden !== undefined)
    return cannotTell(
      hidden.code,
      `A secret may stand in ${hidden.file}, which cannot be read: ${hidden.detail}`,
    );
  if (isTruncated)
    return cannotTell(
      "too-large",
      `Only ${filesScanned} files were looked through, in which no secret stands: the tree has more`,
    );
  if (filesScanned === 0) return notApplicable("No source and no configuration in this directory");
  return pass(`No secret is written into any of the ${filesScanned} files looked through`);
}
