import { cannotTell, defineCheck, type Finding, type Outcome } from "../../../core/check.ts";
import { composeDeployment, type DeployedService } from "../../../facts/compose-deployment.fact.ts";
import type { PlacedText } from "../../../parsers/compose.ts";
import { judgeCompose, passed, placedEvidence } from "../../deploy-rules/compose-rules.ts";
import { composeImagePinned } from "./image-pinned.control.ts";

export const composeImagePinnedConfig = defineCheck({
  control: composeImagePinned,
  layer: "config",
  reads: "image: of every service of the compose project that is pulled, variables applied.",
  needs: { deployment: composeDeployment },

  evaluate({ deployment }) {
    return judgeCompose(deployment, findingsOf, otherwise);
  },
});

function findingsOf(
  { name, image, isBuilt }: DeployedService,
  all: readonly DeployedService[],
): readonly Finding[] {
  if (isBuilt || image?.pin !== "floating" || isUnset(image.text)) return [];
  // One line behind an anchor serves many services.
  const same = all.filter((each) => !each.isBuilt && isSamePlace(each.image, image));
  if (same[0]?.name !== name) return [];
  const who = same.length > 1 ? `${name} and ${same.length - 1} more pull` : `${name} pulls`;
  return [
    {
      rule: "floating-tag",
      status: "warn",
      subject: name,
      message: `${who} ${image.text}, which moves`,
      fix: `Write the version that runs now after ${image.text.replace(/:[^:/]*$/, "")} in ${image.file}:${image.line}, or pin it by digest (@sha256:...)`,
      evidence: [placedEvidence(image, `image: ${image.text}`)],
    },
  ];
}

function isSamePlace(one: DeployedService["image"], other: PlacedText): boolean {
  return one?.file === other.file && one.line === other.line && one.text === other.text;
}

/** `image: app:${TAG}` with nobody to set TAG reads as `app:`. */
function isUnset(image: string): boolean {
  return image.endsWith(":") || image === "";
}

function otherwise(services: readonly DeployedService[]): Outcome {
  const open = services.find(
    ({ image, isBuilt }) => !isBuilt && image !== undefined && isUnset(image.text),
  );
  if (open?.image !== undefined) {
    const { image, name } = open;
    const detail = `The tag of ${name} (${image.file}:${image.line}) comes from a variable that nothing here sets`;
    return cannotTell("not-recorded", detail);
  }
  const pulled = services.filter(({ isBuilt, image }) => !isBuilt && image !== undefined);
  if (pulled.length === 0) return passed("Every image is built from this tree", services);
  return passed("Every image that is pulled has a version or a digest", pulled);
}
