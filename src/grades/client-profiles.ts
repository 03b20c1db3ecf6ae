import { BROWSERS } from "./client-browsers.ts";
import { LIBRARIES } from "./client-libraries.ts";
import type { ClientProfile } from "./client-profile.ts";

/**
 * Clients whose connections are foretold. Trust stores are left out: whether a name, a date or an issuer
 * is accepted is judged once for all of them.
 */
export const CLIENT_PROFILES: readonly ClientProfile[] = [...BROWSERS, ...LIBRARIES];
