import type { Concern } from "../proxy-rules/concern.ts";
import { hstsPlaces } from "./hsts.ts";

/** A proxy that is there and speaks no TLS leaves nothing over which browsers would take HSTS; `undefined` otherwise. */
export function plainOnly({ nginx }: Concern): string | undefined {
  if (nginx.length === 0) return undefined;
  const isTls = nginx.some(({ model, servers }) =>
    hstsPlaces(model).some(({ server }) => servers.has(server)),
  );
  return isTls ? undefined : "No server of the proxy speaks TLS";
}
