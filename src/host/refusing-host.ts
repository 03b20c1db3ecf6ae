import type { Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";

/** A host that answers nothing: for judging facts that were gathered elsewhere. */
export function createRefusingHost(why: string): Host {
  const refuse = async (): Promise<never> => {
    throw new HostError("not-recorded", why);
  };
  return new Proxy({} as Host, { get: () => refuse }); // Every member is a function that rejects.
}
