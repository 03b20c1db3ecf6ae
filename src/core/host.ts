/** What `lstat`/`stat` tells, as plain JSON. Times are milliseconds since the epoch. */
export interface FileStat {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Permission bits with setuid, setgid and sticky: `mode & 0o7777`. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Names where the system resolves them, else the decimal id. */
  readonly owner: string;
  readonly group: string;
}

export interface RunResult {
  /** `null` when the program was ended by a signal. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The program opens connections itself: refused where connecting is not granted. */
  readonly needsNetwork?: boolean;
}

export interface TlsPeer {
  readonly address: string;
  readonly protocol: string;
  /** Whether chain and name verify against the trust store in use. */
  readonly verified: boolean;
  /** The verifier's code (`CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`), when not verified. */
  readonly error?: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  readonly keyBits: number;
  readonly signature: string;
  /** The protocol taken of those offered by ALPN. */
  readonly alpn?: string;
}

export interface ConnectOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** An HTTP proxy a connection is tunnelled through (`CONNECT`, RFC 9110 section 9.3.6). */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** `Proxy-Authorization` field value. A secret: never in a message. */
  readonly authorization?: string;
}

export interface DialOptions extends ConnectOptions {
  readonly proxy?: HttpProxy;
}

export interface StreamOptions extends DialOptions {
  /** Connects to this address, one of those `resolve` gave, instead of the first that answers. */
  readonly address?: string;
}

export interface HandshakeOptions extends DialOptions {
  /** PEM file that replaces the system's trust store, as `SSL_CERT_FILE` does. */
  readonly trustFile?: string;
  /** Protocols to offer by ALPN (RFC 7301), the preferred first. */
  readonly alpn?: readonly string[];
}

export interface HttpMessage {
  readonly status: number;
  /** In wire order, repeats kept. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** At most the bytes asked for. Empty with `isDecoded`. */
  readonly body: string;
  /** With `isDecoded`. */
  readonly content?: HttpContent;
  /** How it came; a host without a network has nothing to say here. */
  readonly transport?: HttpTransport;
}

/** A body with its content codings undone. */
export interface HttpContent {
  readonly bytes: Uint8Array;
  readonly cut?: HttpCut;
}

/**
 * Why a body was not read to its end: more than was asked for (`size`), a compression bomb (`ratio`), chunks without
 * number (`pieces`), the time limit (`time`), data that cannot be decoded (`coding`), a connection that broke (`closed`).
 */
export type HttpCut = "size" | "ratio" | "pieces" | "time" | "coding" | "closed";

export interface HttpTransport {
  readonly protocol: "HTTP/1.0" | "HTTP/1.1" | "h2";
  readonly address: string;
  /** Length of the reason phrase, names and values together, as Node's parser counts a header section. */
  readonly headerBytes: number;
  /** https only, with `isCertificateJudged`; `error` is the verifier's code. */
  readonly certificate?: { readonly isVerified: boolean; readonly error?: string };
  /** From dialling to the end of the body. */
  readonly elapsedMs: number;
}

export interface HttpRequest extends ConnectOptions {
  readonly method: "GET" | "HEAD" | "OPTIONS";
  readonly url: URL;
  readonly fields?: Readonly<Record<string, string>>;
  readonly bodyBytesMax: number;
  /** Connects to this address; the name of `url` stays in SNI and `Host`. */
  readonly address?: string;
  /** Gives the body as `content`, and what came of it when the time is up or the connection breaks. */
  readonly isDecoded?: boolean;
  /**
   * Offers this protocol alone by ALPN and speaks it; https only. The body is then decoded as with `isDecoded`. Throws
   * `unreachable` with the reason `NO_H2` where the server does not take it.
   */
  readonly protocol?: "h2";
  /** Says in `transport` whether the certificate verifies; without it no trust store is read. */
  readonly isCertificateJudged?: boolean;
}

/** One name in a directory. `link` for a symbolic link, wherever it points. */
export interface DirEntry {
  readonly name: string;
  readonly kind: FileStat["kind"];
}

/** An open TCP connection as bytes; for protocols that are spoken byte by byte. */
export interface ByteStream {
  /** The peer's address. */
  readonly address: string;
  /** Throws `HostError` when the peer has gone. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The next bytes as they come, at most 64 KiB at once; `"end"` after an orderly close, `"reset"` after a reset,
   * `"silence"` when nothing came within `timeoutMs`.
   */
  read(timeoutMs: number): Promise<Uint8Array | "end" | "reset" | "silence">;
  close(): void;
}

/**
 * The only door to the machine and the network. Tests pass an in-memory host.
 *
 * Every member throws `HostError`, never anything else, where the outside world is at fault.
 * Paths are absolute. A missing file is `HostError("unreachable", ..., { reason: "ENOENT" })`.
 */
export interface Host {
  /** Text as UTF-8, invalid bytes become U+FFFD, a BOM is kept. Throws `too-large` past `bytesMax`. */
  readFile(path: string, bytesMax: number): Promise<string>;
  /** As `readFile`, bytes untouched: for binary files. Throws `too-large` past `bytesMax`. */
  readBytes(path: string, bytesMax: number): Promise<Uint8Array>;
  /** Follows links. */
  stat(path: string): Promise<FileStat>;
  lstat(path: string): Promise<FileStat>;
  readLink(path: string): Promise<string>;
  realPath(path: string): Promise<string>;
  /** Names only, sorted, without `.` and `..`. */
  readDir(path: string): Promise<readonly string[]>;
  /** As `readDir`, with each name's kind. */
  readDirEntries(path: string): Promise<readonly DirEntry[]>;
  /**
   * Extended access ACL entries in getfacl form (`user:alice:r--`, `group:ops:rw-`, `mask::r--`),
   * base entries left out; empty when there are none. Throws `tool-missing` when it cannot be told.
   */
  acl(path: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Runs a program by argument list, never through a shell. Throws `tool-missing` when not installed. */
  run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** Opens and closes one TCP connection; tries every resolved address. Returns the one that answered. */
  connect(
    host: string,
    port: number,
    options: DialOptions,
  ): Promise<{ readonly address: string; readonly elapsedMs: number }>;
  /**
   * Opens one TCP connection that stays open until `close`, or until `signal` aborts. `timeoutMs` is for opening it.
   * It takes one of the host's places for network operations: never wait for a second one while holding it.
   */
  openStream(host: string, port: number, options: StreamOptions): Promise<ByteStream>;
  /**
   * Every address of the name (A and AAAA), in the order they would be tried; an address is its own. With `port`,
   * where connections to that host and port are sent elsewhere, the addresses of that place. Throws `unreachable`.
   */
  resolve(host: string, port?: number): Promise<readonly string[]>;
  /** One handshake with SNI that completes even when the certificate does not verify. */
  handshake(host: string, port: number, options: HandshakeOptions): Promise<TlsPeer>;
  /** One request, redirects not followed, certificate judged elsewhere (never fatal here). */
  request(request: HttpRequest): Promise<HttpMessage>;
  /** The machine's own addresses, as text. */
  addresses(): Promise<readonly string[]>;
}
