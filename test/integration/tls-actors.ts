import { connect, createServer, type Server, type Socket } from "node:net";

/** Acted peers: what no TLS library does. Each is a server that is not listening yet. */

type Actor = (socket: Socket) => void;

/** A server that plays `act` on every connection. */
export function acted(act: Actor): Server {
  return createServer((socket) => {
    socket.on("error", () => undefined);
    act(socket);
  });
}

/** Takes the connection and says nothing. */
export const mute: Actor = (socket) => {
  socket.resume();
};

export const resetAtOnce: Actor = (socket) => {
  socket.resetAndDestroy();
};

export const resetOnHello: Actor = (socket) => {
  socket.once("data", () => socket.resetAndDestroy());
};

export const closeAtOnce: Actor = (socket) => {
  socket.end();
};

/** Answers anything with these bytes and closes. */
export function answering(text: string): Actor {
  return (socket) => {
    socket.once("data", () => socket.end(text, "latin1"));
  };
}

/** Speaks first, as SSH and SMTP do. */
export function greeting(text: string): Actor {
  return (socket) => {
    socket.write(text, "latin1");
    socket.resume();
  };
}

/** A record header and then one byte of a ServerHello every 100 ms, for ever. */
export const drip: Actor = (socket) => {
  const bytes = [22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc];
  const timer = setInterval(() => {
    socket.write(Uint8Array.of(bytes.shift() ?? 0));
  }, 100);
  socket.resume();
  socket.on("close", () => clearInterval(timer));
};

/** One handshake message of 16 MiB, as fast as it is taken. */
export const endless: Actor = (socket) => {
  const record = Buffer.alloc(5 + 16_384);
  record.set([22, 3, 3, 0x40, 0]);
  const first = Buffer.from(record);
  first.set([2, 0xff, 0xff, 0xff], 5);
  const pour = () => {
    while (socket.writable && socket.write(record));
  };
  socket.on("drain", pour);
  socket.once("data", () => {
    socket.write(first);
    pour();
  });
};

/** SSL 2.0 alone: a SERVER-HELLO with these three-byte kinds, a reset for anything else. */
export function ssl2Server(kinds: readonly number[], certificate: Uint8Array): Actor {
  return (socket) => {
    socket.once("data", (hello) => {
      if (((hello[0] ?? 0) & 0x80) === 0 || hello[2] !== 1) return socket.resetAndDestroy();
      const u16 = (value: number) => [value >> 8, value & 0xff];
      const list = kinds.flatMap((kind) => [kind >> 16, (kind >> 8) & 0xff, kind & 0xff]);
      const id = Array.from({ length: 16 }, () => 7);
      const lengths = [certificate.length, list.length, id.length].flatMap(u16);
      const body = [4, 0, 1, 0, 2, ...lengths, ...certificate, ...list, ...id];
      return socket.end(Uint8Array.from([...u16(0x8000 | body.length), ...body]));
    });
  };
}

/** Passes every connection on to `port`, unless `refuse` takes it. */
export function passingOn(port: number, refuse: (first: Buffer, socket: Socket) => boolean): Actor {
  return (socket) => {
    socket.once("data", (first: Buffer) => {
      if (refuse(first, socket)) return;
      const upstream = connect(port, "127.0.0.1");
      upstream.on("error", () => socket.destroy());
      upstream.write(first);
      socket.pipe(upstream).pipe(socket);
      socket.on("close", () => upstream.destroy());
    });
  };
}

/** Whether a hello offers TLS 1.3: supported_versions with 0304 in it. */
export function offersTls13(hello: Buffer): boolean {
  return hello.includes(Buffer.of(0, 43, 0, 3, 2, 3, 4));
}

/** SMTP with STARTTLS in front of a TLS server. */
export function smtpBefore(port: number, hasStarttls: boolean): Actor {
  return (socket) => {
    socket.write("220-mail.test\r\n220 ready\r\n");
    const listen = (line: Buffer) => {
      if (line.toString().startsWith("EHLO")) {
        socket.write(`250-mail.test\r\n250${hasStarttls ? "-STARTTLS\r\n250" : ""} SIZE 1000\r\n`);
        return;
      }
      socket.off("data", listen);
      socket.write("220 go ahead\r\n");
      const upstream = connect(port, "127.0.0.1");
      upstream.on("error", () => socket.destroy());
      socket.pipe(upstream).pipe(socket);
    };
    socket.on("data", listen);
  };
}

/** PostgreSQL's one byte before TLS. */
export function postgresBefore(port: number): Actor {
  return (socket) => {
    socket.once("data", (request: Buffer) => {
      if (request.toString("hex") !== "0000000804d2162f") return socket.destroy();
      socket.write("S");
      const upstream = connect(port, "127.0.0.1");
      upstream.on("error", () => socket.destroy());
      return socket.pipe(upstream).pipe(socket);
    });
  };
}

/** Ends a connection that is one too many. */
export type Ending = "end" | "reset" | "silence";

function ended(socket: Socket, how: Ending): void {
  if (how === "reset") socket.resetAndDestroy();
  else if (how === "end") socket.end();
  socket.resume();
}

/** Passes on what `allows` lets in; the rest ends as told. `closer` hangs up where the server sends an alert. */
export function limiting(
  port: number,
  allows: (socket: Socket) => boolean,
  how: Ending,
  closer: "alert" | Ending = "alert",
): Actor {
  return (socket) => {
    if (!allows(socket)) return ended(socket, how);
    const upstream = connect(port, "127.0.0.1");
    upstream.on("error", () => socket.destroy());
    upstream.once("data", (first: Buffer) => {
      if (first[0] !== 21 || closer === "alert") {
        socket.write(first);
        upstream.pipe(socket);
        return;
      }
      ended(socket, closer);
      upstream.destroy();
    });
    upstream.on("close", () => {
      socket.end();
      socket.resume();
    });
    socket.on("close", () => upstream.destroy());
    return socket.pipe(upstream);
  };
}

/** So many connections open at once. */
export function atOnce(count: number): (socket: Socket) => boolean {
  let open = 0;
  return (socket) => {
    if (open >= count) return false;
    open += 1;
    socket.on("close", () => {
      open -= 1;
    });
    return true;
  };
}

/** So many at once, and `perSecond` more as time goes by. */
export function bucket(burst: number, perSecond: number): () => boolean {
  let tokens = burst;
  let lastMs = performance.now();
  return () => {
    const nowMs = performance.now();
    tokens = Math.min(burst, tokens + ((nowMs - lastMs) * perSecond) / 1000);
    lastMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** The first so many, then nobody. */
export function firstOnly(count: number): () => boolean {
  let seen = 0;
  return () => {
    seen += 1;
    return seen <= count;
  };
}
