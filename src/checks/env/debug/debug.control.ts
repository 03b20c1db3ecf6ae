import type { Control } from "../../../core/check.ts";

export const envDebug: Control = {
  id: "env.debug",
  title: "Debug mode is off outside development",
  severity: "critical",
  seed: ["S1.18"],
  risk: "Error pages show source, settings and environment, and some debuggers run what the visitor types.",
  rule:
    "Outside development (nothing declared counts as production) the debug switch is off by its effective value: the settings as the " +
    "code reads them, flags of the start command, or the framework's default where the application object was seen. A shell script that starts the " +
    "application is followed, never run, to what it exports by the branch its command chooses; ENV of the image counts behind what is declared. Express without NODE_ENV warns where what starts it is seen, as its error page " +
    "shows stacks then; where nothing is seen to start it the default counts. On fails, also by " +
    "a default in source; unset without a resolvable default and ambiguous text warn. In development debug may be on, unless the node " +
    "shows signs of production.",
  fix:
    "Django: DJANGO_DEBUG=0 in the layer that wins. Flask: FLASK_DEBUG=0 and app.run() without debug=True. FastAPI and Starlette: no " +
    "debug=True, no uvicorn --reload. Express: NODE_ENV=production. Then restart the service.",
  references: [
    "https://cwe.mitre.org/data/definitions/489.html",
    "https://cwe.mitre.org/data/definitions/215.html",
    "https://github.com/OWASP/ASVS/tree/v5.0.0",
    "https://docs.djangoproject.com/en/5.2/ref/checks/#security",
    "https://expressjs.com/en/advanced/best-practice-performance.html#set-node_env-to-production",
  ],
  compat: { group: "common", order: 2, check: "debug_mode", level: "fail" },
};
