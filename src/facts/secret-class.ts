import { describeSecret, isSecretName } from "../core/secret.ts";
import { fileFormat } from "../parsers/secrets/paths.ts";
import type { SecretHit } from "../parsers/secrets/scan.ts";
import type { AppSetting, AppSettings } from "./app-settings.fact.ts";
import type { Application } from "./application.fact.ts";
import type { ComposeFiles } from "./compose-files.fact.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import { publisherOf } from "./published-defaults.ts";
import type { Repository } from "./repository.fact.ts";
import type { SecretClass, SecretLiteral } from "./secret-literals.fact.ts";
import { type MeasureOptions, measureSecret } from "./secret-measure.ts";
import type { Overrides, ScannedFile } from "./secret-overrides.ts";
import type { SourceSettings } from "./source-settings.fact.ts";

interface ClassContext {
  readonly measure: MeasureOptions;
  readonly environment: EnvironmentValues | undefined;
  readonly repository: Repository | undefined;
  readonly application: Application | undefined;
  readonly compose: ComposeFiles | undefined;
  readonly settings: AppSettings | undefined;
  readonly source: SourceSettings | undefined;
  readonly overrides: Overrides;
}

/** Tells of each hit what it is worth where it stands. */
export function createClassifier(
  context: ClassContext,
): (file: ScannedFile, hit: SecretHit) => SecretLiteral {
  const environmentFiles = (context.environment?.files ?? []).map(({ path }) => path);
  const inUse = new Set([...environmentFiles, ...(context.compose?.files ?? [])]);
  const tracked =
    context.repository?.problem === undefined && context.repository !== undefined
      ? new Set(context.repository.tracked)
      : undefined;
  /** Where a secret is kept on purpose: what is not under version control, env files and key files. */
  const isLocal = (path: string): boolean => {
    if (tracked !== undefined) return !tracked.has(path);
    return environmentFiles.includes(path) || fileFormat(path) === "dotenv" || KEY_FILE.test(path);
  };
  return (file, hit) => {
    const { path } = file;
    const publisher = hit.verdict === "empty" ? undefined : publisherOf(hit.value);
    const shown = measureSecret(hit.value, context.measure);
    const slug =
      settingShown(context.source, hit) ??
      regionClass(hit) ??
      pathClassOf(file, hit) ??
      textClass(hit) ??
      accountClass(file, hit) ??
      (isOverridden(context, file, hit) ? "secret.overridden" : undefined) ??
      liveClass(hit, publisher, { isLocal: isLocal(path), isInUse: inUse.has(path) });
    return {
      slug,
      file: path,
      line: hit.line,
      column: hit.column,
      kind: "literal",
      value: describeSecret(shown),
      detector: hit.detector,
      subject: hit.title,
      fingerprint: shown.fingerprint,
      ...(publisher === undefined ? {} : { publisher }),
    };
  };
}

const KEY_FILE = /\.(?:pem|key|p8|ppk|asc)$|(?:^|\/)(?:id_\w+|\.netrc|\.pgpass|\.npmrc|\.pypirc)$/;

/**
 * A text or docstring that shows how to set what a setting is made of is told under that setting's name:
 * who searches for it finds that it is none.
 */
function settingShown(source: SourceSettings | undefined, hit: SecretHit): string | undefined {
  if (hit.place === "text")
    return source?.settings.find(
      ({ variables, slug }) => variables.includes(hit.title) && slug.includes("secret"),
    )?.slug;
  if (hit.place !== "docstring") return undefined;
  const session = source?.settings.find(({ slug }) => slug.endsWith(".session.secret"));
  const isSession = session !== undefined && /^secret_?key$/i.test(hit.title);
  return isSession ? session.slug.replace(/secret$/, "doc_example") : undefined;
}

function regionClass({ place }: SecretHit): SecretClass | undefined {
  if (place === "comment") return "secret.commented";
  if (place === "docstring") return "secret.doc_example";
  if (place === "text") return "secret.text";
  return place === "denylist" ? "secret.denylist" : undefined;
}

function pathClassOf({ scanned }: ScannedFile, { place, verdict }: SecretHit) {
  const isEmpty = verdict === "empty" || verdict === "placeholder";
  if (scanned.pathClass === "fixture") return "secret.fixture" satisfies SecretClass;
  if (scanned.pathClass === "dev" || place === "development")
    return "secret.dev_settings" satisfies SecretClass;
  if (place === "build") return "secret.build_time" satisfies SecretClass;
  if (scanned.pathClass === "live" || isEmpty) return undefined;
  return "secret.sample" satisfies SecretClass;
}

function textClass({ verdict }: SecretHit): SecretClass | undefined {
  return verdict === "empty" || verdict === "placeholder" ? "secret.placeholder" : undefined;
}

/** What an account, a database or a service is called, in an env file or a compose file. */
const ACCOUNT =
  /^[\s-]*(?:export\s+)?["']?\w*(?:USER|USERNAME|_DB|_NAME|DATABASE)["']?\s*[:=]\s*["']?([\w-]{1,64})["']?\s*(?:#.*)?$/gim;

/** Files in which a password stands beside the name of its account. */
export const ACCOUNT_FILE = /(?:^|\/)\.?[\w.-]*env[\w.-]*$|\.ya?ml$/;

/** A password that is the name of its own account is what a sample has in its place. */
function accountClass({ path, text }: ScannedFile, { verdict, value }: SecretHit) {
  if (verdict !== "typed" || !ACCOUNT_FILE.test(path)) return undefined;
  const isName = [...text.matchAll(ACCOUNT)].some(([, name]) => name === value);
  return isName ? ("secret.placeholder" satisfies SecretClass) : undefined;
}

function liveClass(
  { verdict, detector }: SecretHit,
  publisher: string | undefined,
  { isLocal, isInUse }: { readonly isLocal: boolean; readonly isInUse: boolean },
): SecretClass {
  // A word may be published by chance: only where it is in force it is a default that was kept.
  if (publisher !== undefined && (verdict === "opaque" || isInUse)) return "secret.default";
  if (verdict === "typed") return "secret.weak";
  // A key to try payments with opens nothing of worth; a token of a session ends by itself.
  if (detector === "stripe-test-key" || detector === "json-web-token") return "secret.weak";
  return isLocal ? "secret.local" : "secret.literal";
}

/** Whether what is in force stands elsewhere: a later assignment, or one of a module that takes all of this one. */
function isOverridden(
  { application, settings, overrides }: ClassContext,
  { path }: ScannedFile,
  hit: SecretHit,
): boolean {
  if (hit.detector !== "assignment" || !isSecretName(hit.title)) return false;
  const present = (settings?.settings ?? []).filter(
    ({ name, kind }) => name === hit.title && kind !== "absent",
  );
  const isHere = (each: AppSetting | undefined) => each?.file === path && each.line === hit.line;
  const isLast = isHere(present.at(-1));
  // A launcher names this very module; what wsgi.py and manage.py say is for when none does.
  const chosen = application?.settings;
  if (isLast && chosen?.file === path && !chosen.decidedBy.endsWith(".py")) return false;
  return (!isLast && present.some(isHere)) || overrides(path, hit.title, hit.line);
}
