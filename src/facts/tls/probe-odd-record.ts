import {
  type Connection,
  closeNotify,
  type Received,
  writing,
} from "../../wire/tls-session/connection.ts";
import type { Flow } from "../../wire/tls-session/flow.ts";
import { isLastWord } from "./probe-client-certificate.ts";

/** Whether nothing came in time. */
export function isSilence(received: Received): boolean {
  return received.kind === "closed" && received.how === "silence";
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
): Flow<Received> {
  let hasClosed = false;
  for (;;) {
    const received = yield* connection.receive(hasClosed ? "answer" : "grace");
    if (isSilence(received) && !hasClosed) {
      yield writing(closeNotify(connection));
      hasClosed = true;
    } else if (isAnswer(received) || isLastWord(received)) {
      return received;
    }
  }
}
