import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";

export interface EnvFiles {
  /** Env files in use: `.env`, `.env.production`, `EnvironmentFile=`, `env_file:`, sourced ones. Missing ones are left out. */
  readonly files: readonly EnvFile[];
  /** `.env~ .env.bak .env.old .env.save .env.orig .env.swp *.env.dump` beside them. */
  readonly copies: readonly EnvFileCopy[];
  /** Samples (`.env.example`, `.sample`, `.template`, `.test`, `.dist`): never live. */
  readonly samples: readonly string[];
  /** Accounts that may own or group an env file: root, service users and groups, invoking user. */
  readonly trusted: { readonly owners: readonly string[]; readonly groups: readonly string[] };
}

/** Modes, owners and ancestors of a path, links resolved. */
export interface PathAccess {
  /** Permission bits, `0o7777`. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Extended ACL entries (getfacl form); `unknown` when they cannot be read. */
  readonly acl: Reading<readonly string[]>;
  /** Each containing directory of the path and, for a link, of its target, innermost first. */
  readonly ancestors: readonly Ancestor[];
  /** Absolute target of a link. */
  readonly linkTarget?: string;
  /** The file system keeps no modes (vfat, some NFS and 9p exports). */
  readonly hasNoModes: boolean;
}

export interface Ancestor {
  readonly path: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

export interface EnvFile {
  /** Relative when inside the audited directory, else absolute. */
  readonly path: string;
  /** Why it is in use: `.env beside manage.py`, `EnvironmentFile= of monitor.service:7`. */
  readonly usedBy: string;
  /** Who reads it in this deployment; more than one where several do. */
  readonly loaders: readonly DotenvLoader[];
  /** Unknown when stat was denied. */
  readonly access: Reading<PathAccess>;
  /** Unknown when the text could not be read (denied, too large, not a file). */
  readonly content: Reading<EnvFileContent>;
}

export interface EnvFileContent {
  readonly keys: readonly { readonly key: string; readonly line: number }[];
  readonly anomalies: readonly EnvFileAnomaly[];
}

/** Something that makes the file say other than it seems. Holds no value. */
export interface EnvFileAnomaly {
  readonly kind:
    | "duplicate-key"
    | "crlf"
    | "byte-order-mark"
    | "unbalanced-quote"
    | "export-under-systemd"
    | "inline-comment-kept"
    | "dollar-expanded"
    | "readers-disagree"
    | "lower-case-twin"
    | "unparsable-line"
    | "nul-byte"
    | "invalid-utf8";
  readonly line: number;
  readonly key?: string;
  /** One sentence without any value: who reads it how. */
  readonly detail: string;
}

export interface EnvFileCopy {
  readonly path: string;
  readonly access: Reading<PathAccess>;
  /** Keys whose live value stands in the copy as well. */
  readonly liveSecretKeys: readonly string[];
  /** Secret-named keys with a value in it. */
  readonly secretKeys: readonly string[];
  /** The web root or static alias it lies under. */
  readonly servedFrom?: string;
}

export const envFiles = defineFact({
  id: "env-files",
  title: "Env files of the deployment",
  access: "run",
  timeoutMs: 8_000,
  async collect(): Promise<Reading<EnvFiles>> {
    return unknown("unsupported", "not written yet");
  },
});
