import type { Finding } from "../../../core/check.ts";
import { knownValue, type Reading } from "../../../core/reading.ts";
import type { CertificateFiles, KeyFile } from "../../../facts/certificate-files.fact.ts";
import type { PathAccess } from "../../../facts/env-files.fact.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import { describeAccess, openAccess, showMode } from "../../judgement/path-access.ts";
import { shellWord } from "../../judgement/remedy.ts";
import type { Judgement } from "../../tls-scan/configured.ts";

/** Bits for accounts that are neither the owner nor in the group (`<sys/stat.h>`). */
const OTHERS_READ_OR_WRITE = 0o006;
const OTHERS_ENTER = 0o001;

/** Private keys of the listeners that everybody may read, and keys of another certificate. */
export function judgeKeys(
  files: Reading<CertificateFiles>,
  listeners: readonly TlsListener[],
): readonly Judgement[] {
  const named = new Set(
    listeners.flatMap(({ certificates }) => certificates.map(({ file }) => file)),
  );
  return (knownValue(files)?.keys ?? []).filter(({ source }) => named.has(source)).map(judgeKey);
}

function judgeKey(key: KeyFile): Judgement {
  const { access, path, isMatch, source } = key;
  const findings: Finding[] = [];
  if (isMatch === false) {
    findings.push({
      rule: "key-mismatch",
      status: "warn",
      subject: path,
      message: `The private key ${path} is not the one of the certificate ${source}`,
      fix: `Compare: openssl x509 -noout -pubkey -in ${shellWord(source)} and openssl pkey -pubout -in ${shellWord(path)}; put the pair that belongs together in place`,
      evidence: [{ file: path, excerpt: "its public key is another one" }],
    });
  }
  if (access.state === "known") return judgeAccess(key, access.value, findings);
  if (access.state === "absent" || access.problem.code === "not-recorded") return { findings };
  const { code, detail } = access.problem;
  return { findings, open: { code, detail: `Who can read the key ${path}: ${detail}` } };
}

function judgeAccess(
  { path }: KeyFile,
  access: PathAccess,
  findings: readonly Finding[],
): Judgement {
  const open = access.hasNoModes ? openAccess(access) : undefined;
  if (open !== undefined) return { findings, open };
  if (!isOpenToOthers(access)) return { findings };
  return {
    findings: [
      {
        rule: "key-world-readable",
        status: "fail",
        subject: path,
        message: `The private key ${path} has mode ${showMode(access.mode)}: every account can read it`,
        fix: `Run: chmod o-rwx ${shellWord(path)}; and as others may have read it, reissue the certificate with a new key`,
        evidence: [{ file: path, excerpt: describeAccess(access) }],
        isUnseen: true,
      },
      ...findings,
    ],
  };
}

/** A directory on the way that others cannot enter holds them back: /etc/letsencrypt/archive is such a one. */
function isOpenToOthers({ mode, ancestors }: PathAccess): boolean {
  const isHeldBack = ancestors.some((ancestor) => (ancestor.mode & OTHERS_ENTER) === 0);
  return (mode & OTHERS_READ_OR_WRITE) !== 0 && !isHeldBack;
}
