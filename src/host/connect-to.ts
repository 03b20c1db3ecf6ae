/** One `--connect-to` rule; an empty part matches any, or keeps what was asked for. */
export interface ConnectToRule {
  readonly fromHost: string;
  readonly fromPort: string;
  readonly toHost: string;
  readonly toPort: string;
}

const RULE = /^(\[[^\]]*\]|[^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/;

/** Reads `HOST1:PORT1:HOST2:PORT2` (curl(1), `--connect-to`); IPv6 in brackets. `undefined` when malformed. */
export function parseConnectTo(text: string): ConnectToRule | undefined {
  const [, fromHost, fromPort, toHost, toPort] = RULE.exec(text) ?? [];
  if (fromHost === undefined || fromPort === undefined) return undefined;
  if (toHost === undefined || toPort === undefined) return undefined;
  if (Number(fromPort) > 65_535 || Number(toPort) > 65_535) return undefined;
  return {
    fromHost: withoutBrackets(fromHost).toLowerCase(),
    fromPort,
    toHost: withoutBrackets(toHost),
    toPort,
  };
}

/** Where a connection to `host:port` really goes: the first rule that matches decides. */
export function applyConnectTo(
  rules: readonly ConnectToRule[],
  host: string,
  port: number,
): { readonly host: string; readonly port: number } {
  const plain = withoutBrackets(host);
  const rule = rules.find(
    ({ fromHost, fromPort }) =>
      (fromHost === "" || fromHost === plain.toLowerCase()) &&
      (fromPort === "" || Number(fromPort) === port),
  );
  if (rule === undefined) return { host: plain, port };
  return { host: rule.toHost || plain, port: rule.toPort === "" ? port : Number(rule.toPort) };
}

/** `[::1]` as `::1`; anything else as it is. */
export function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
