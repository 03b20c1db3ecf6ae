import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const ROOT = dirname(dirname(import.meta.dirname));

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told the process as soon as it runs. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
  readonly program?: string;
}

/** Runs the public command line to its end. */
export function plimsoll(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const { HUB_URL: _, CLUSTER_ENABLED: __, ...inherited } = process.env;
  const child = spawn(options.program ?? join(ROOT, "bin/plimsoll"), [...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...inherited, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
  });
  child.once("error", reject);
  child.once("close", (exit) => resolve({ exit, ...texts }));
  options.onStart?.(child);
  return promise;
}

export interface Control {
  readonly id: string;
  readonly status: string;
  readonly because?: string;
  readonly summary: string;
  readonly layers: readonly {
    readonly layer: string;
    readonly status: string;
    readonly summary: string;
  }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly layer: string;
    readonly message: string;
    readonly fix: string;
    readonly evidence: readonly { file?: string; line?: number }[];
  }[];
  readonly trace?: {
    readonly verdict: string;
    readonly steps: readonly {
      readonly layer: string;
      readonly says: string;
      readonly value?: string;
      readonly where: string;
    }[];
  };
}

export interface ReportJson {
  readonly exitCode: number;
  readonly mode: { readonly label: string };
  readonly controls: readonly Control[];
  readonly problems: readonly { readonly fact: string; readonly code: string }[];
}

/** Audits a directory and parses the JSON report. */
export async function auditJson(
  directory: string,
  ...more: readonly string[]
): Promise<ReportJson & Ended> {
  const ended = await plimsoll(["audit", directory, "--format", "json", ...more]);
  return { ...(JSON.parse(ended.stdout) as ReportJson), ...ended };
}

export function controlOf(report: ReportJson, id: string): Control {
  const control = report.controls.find((each) => each.id === id);
  if (control === undefined) throw new Error(`no control ${id} in the report`);
  return control;
}

export interface Scratch {
  readonly directory: string;
  /** Writes a file with its mode (default 0600) and returns its path. */
  write(path: string, content: string | Uint8Array, mode?: number): string;
  remove(): void;
}

export function createScratch(): Scratch {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-test-"));
  chmodSync(directory, 0o755);
  return {
    directory,
    write(path, content, mode = 0o600) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      chmodSync(file, mode);
      return file;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A sound env file; its key is a fixture and opens nothing. */
export const GOOD_ENV = `DJANGO_SECRET_KEY=test-fixture-Zq8Lw2Rk5Tn9Vb3Xc7Md1Pf6Hj4Gs0Yu_Ea-Io8Bt5Wx2Kz
DJANGO_DEBUG=0
DJANGO_ENV=production
DJANGO_ALLOWED_HOSTS=monitor.example.test
`;
