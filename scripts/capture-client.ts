// Listens on loopback and prints what each client that connects offers, as the table in
// src/grades/client-profiles.ts needs it. The connection is closed after the hello; nothing is answered.
// usage: bin/node scripts/capture-client.ts [PORT]   then: curl https://localhost:PORT/   ends with Ctrl-C
import { createServer, type Socket } from "node:net";

import { byteCursor, u16List } from "../src/wire/tls/byte-cursor.ts";
import { type ClientHello, decodeClientHello } from "../src/wire/tls/client-hello.ts";
import { isGrease } from "../src/wire/tls/client-offer.ts";
import { EXTENSION_TYPES, extensionData } from "../src/wire/tls/extensions.ts";
import { groupName } from "../src/wire/tls/groups.ts";
import { HANDSHAKE_TYPES, handshakeReader } from "../src/wire/tls/handshake.ts";
import { recordReader } from "../src/wire/tls/records.ts";
import { signatureSchemeName } from "../src/wire/tls/signature-schemes.ts";
import { suiteName } from "../src/wire/tls/suites.ts";
import { protocolOfVersion } from "../src/wire/tls/versions.ts";

/** A client that sends nothing is let go. */
const SILENCE_MS = 10_000;

const server = createServer(capture);
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  process.stderr.write(`https://localhost:${port}/\n`);
});

function capture(socket: Socket): void {
  const records = recordReader();
  const messages = handshakeReader();
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    const fragments = records
      .feed(chunk)
      .map((event) => (event.kind === "record" ? event.record.fragment : undefined));
    const [found] = fragments.flatMap((one) => (one === undefined ? [] : messages.feed(one)));
    const isHello = found?.kind === "message" && found.message.type === HANDSHAKE_TYPES.clientHello;
    if (isHello) show(found.message.body);
    if (found !== undefined || fragments.includes(undefined)) socket.destroy();
  });
}

function show(body: Uint8Array): void {
  const decoded = decodeClientHello(body);
  const shown = decoded.ok ? offerOf(decoded.value) : decoded;
  process.stdout.write(`${JSON.stringify(shown)}\n`);
}

function offerOf(hello: ClientHello) {
  const extensions = hello.extensions ?? [];
  const list = (type: number, name: (code: number) => string, lengthBytes: 1 | 2 = 2) => {
    const data = extensionData(extensions, type);
    if (data === undefined) return undefined;
    const codes = u16List(byteCursor(data).vector(lengthBytes)) ?? [];
    return codes.filter((code) => !isGrease(code)).map(name);
  };
  const version = (code: number) => protocolOfVersion(code) ?? `0x${code.toString(16)}`;
  return {
    legacyVersion: version(hello.legacyVersion),
    versions: list(EXTENSION_TYPES.supportedVersions, version, 1),
    suites: hello.suites.filter((code) => !isGrease(code)).map(suiteName),
    groups: list(EXTENSION_TYPES.supportedGroups, groupName),
    keyShares: keyShares(extensionData(extensions, EXTENSION_TYPES.keyShare)),
    signatures: list(EXTENSION_TYPES.signatureAlgorithms, signatureSchemeName),
    signaturesCert: list(EXTENSION_TYPES.signatureAlgorithmsCert, signatureSchemeName),
    sendsServerName: extensionData(extensions, EXTENSION_TYPES.serverName) !== undefined,
    extensions: extensions.map(({ type }) => type).filter((type) => !isGrease(type)),
  };
}

/** Names of the groups a share is sent for (RFC 8446 section 4.2.8). */
function keyShares(data: Uint8Array | undefined): readonly string[] | undefined {
  if (data === undefined) return undefined;
  const cursor = byteCursor(byteCursor(data).vector(2));
  const names: string[] = [];
  while (cursor.left > 0 && !cursor.isBroken) {
    const group = cursor.u16();
    cursor.vector(2);
    if (!isGrease(group)) names.push(groupName(group));
  }
  return names;
}
