/** Where a server is told to listen. */
export interface BindAddress {
  /** Address or host name, brackets removed; empty for every address; for a socket its path. */
  readonly address: string;
  /** 0 for a socket, and where the port is made of a variable nobody resolves. */
  readonly port: number;
  readonly isUnixSocket: boolean;
}

/**
 * `:8000`, `8000`, `0.0.0.0:8000`, `[::]:8000`, `unix:/run/a.sock`, `/run/a.sock`; `undefined` for
 * an inherited descriptor (`fd://3`) and for what is no address.
 */
export function parseBindAddress(text: string, defaultPort: number): BindAddress | undefined {
  const value = text.trim().replace(/^tcp:\/\//i, "");
  if (value === "" || /^fd:/i.test(value)) return undefined;
  const path = socketPath(value);
  if (path !== undefined) return { address: path, port: 0, isUnixSocket: true };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(value);
  if (bracketed) return tcp(bracketed[1] ?? "", bracketed[2], defaultPort);
  if (/^(?:\d{1,5}|\$\{?\w+\}?)$/.test(value)) return tcp("", value, defaultPort);
  const colon = value.lastIndexOf(":");
  const isBareIpv6 = colon >= 0 && value.indexOf(":") !== colon && !/^[^:]*\$/.test(value);
  if (colon < 0 || isBareIpv6) return tcp(value, undefined, defaultPort);
  return tcp(value.slice(0, colon), value.slice(colon + 1), defaultPort);
}

/** The path of a Unix socket as gunicorn, uvicorn and hypercorn write it. */
function socketPath(value: string): string | undefined {
  const match = /^(?:http\+)?unix:(?:\/\/)?(.+)$/is.exec(value);
  if (match !== null) return match[1];
  return /^[/.@]/.test(value) || /\.sock(?:et)?$/.test(value) ? value : undefined;
}

function tcp(host: string, port: string | undefined, defaultPort: number): BindAddress {
  const address = host === "*" || host === "0" ? (host === "0" ? "0.0.0.0" : "") : host;
  const number = port === undefined || port === "" ? defaultPort : Number(port);
  const isPort = Number.isInteger(number) && number >= 0 && number <= 65_535;
  return { address, port: isPort ? number : 0, isUnixSocket: false };
}
