import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  /** `openssl req` subject alternative names: `DNS:a.test`. */
  readonly names?: string;
  readonly key?: readonly string[];
  readonly digest?: string;
  /** `YYYYMMDDHHMMSSZ`. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly extra?: string;
}

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** A certificate authority in `directory`, made by openssl(1). */
export function createAuthority(directory: string) {
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
  writeFileSync(
    path("ca.cnf"),
    "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\npolicy=p\nunique_subject=no\ndefault_md=sha256\n[p]\ncommonName=supplied\n",
  );
  writeFileSync(path("index.txt"), "");
  writeFileSync(path("serial"), "1000\n");
  const selfSigned = (
    name: string,
    extra: readonly string[],
    newKey: readonly string[] = EC,
  ): TestCertificate => {
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-nodes",
      "-days",
      "3650",
      "-subj",
      `/CN=${name}`,
      ...extra,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    );
    return read(name);
  };
  const read = (name: string): TestCertificate => ({
    cert: readFileSync(path(`${name}.pem`), "utf8"),
    key: readFileSync(path(`${name}.key`), "utf8"),
  });
  const issue = (issuer: string, name: string, wanted: Wanted): TestCertificate => {
    const { names, key = EC, digest = "sha256", notBefore, notAfter, extra = "" } = wanted;
    openssl(
      "req",
      "-new",
      ...key,
      "-nodes",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    writeFileSync(
      path(`${name}.ext`),
      `${names === undefined ? "" : `subjectAltName=${names}\n`}${extra}\n`,
    );
    openssl(
      "ca",
      "-batch",
      "-notext",
      "-config",
      "ca.cnf",
      "-md",
      digest,
      "-cert",
      `${issuer}.pem`,
      "-keyfile",
      `${issuer}.key`,
      "-startdate",
      notBefore ?? "20200101000000Z",
      "-enddate",
      notAfter ?? "20491231235959Z",
      "-extfile",
      `${name}.ext`,
      "-in",
      `${name}.csr`,
      "-out",
      `${name}.pem`,
    );
    return read(name);
  };
  return {
    caFile: path("root.pem"),
    path,
    selfSigned,
    root: selfSigned("root", ["-addext", "basicConstraints=critical,CA:TRUE"]),
    issue: (name: string, wanted: Wanted = {}) => issue("root", name, wanted),
    issueFrom: issue,
  };
}
