import { connect, createServer, type Server, type Socket } from "node:net";

import { byteCursor, u16List } from "../../src/wire/tls/byte-cursor.ts";
import { decodeClientHello } from "../../src/wire/tls/client-hello.ts";
import { isGrease } from "../../src/wire/tls/client-offer.ts";
import { EXTENSION_TYPES, extensionData } from "../../src/wire/tls/extensions.ts";
import { groupName } from "../../src/wire/tls/groups.ts";
import { HANDSHAKE_TYPES, handshakeReader } from "../../src/wire/tls/handshake.ts";
import { CONTENT_TYPES, type RecordEvent, recordReader } from "../../src/wire/tls/records.ts";
import { decodeServerHello, type ServerHello } from "../../src/wire/tls/server-hello.ts";
import { decodeServerKeyExchange } from "../../src/wire/tls/server-key-exchange.ts";
import { suiteByCode, suiteName } from "../../src/wire/tls/suites.ts";
import { protocolOfVersion } from "../../src/wire/tls/versions.ts";

/** What a client offered and its server chose, read off the wire between them; neither knows of this. */
export interface Chosen {
  /** Without GREASE and signalling values. */
  readonly offered?: { readonly suites: readonly string[]; readonly groups: readonly string[] };
  readonly protocol?: string;
  readonly suite?: string;
  readonly group?: string;
  readonly isRetried?: boolean;
}

/** A plain TCP relay on a free loopback port that reads the server's hello as it passes. */
export async function observeTls(targetPort: number) {
  let chosen: Chosen = {};
  const server = createServer((client) => {
    const upstream = connect(targetPort, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    client.pipe(upstream).pipe(client);
    client.on("close", () => upstream.destroy());
    const note = (seen: Chosen) => {
      chosen = { ...chosen, ...seen };
    };
    watch(client, (type, body) => {
      if (type === HANDSHAKE_TYPES.clientHello) note({ offered: offerOf(body) });
    });
    watch(upstream, serverMessages(note));
  });
  const port = await listening(server);
  return {
    port,
    /** What was chosen since this was last asked. */
    take(): Chosen {
      const seen = chosen;
      chosen = {};
      return seen;
    },
    close: () => void server.close(),
  };
}

function listening(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
  });
  return promise;
}

function watch(socket: Socket, message: (type: number, body: Uint8Array) => void): void {
  const records = recordReader();
  const messages = handshakeReader();
  socket.on("data", (chunk) => {
    const fragments = records.feed(chunk).flatMap(plainFragment);
    for (const found of fragments.flatMap((one) => messages.feed(one))) {
      if (found.kind === "message") message(found.message.type, found.message.body);
    }
  });
}

function offerOf(body: Uint8Array): NonNullable<Chosen["offered"]> {
  const decoded = decodeClientHello(body);
  const { suites, extensions = [] } = decoded.ok ? decoded.value : { suites: [] };
  const data = extensionData(extensions, EXTENSION_TYPES.supportedGroups);
  const groups = data === undefined ? [] : (u16List(byteCursor(data).vector(2)) ?? []);
  return {
    suites: suites.filter((code) => suiteByCode(code) !== undefined).map(suiteName),
    groups: groups.filter((code) => !isGrease(code)).map(groupName),
  };
}

function serverMessages(found: (seen: Chosen) => void) {
  let hello: ServerHello | undefined;
  return (type: number, body: Uint8Array): void => {
    if (type === HANDSHAKE_TYPES.serverHello) hello = readHello(body, found);
    if (type === HANDSHAKE_TYPES.serverKeyExchange) readKeyExchange(body, hello, found);
  };
}

/** Behind a ServerHello of TLS 1.3 everything is encrypted and of another type. */
function plainFragment(event: RecordEvent): readonly Uint8Array[] {
  const isPlain = event.kind === "record" && event.record.contentType === CONTENT_TYPES.handshake;
  return isPlain ? [event.record.fragment] : [];
}

function readHello(body: Uint8Array, found: (seen: Chosen) => void): ServerHello | undefined {
  const decoded = decodeServerHello(body);
  if (!decoded.ok) return undefined;
  const { version, suite, group, isHelloRetryRequest } = decoded.value;
  found({
    protocol: protocolOfVersion(version) ?? `${version}`,
    suite: suiteName(suite),
    ...(group !== undefined && { group: groupName(group) }),
    ...(isHelloRetryRequest && { isRetried: true }),
  });
  return decoded.value;
}

function readKeyExchange(
  body: Uint8Array,
  hello: ServerHello | undefined,
  found: (seen: Chosen) => void,
): void {
  const suite = hello === undefined ? undefined : suiteByCode(hello.suite);
  if (hello === undefined || suite === undefined) return;
  const decoded = decodeServerKeyExchange(body, suite, hello.version);
  if (decoded.ok && decoded.value.parameters.kind === "ecdh") {
    found({ group: groupName(decoded.value.parameters.group) });
  }
}
