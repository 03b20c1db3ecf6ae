import { cannotTell, defineCheck, type Finding, type Outcome } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import {
  isOwnService,
  judgeCompose,
  passed,
  placedEvidence,
} from "../../deploy-rules/compose-rules.ts";
import { isRootAccount } from "../../deploy-rules/image-account.ts";
import { composeUser } from "./user.control.ts";

export const composeUserConfig = defineCheck({
  control: composeUser,
  layer: "config",
  reads:
    "user: of the services of the compose project; docker.user judges the images that are built.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, otherwise);
  },
});

function findingsOf(service: DeployedService): readonly Finding[] {
  const { name, rights, isOneShot, isApplication } = service;
  const { user } = rights;
  if (user === undefined || !isRootAccount(user.text)) return [];
  return [
    {
      rule: "root",
      status: isOneShot ? "note" : isApplication ? "fail" : "warn",
      subject: name,
      message: `${name} is told to run as root (user: ${user.text})`,
      fix: `Write an account the image has in ${user.file}:${user.line}, for instance user: "1000:1000"`,
      evidence: [placedEvidence(user, `user: ${user.text}`)],
    },
  ];
}

function otherwise(services: readonly DeployedService[]): Outcome {
  const own = services.filter(isOwnService);
  const open = own.find(({ rights, built }) => rights.user === undefined && built === undefined);
  if (open !== undefined) {
    const { name, image, file, line } = open;
    const what = image === undefined ? "its image" : image.text;
    return cannotTell(
      "not-recorded",
      `Nothing here says as whom ${name} (${file}:${line}) runs: ${what} is not built from this tree`,
    );
  }
  return passed("No service is told to run as root", services);
}
