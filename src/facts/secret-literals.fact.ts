import { defineFact } from "../core/fact.ts";
import { known, type ProblemCode, type Reading } from "../core/reading.ts";
import { appSettings } from "./app-settings.fact.ts";
import { application } from "./application.fact.ts";
import { composeFiles } from "./compose-files.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { repository } from "./repository.fact.ts";
import { sourceSettings } from "./source-settings.fact.ts";

/** What stands in a secret's place, by what it is worth as evidence. Only the last three may give a finding. */
export const SECRET_CLASSES = [
  "secret.commented",
  "secret.doc_example",
  "secret.text",
  "secret.denylist",
  "secret.fixture",
  "secret.dev_settings",
  "secret.build_time",
  "secret.placeholder",
  "secret.sample",
  "secret.overridden",
  "secret.local",
  "secret.weak",
  "secret.default",
  "secret.literal",
] as const;
export type SecretClass = (typeof SECRET_CLASSES)[number];

/** One literal in a secret's place. Measures only: the text itself goes no further than the scan. */
export interface SecretLiteral {
  /** One of `SECRET_CLASSES`, or the slug of the setting whose variable a text or docstring shows. */
  readonly slug: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: "literal";
  /** `set, 40 chars, fp:1a2b3c4d`, `set to empty`. */
  readonly value: string;
  /** A provider's id (`github-token`); `assignment`, `url-password` or `authorization` else. */
  readonly detector: string;
  /** `GitHub personal access token`, or the name it is bound to. */
  readonly subject: string;
  readonly fingerprint: string;
  /** Who publishes this very value as a default. */
  readonly publisher?: string;
}

/** A secret in force that is no secret: others know it. */
export interface PublishedSecret {
  readonly key: string;
  readonly file: string;
  readonly line?: number;
  readonly fingerprint: string;
  /** `published`: a known project's default; `sample`: stands in the tree's own sample; `name`: equals another variable. */
  readonly how: "published" | "sample" | "name";
  /** Who publishes it, or the variable it equals. */
  readonly of: string;
}

export interface SecretLiterals {
  readonly literals: readonly SecretLiteral[];
  /** Of the effective environment. */
  readonly published: readonly PublishedSecret[];
  readonly filesScanned: number;
  /** Files that may hold secrets and could not be looked through. */
  readonly unread: readonly {
    readonly file: string;
    readonly code: ProblemCode;
    readonly detail: string;
  }[];
  /** A limit ended the scan: what is missing here is then not proven to be missing. */
  readonly isTruncated: boolean;
}

export const secretLiterals = defineFact({
  id: "secret-literals",
  title: "Secrets in source and configuration",
  access: "read",
  timeoutMs: 30_000,
  needs: { deploymentTree },
  wants: {
    environmentValues,
    repository,
    application,
    appSettings,
    sourceSettings,
    composeFiles,
  },
  async collect(context, facts, readings): Promise<Reading<SecretLiterals>> {
    // Loaded when it is collected: a scan of a server alone names this fact and never does.
    const { readSecretLiterals } = await import("./secret-scan.ts");
    return known(await readSecretLiterals(context, facts.deploymentTree, readings));
  },
});
