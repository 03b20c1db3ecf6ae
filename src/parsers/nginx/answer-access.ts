import { remembered } from "../../core/remembered.ts";
import { parseIp } from "../address.ts";
import { fieldVariable } from "./answer-field.ts";
import type { AnswerAccess } from "./answer-outcome.ts";
import { note, positionOf, type Run } from "./answer-run.ts";
import { networkBits } from "./answer-table.ts";
import { openReason } from "./answer-text.ts";
import { variableValue } from "./answer-variable.ts";
import { type BlockPath, effectiveList, effectiveScalar } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";

/** What is in force where the request ends. */
export const accessInForce = remembered((path: BlockPath): AnswerAccess => {
  const authBasic = unlessOff(effectiveScalar(path, "auth_basic"));
  const file = effectiveScalar(path, "auth_basic_user_file");
  const authRequest = unlessOff(effectiveScalar(path, "auth_request"));
  const clientCertificate = unlessOff(effectiveScalar(path, "ssl_verify_client"));
  const bodySize = effectiveScalar(path, "client_max_body_size");
  return {
    rules: effectiveList(path, "allow", "deny"),
    satisfiesAny: effectiveScalar(path, "satisfy")?.args[0]?.text === "any",
    // Without a file of users nginx lets everybody in.
    ...(authBasic !== undefined && file !== undefined && { authBasic }),
    ...(authRequest !== undefined && { authRequest }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    limitRequests: effectiveList(path, "limit_req"),
    limitConnections: effectiveList(path, "limit_conn"),
    ...(bodySize !== undefined && { bodySize }),
  };
});

function unlessOff(directive: NginxDirective | undefined): NginxDirective | undefined {
  return directive?.args[0]?.text === "off" ? undefined : directive;
}

/** What one part of the access phase says: `undefined` is no opinion. */
interface Verdict {
  readonly status: number | "granted";
  readonly at: NginxDirective;
}

export interface Refusal {
  readonly status: number;
  readonly at: NginxDirective;
}

const FORBIDDEN = 403;
const UNAUTHORIZED = 401;

/** The access phase: a refusal, or `undefined` when the request goes on. */
export function refusal(run: Run): Refusal | undefined {
  const access = accessInForce(run.path);
  return access.satisfiesAny ? refusalOfAll(run, access) : firstRefusal(run, access);
}

const PARTS = [addressVerdict, passwordVerdict, requestVerdict] as const;

function opinion(
  run: Run,
  access: AnswerAccess,
  part: (typeof PARTS)[number],
): Verdict | undefined {
  const verdict = part(run, access);
  if (verdict === undefined) return undefined;
  const { status, at } = verdict;
  note(run, "access", status === "granted" ? "granted" : `refused with ${status}`, at);
  return verdict;
}

function firstRefusal(run: Run, access: AnswerAccess): Refusal | undefined {
  for (const part of PARTS) {
    const verdict = opinion(run, access, part);
    if (verdict !== undefined && verdict.status !== "granted") {
      return { status: verdict.status, at: verdict.at };
    }
  }
  return undefined;
}

/** `satisfy any`: one that grants is enough; of several refusals the one that asks for a password is sent. */
function refusalOfAll(run: Run, access: AnswerAccess): Refusal | undefined {
  let refused: Refusal | undefined;
  for (const part of PARTS) {
    const verdict = opinion(run, access, part);
    if (verdict === undefined) continue;
    const { status, at } = verdict;
    if (status === "granted") return undefined;
    if (refused?.status !== UNAUTHORIZED) refused = { status, at };
  }
  return refused;
}

/** `allow` and `deny`: the first rule the client's address fits. */
function addressVerdict(run: Run, access: AnswerAccess): Verdict | undefined {
  const client = variableValue(run, "remote_addr");
  const address = client.isKnown ? parseIp(client.text) : undefined;
  for (const rule of access.rules) {
    const network = rule.args[0]?.text ?? "";
    const isMatch = network === "all" || networkBits(network, address) !== undefined;
    const verdict: Verdict = { status: rule.name === "allow" ? "granted" : FORBIDDEN, at: rule };
    if (isMatch) return verdict;
    if (!client.isKnown) return openAddress(run, access, openReason(client));
  }
  return undefined;
}

/** Any rule may be the one that fits, or none, which lets the request on as a grant does unless any satisfies. */
function openAddress(
  run: Run,
  { rules, satisfiesAny }: AnswerAccess,
  because: string,
): Verdict | undefined {
  const hasAll = rules.some(({ args }) => args[0]?.text === "all");
  const allow = rules.find(({ name }) => name === "allow");
  const deny = rules.find(({ name }) => name === "deny");
  const ways: { readonly text: string; readonly verdict: Verdict | undefined }[] = [];
  if (allow !== undefined) ways.push({ text: "yes", verdict: { status: "granted", at: allow } });
  if (!hasAll && (satisfiesAny || allow === undefined)) {
    ways.push({ text: "no rule fits it", verdict: undefined });
  }
  if (deny !== undefined) ways.push({ text: "no", verdict: { status: FORBIDDEN, at: deny } });
  const [first, second, ...more] = ways;
  if (first === undefined || second === undefined) return first?.verdict;
  const about = "the client's address is allowed";
  const at = positionOf(rules[0] ?? run.server.directive);
  const texts = [first.text, second.text, ...more.map(({ text }) => text)] as const;
  return ways[run.choose({ about, because, at, ways: texts })]?.verdict;
}

function passwordVerdict(run: Run, { authBasic }: AnswerAccess): Verdict | undefined {
  if (authBasic === undefined) return undefined;
  const realm = authBasic.args[0]?.text ?? "";
  const user = fieldVariable(run.request, "remote_user");
  if (user?.isKnown === true && !realm.startsWith("$")) {
    return { status: UNAUTHORIZED, at: authBasic };
  }
  const about = "the password is right";
  const because = "the Authorization field is not known, or the passwords are not";
  const way = run.choose({ about, because, at: positionOf(authBasic), ways: ["yes", "no"] });
  return { status: way === 0 ? "granted" : UNAUTHORIZED, at: authBasic };
}

function requestVerdict(run: Run, { authRequest }: AnswerAccess): Verdict | undefined {
  if (authRequest === undefined) return undefined;
  const about = `${authRequest.args[0]?.text} answers`;
  const because = "another server decides it";
  const at = positionOf(authRequest);
  const way = run.choose({ about, because, at, ways: ["2xx", "401", "403"] });
  if (way === 0) return { status: "granted", at: authRequest };
  return { status: way === 1 ? UNAUTHORIZED : FORBIDDEN, at: authRequest };
}
