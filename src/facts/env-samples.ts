import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { isSecretName } from "../core/secret.ts";
import { readDotenv } from "../parsers/dotenv.ts";
import { readEnvText } from "./env-file-text.ts";
import { nameOf, resolvePath } from "./env-paths.ts";

const SAMPLE_NAME =
  /^(?:\.?env(?:\.[\w-]+)?\.(?:example|sample|template|test|testing|dist|tpl|tmpl|defaults?)|(?:example|sample|template)\.env|\.env-(?:example|sample|template|dist)|\.env_(?:example|sample|template)|[\w-]+\.env\.(?:example|sample|template|dist))$/i;
const README_NAME = /^readme(?:\.(?:md|rst|txt))?$/i;
const SAMPLES_MAX = 20;
const SAMPLE_BYTES_MAX = 262_144;
const PUBLISHED_MAX = 1_000;

/** Whether a file's name says that it is a sample of an env file, and never live. */
export function isSampleName(name: string): boolean {
  return SAMPLE_NAME.test(name);
}

/** The samples among `files`, and what they and the README show under a secret's name. */
export async function readPublished(
  { host, target }: Pick<CollectContext, "host" | "target">,
  files: readonly string[],
): Promise<{ readonly samples: readonly string[]; readonly published: readonly string[] }> {
  const samples = files.filter((path) => isSampleName(nameOf(path))).slice(0, SAMPLES_MAX);
  const readmes = files.filter((path) => README_NAME.test(path));
  const published = new Set<string>();
  for (const path of [...samples, ...readmes]) {
    const reading = await readEnvText(host, resolvePath(target.directory, path), SAMPLE_BYTES_MAX);
    const text = knownValue(reading) ?? "";
    for (const { key, value } of readDotenv(text, "python-dotenv").assignments) {
      if (value.trim() === "" || !isSecretName(key)) continue;
      if (published.size < PUBLISHED_MAX) published.add(value);
    }
  }
  return { samples, published: [...published] };
}
