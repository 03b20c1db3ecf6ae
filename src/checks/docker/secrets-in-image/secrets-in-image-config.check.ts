import { defineCheck, type Finding, judge, notApplicable, pass } from "../../../core/check.ts";
import { describeSecret } from "../../../core/secret.ts";
import {
  type BuiltImage,
  builtImages,
  type ImageSecret,
} from "../../../facts/built-images.fact.ts";
import { dockerSecretsInImage } from "./secrets-in-image.control.ts";

export const dockerSecretsInImageConfig = defineCheck({
  control: dockerSecretsInImage,
  layer: "config",
  reads: "ENV, ARG and COPY of the stage that is built and the stages it is built from.",
  needs: { images: builtImages },

  evaluate({ images }) {
    if (images.length === 0) return notApplicable("No image is built from this tree");
    // One Dockerfile serves several services.
    const files = new Map(images.map((image) => [`${image.file} ${image.stage ?? ""}`, image]));
    const findings = [...files.values()].flatMap((image) => [
      ...image.secrets.flatMap((secret) => secretFinding(image, secret)),
      ...image.envCopies.map((copy) => copyFinding(image, copy)),
    ]);
    const evidence = [...files.values()].map(({ file }) => ({ file, excerpt: "no secret" }));
    return judge(findings, pass("No secret is built into an image", evidence));
  },
});

function secretFinding({ file }: BuiltImage, found: ImageSecret): readonly Finding[] {
  const { keyword, key, line, isShipped, secret } = found;
  if (!isShipped || secret?.isBlank === true) return [];
  const place = { subject: key, evidence: [{ file, line, excerpt: excerptOf(found) }] } as const;
  const fix = `Remove ${keyword} ${key} from ${file}:${line}; give it at start, or to one RUN by --mount=type=secret,id=${key.toLowerCase()}`;
  if (secret === undefined) {
    if (keyword === "ENV") return [];
    const message = `${key} is a build argument: its value stays in the image's history`;
    return [{ ...place, rule: "argument", status: "warn", message, fix }];
  }
  if (secret.isPlaceholder || isBuildWord(found)) {
    const message = `The image holds a placeholder as ${key}: a program that is given none runs with it`;
    return [{ ...place, rule: "placeholder", status: "warn", message, fix }];
  }
  const message = `The image holds ${key} (${describeSecret(secret)}), written in ${file}`;
  return [{ ...place, rule: "secret", status: "fail", message, fix }];
}

/** `ENV SECRET_KEY=build-only`: words for a build that needs some value. */
function isBuildWord({ secret }: ImageSecret): boolean {
  return secret !== undefined && (secret.wordShare >= WORD_SHARE_MIN || secret.length < LENGTH_MIN);
}

/** Share of a text's letters that are common words, from which it is no generated secret. */
const WORD_SHARE_MIN = 0.6;
/** Shorter text is no generated secret either. */
const LENGTH_MIN = 12;

function excerptOf({ keyword, key, secret }: ImageSecret): string {
  return secret === undefined
    ? `${keyword} ${key}`
    : `${keyword} ${key} (${describeSecret(secret)})`;
}

function copyFinding({ file }: BuiltImage, copy: BuiltImage["envCopies"][number]): Finding {
  return {
    rule: "env-file-copied",
    status: "fail",
    message: `The image takes an env file along: ${copy.text}`,
    fix: `Remove the line ${file}:${copy.line}, add .env to .dockerignore, and give the file to compose (env_file:) or to docker run (--env-file)`,
    evidence: [{ file, line: copy.line, excerpt: copy.text }],
  };
}
