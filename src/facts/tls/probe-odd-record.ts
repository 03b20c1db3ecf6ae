import {
  type Connection,
  closeNotify,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import { isHangup, isLastWord } from "./probe-client-certificate.ts";

/** Whether nothing came in time. */
export function isSilence(received: Received): boolean {
  return received.kind === "closed" && received.how === "silence";
}

/** What a server made of something it may rightly ignore. */
export interface OddityAnswer {
  readonly received: Received;
  /** Whether it came only after our close_notify: then what came before was ignored. */
  readonly wasIgnored: boolean;
}

/**
 * What a server makes of something it may rightly ignore: the first thing that `isAnswer` takes or that
 * ends the connection.
 *
 * A server that stays silent gets a close_notify, which it must answer (RFC 5246 section 7.2.1): when
 * it does, its silence before was an answer. Silence after that is returned as silence.
 */
export function* answerToOddity(
  connection: Connection,
  isAnswer: (received: Received) => boolean,
): Flow<OddityAnswer> {
  let wasIgnored = false;
  for (;;) {
    const received = yield* connection.receive(wasIgnored ? "answer" : "grace");
    if (isSilence(received) && !wasIgnored) {
      yield writing(closeNotify(connection));
      wasIgnored = true;
    } else if (isAnswer(received) || isLastWord(received)) {
      return { received, wasIgnored };
    }
  }
}

/**
 * Whether the server hung up on it without a word. A rate limit, a restart and an impatient server do so too:
 * such a close says something only where it comes again and not without the oddity (`staysOpen`).
 */
export function isBareHangup({ received, wasIgnored }: OddityAnswer): boolean {
  return !wasIgnored && isHangup(received);
}

/** Whether the connection is still open after the time an oddity is waited for, with nothing odd said. */
export function* staysOpen(connection: Connection): Flow<boolean> {
  for (;;) {
    const received = yield* connection.receive("grace");
    if (isSilence(received)) return true;
    if (isLastWord(received)) return false;
  }
}
