import { type CollectContext, defineFact } from "../core/fact.ts";
import { HostError, known, knownValue, type Reading } from "../core/reading.ts";
import { isSecretName } from "../core/secret.ts";
import type { DotenvLoader } from "../parsers/dotenv.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { pathAccess } from "./env-access.ts";
import { envFileContent } from "./env-anomalies.ts";
import { envCopies, type LiveSecret } from "./env-copies.ts";
import { isWithin } from "./env-paths.ts";
import {
  type EnvFileInUse,
  type EnvironmentValues,
  environmentValues,
} from "./environment-values.fact.ts";
import { proxyRoutes } from "./proxy-routes.fact.ts";
import { type Service, services } from "./services.fact.ts";

export interface EnvFiles {
  /** Env files in use: `.env`, `.env.production`, `EnvironmentFile=`, `env_file:`, sourced ones. Missing ones are left out. */
  readonly files: readonly EnvFile[];
  /** `.env~ .env.bak .env.old .env.save .env.orig .env.swp *.env.dump` beside them. */
  readonly copies: readonly EnvFileCopy[];
  /** Samples (`.env.example`, `.sample`, `.template`, `.test`, `.dist`): never live. */
  readonly samples: readonly string[];
  /** Units and compose files that could not be read, and so may name further env files. */
  readonly undeclared?: EnvironmentValues["unreadable"];
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
    | "blanks-around-equals"
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
  needs: { environmentValues },
  wants: { services, proxyRoutes, deploymentTree },
  async collect(context, facts, readings): Promise<Reading<EnvFiles>> {
    const values = facts.environmentValues;
    const inUse = values.files ?? [];
    const files: EnvFile[] = [];
    for (const file of inUse) files.push(await describe(context, file));
    const roots = knownValue(readings.proxyRoutes)?.roots ?? [];
    const tree = knownValue(readings.deploymentTree)?.files ?? [];
    const undeclared = values.unreadable.filter(({ file }) =>
      inUse.every(({ path }) => path !== file),
    );
    return known({
      files,
      ...(undeclared.length === 0 ? {} : { undeclared }),
      copies: await envCopies(
        context,
        inUse.map(({ absolute }) => absolute),
        tree.map(({ path }) => path),
        liveSecrets(values),
        roots.map(({ path }) => path),
      ),
      samples: values.samples ?? [],
      trusted: await trustedAccounts(context, knownValue(readings.services)?.services ?? []),
    });
  },
});

async function describe(context: CollectContext, file: EnvFileInUse): Promise<EnvFile> {
  const { path, absolute, usedBy, loaders, text } = file;
  return {
    path,
    usedBy,
    loaders,
    access: isBeyond(context, absolute, text) ? text : await pathAccess(context, absolute),
    content: text.state === "known" ? known(envFileContent(text.value, loaders)) : text,
  };
}

/** Without facts of the machine a file that was not read was not looked at either. */
function isBeyond(
  { target }: CollectContext,
  absolute: string,
  text: Reading<string>,
): text is Extract<Reading<string>, { readonly state: "unknown" }> {
  const isOutside = !target.hostFacts && !isWithin(absolute, target.directory);
  return isOutside && text.state === "unknown";
}

/** The secret-named keys with their effective values. */
function liveSecrets({ assignments }: EnvironmentValues): readonly LiveSecret[] {
  const effective = new Map<string, string>();
  for (const { key, value } of assignments) if (!effective.has(key)) effective.set(key, value);
  return [...effective]
    .map(([key, value]) => ({ key, value }))
    .filter(({ key, value }) => isSecretName(key) && value.trim() !== "");
}

/**
 * root, the accounts of the application's services, the recorded one unless a unit names
 * another, who runs the audit, and who owns the audited directory. Its group as well, but not one that may write there: that
 * is what is to be judged.
 */
async function trustedAccounts(
  context: CollectContext,
  running: readonly Service[],
): Promise<EnvFiles["trusted"]> {
  const { target } = context;
  const directory = await accountsOf(context, target.directory);
  const isShared = directory !== undefined && (directory.mode & GROUP_WRITE) !== 0;
  const invoking = target.hostFacts ? await accountsOf(context, "/proc/self") : undefined;
  const application = running.filter(({ isApplication }) => isApplication);
  const accounts = application.flatMap(({ user, group }) => {
    const [name, own] = (user ?? "").split(":");
    return [{ owner: name ?? "", group: group ?? own ?? name ?? "" }];
  });
  const isTold = application.some(({ kind, user = "root" }) => kind === "unit" && user !== "root");
  const recorded =
    target.account === undefined || isTold
      ? undefined
      : { owner: target.account, group: target.account };
  const all = [
    directory === undefined || !isShared ? directory : { ...directory, group: "" },
    invoking,
    recorded,
    ...accounts,
  ].filter((account) => account !== undefined);
  const owners = new Set(["root", ...all.map(({ owner }) => owner)]);
  const groups = new Set(["root", ...all.map(({ group }) => group), ...owners]);
  return {
    owners: named(owners),
    groups: named(groups).filter((group) => !BROAD_GROUPS.has(group)),
  };
}

/** S_IWGRP of `<sys/stat.h>`. */
const GROUP_WRITE = 0o020;

/** Groups that many accounts are in: never a service's own. */
const BROAD_GROUPS: ReadonlySet<string> = new Set([
  "users",
  "staff",
  "everyone",
  "nogroup",
  "nobody",
  "100",
]);

function named(accounts: ReadonlySet<string>): readonly string[] {
  return [...accounts].filter((account) => account !== "");
}

async function accountsOf(
  { host }: CollectContext,
  path: string,
): Promise<{ readonly owner: string; readonly group: string; readonly mode: number } | undefined> {
  try {
    const { owner, group, mode } = await host.stat(path);
    return { owner, group, mode };
  } catch (error) {
    if (!(error instanceof HostError) || error.code === "interrupted") throw error;
    return undefined;
  }
}
