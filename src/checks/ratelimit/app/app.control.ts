import type { Control } from "../../../core/check.ts";

export const ratelimitApp: Control = {
  id: "ratelimit.app",
  title: "Application limits requests",
  severity: "medium",
  seed: ["S2.92", "S2.93", "S2.94", "S2.95"],
  risk: "Passwords are guessed and expensive routes called as fast as the network carries it.",
  rule:
    "A limiter of the application (slowapi, Flask-Limiter, Django REST framework) has default limits of at most ten times 1000 an hour and 100 a " +
    "minute. A limiter without default limits, wider limits, one that is switched off, one that counts in memory while several " +
    "workers run, and none found warn.",
  fix: 'Write Limiter(key_func=get_remote_address, default_limits=["1000 per hour", "100 per minute"]).',
  references: [
    "https://cwe.mitre.org/data/definitions/770.html",
    "https://cwe.mitre.org/data/definitions/307.html",
    "https://slowapi.readthedocs.io/en/latest/",
  ],
};
