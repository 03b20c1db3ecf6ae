import { VERSION_CODES } from "../../wire/tls/versions.ts";
import type { Question } from "./caller.ts";
import type { Dialer } from "./dialer.ts";
import { type HelloAnswer, type HelloReply, whyOpen } from "./hello-answer.ts";
import type { RecordProtocol } from "./hello-plan.ts";

/** Answers one loop takes at most: more than there are suites. */
const TURNS_MAX = 400;

/** What a server took of a list, in the order it took it. */
export interface Peeled {
  readonly taken: readonly number[];
  readonly replies: readonly HelloReply[];
  /** The answer that ended the loop; `undefined` when nothing was left to offer. */
  readonly last: HelloAnswer | undefined;
  /** Why the list may not be complete; absent when the server's answer closed it. */
  readonly incomplete?: string;
}

interface PeelPlan {
  readonly protocol: RecordProtocol;
  readonly offer: readonly number[];
  readonly question: (left: readonly number[]) => Question;
  /** What the server took by its reply. */
  readonly taken: (reply: HelloReply) => number | undefined;
  /** An answer to the whole offer that is at hand already. */
  readonly first?: HelloAnswer;
}

/**
 * Offers a list, takes the server's pick out, offers the rest, until the server refuses. It goes before
 * other questions: its own wait for each other, and the longest list decides how long a scan takes.
 */
export async function peel(dialer: Dialer, plan: PeelPlan): Promise<Peeled> {
  let left = plan.offer;
  const taken: number[] = [];
  const replies: HelloReply[] = [];
  const end = (last: HelloAnswer | undefined, incomplete?: string): Peeled => ({
    taken,
    replies,
    last,
    ...(incomplete === undefined ? {} : { incomplete }),
  });
  for (let turn = 0; turn < TURNS_MAX && left.length > 0; turn += 1) {
    const knock = turn === 0 ? plan.first : undefined;
    const answer = knock ?? (await dialer.ask(plan.question(left), true));
    if (answer.kind !== "reply" || !isOf(answer, plan.protocol))
      return end(answer, whyOpen(answer));
    const pick = plan.taken(answer);
    if (pick === undefined) return end(answer, whyHidden(answer));
    if (!left.includes(pick)) return end(answer, "the server chose what was not offered");
    taken.push(pick);
    replies.push(answer);
    left = left.filter((code) => code !== pick);
  }
  return end(undefined);
}

/** With pre-shared keys OpenSSL says hello to a client without a curve it has, and fails at its own key exchange. */
function whyHidden({ isBrokenOff }: HelloReply): string | undefined {
  return isBrokenOff === true ? undefined : "the server's choice does not show";
}

/** Whether a reply speaks the version that was asked for, not an older one. */
export function isOf(reply: HelloReply, protocol: RecordProtocol): boolean {
  return reply.hello.version === VERSION_CODES[protocol];
}
