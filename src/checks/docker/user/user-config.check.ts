import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { type BuiltImage, builtImages } from "../../../facts/built-images.fact.ts";
import {
  type ComposeDeployment,
  composeDeployment,
} from "../../../facts/compose-deployment.fact.ts";
import { isRootAccount, servesAsOther, startsAsRoot } from "../../deploy-rules/image-account.ts";
import { dockerUser } from "./user.control.ts";

export const dockerUserConfig = defineCheck({
  control: dockerUser,
  layer: "config",
  reads:
    "USER of the stage that is built, the stages it is built from, and user: of its compose service.",
  needs: { images: builtImages },
  wants: { deployment: composeDeployment },

  evaluate({ images }, { deployment }) {
    const own = images.filter((image) => isDeployed(image, knownValue(deployment)));
    if (own.length === 0)
      return notApplicable("No image of the deployment is built from this tree");
    const judged = own.map((image) => judgeImage(image, knownValue(deployment)));
    const findings = judged.flatMap((each) => ("finding" in each ? [each.finding] : []));
    const open = judged.find((each) => "unknown" in each);
    return judge(
      findings,
      open === undefined ? passed(own) : cannotTell("unsupported", open.unknown),
    );
  },
});

/** Images of services that are for development, and of infrastructure, say nothing of the application. */
function isDeployed({ service }: BuiltImage, deployment: ComposeDeployment | undefined): boolean {
  if (service === undefined || deployment === undefined) return true;
  const all = deployment.services;
  const declared = all.find(({ name }) => name === service);
  if (declared === undefined) return false;
  return !deployment.development.includes(declared.file) && declared.role === undefined;
}

type Judged =
  | { readonly finding: Finding }
  | { readonly unknown: string }
  | { readonly good: true };

function judgeImage(image: BuiltImage, deployment: ComposeDeployment | undefined): Judged {
  const { file, user, base = "", dropsRights, service } = image;
  const told = deployment?.services.find(({ name }) => name === service)?.rights.user;
  if (told !== undefined && !isRootAccount(told.text)) return { good: true };
  if (user !== undefined && !isRootAccount(user.text)) {
    if (!user.text.startsWith("$")) return { good: true };
    return { unknown: `${file}:${user.line} runs as ${user.text}, which nothing here sets` };
  }
  const isRoot = user !== undefined || startsAsRoot(base);
  if (isRoot === false) return { good: true };
  if (isRoot === undefined)
    return { unknown: `${file} has no USER, and ${base || "its base image"} may bring one` };
  const drops = dropsRights ?? (servesAsOther(base) ? `the server of ${base}` : undefined);
  return { finding: rootFinding(image, drops) };
}

function rootFinding(image: BuiltImage, dropsRights: string | undefined): Finding {
  const { file, user, base, service } = image;
  const what = service === undefined ? file : `${file} (service ${service})`;
  const why = user === undefined ? `no USER over ${base}` : `USER ${user.text}`;
  const drops =
    dropsRights === undefined ? "" : `; it has ${dropsRights}, which gives root up at start`;
  return {
    rule: dropsRights === undefined ? "root" : "root-at-start",
    status: dropsRights === undefined ? "warn" : "note",
    subject: service ?? file,
    message: `The image of ${what} starts as root: ${why}${drops}`,
    fix: `Add at the end of ${stageText(image)}: RUN useradd --system --uid 1000 app, then USER app`,
    evidence: [{ file, ...(user === undefined ? {} : { line: user.line }), excerpt: why }],
  };
}

function stageText({ file, stage }: BuiltImage): string {
  return stage === undefined ? file : `stage ${stage} of ${file}`;
}

function passed(images: readonly BuiltImage[]): Outcome {
  return pass(
    "No image that is built here runs as root",
    images.map(({ file, user }) => ({
      file,
      ...(user === undefined ? {} : { line: user.line }),
      excerpt: user === undefined ? "no USER" : `USER ${user.text}`,
    })),
  );
}
