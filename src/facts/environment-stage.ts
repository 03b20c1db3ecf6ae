/** Where a stage name is read, first set wins (catalog G3). */
export const STAGE_KEYS = [
  "DJANGO_ENV",
  "AGENTOS_ENV",
  "OCTOPUSOS_ENV",
  "APP_ENV",
  "NODE_ENV",
  "FLASK_ENV",
  "SENTRY_ENVIRONMENT",
] as const;

const DEV_STAGES: ReadonlySet<string> = new Set(["dev", "development", "local", "test", "testing"]);

/** Whether a stage name means development; nothing set is not development (catalog G3). */
export function isDevStage(name: string | undefined): boolean {
  return name !== undefined && DEV_STAGES.has(name);
}

/** The declared stage, lower-cased; `text` gives the effective text of a key. */
export function stageNameOf(text: (key: string) => string | undefined): string | undefined {
  for (const key of STAGE_KEYS) {
    const name = text(key)?.trim().toLowerCase();
    if (name) return name;
  }
  return undefined;
}
