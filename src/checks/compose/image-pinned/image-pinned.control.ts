import type { Control } from "../../../core/check.ts";

export const composeImagePinned: Control = {
  id: "compose.image-pinned",
  title: "Images are named by version or digest",
  severity: "low",
  seed: [],
  risk: "A tag that moves brings another program with the next pull: nobody reviewed it, and nobody can go back.",
  rule: "Passes when every image that is pulled has a digest or a tag with a version. Warns for no tag, latest, and tags without a number. What is built here is not concerned; a tag that a variable gives which nobody sets is unknown. Files for development, services of a profile and an override file beside a production file warn at most. Not applicable without a compose project.",
  fix: "Write the version that runs now (docker image inspect --format '{{index .RepoDigests 0}}' IMAGE) after the image's name.",
  references: [
    "https://docs.docker.com/dhi/core-concepts/digests/",
    "https://cwe.mitre.org/data/definitions/1357.html",
  ],
};
