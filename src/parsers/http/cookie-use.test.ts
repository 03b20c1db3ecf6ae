import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieUse } from "./cookie-use.ts";

const CASES: readonly [name: string, use: string | undefined][] = [
  ["sessionid", "session"],
  ["SESSIONID", "session"],
  ["session", "session"],
  ["agentos_session", "session"],
  ["__Host-sid", "session"],
  ["__Secure-next-auth.session-token", "session"],
  ["connect.sid", "session"],
  ["PHPSESSID", "session"],
  ["JSESSIONID", "session"],
  ["_myapp_session", "session"],
  [".AspNetCore.Identity.Application", "session"],
  ["wordpress_logged_in_0123", "session"],
  ["access_token", "session"],
  ["auth", "session"],
  ["token", "session"],
  ["login", "session"],
  ["csrftoken", "csrf"],
  ["XSRF-TOKEN", "csrf"],
  ["_csrf", "csrf"],
  ["session_csrf", "csrf"],
  ["fastapi-csrf-token", "csrf"],
  [".AspNetCore.Antiforgery.abc", "csrf"],
  ["theme", undefined],
  ["", undefined],
  ["assessment", undefined],
  ["assessment_session", "session"],
  ["inside", undefined],
  ["author", undefined],
  ["heroku-session-affinity", undefined],
  ["session_timeout", undefined],
  ["oauth_state", undefined],
  ["login_hint", undefined],
  ["last_login", undefined],
  ["lastLogin", undefined],
  ["elastic_session", "session"],
  ["ElasticSession", "session"],
  ["blastsession", "session"],
  ["plastic.sid", "session"],
  ["APPSESSIONID", "session"],
  ["userLogin", "session"],
  ["loggedIn", "session"],
  ["logged_in", "session"],
  ["accessToken", "session"],
  ["authtoken", "session"],
  ["id_token", "session"],
  ["device_token", undefined],
  ["push-token", undefined],
  ["businessessentials", undefined],
  ["possession", undefined],
  ["obsessions", undefined],
  ["reassessment", undefined],
  ["bloginfo", undefined],
  ["loginfo", undefined],
  ["statement_session", "session"],
  ["expired_sessions_hint", undefined],
  ["sessionAffinity", undefined],
  ["sessionTimeout", undefined],
  ["sessiontimeout", undefined],
  ["session_expiry", undefined],
  ["sessionstate", undefined],
  ["estate_session", "session"],
  ["login_attempts", undefined],
  ["oauth_nonce", undefined],
];

for (const [name, use] of CASES) {
  test(`cookie ${name}: ${use ?? "neither"}`, () => assert.equal(cookieUse(name)?.use, use));
}

test("the reason names the framework or the word", () => {
  assert.equal(cookieUse("sessionid")?.because, "the default name of Django");
  assert.equal(cookieUse("agentos_session")?.because, 'its name holds "session"');
  assert.equal(cookieUse("app.sid")?.because, 'its name holds "sid"');
});
