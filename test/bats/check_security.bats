#!/usr/bin/env bats
# The contract of the drop-in (compat.md section 7): the seven tests of the reference, and what its users rely on.

setup() {
    ROOT="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    PROJECT="$BATS_TEST_TMPDIR/project"
    mkdir -p "$PROJECT"
    cp -r "$ROOT/bin" "$PROJECT/bin"
    rm -f "$PROJECT/bin/plimsoll" "$PROJECT/bin/node"
    export PLIMSOLL="$ROOT/bin/plimsoll"
    BIN_DIR="$PROJECT/bin"
    LIB_DIR="$PROJECT/bin/lib"
    unset HUB_URL CLUSTER_ENABLED API_KEY_AUTH_ENABLED
}

good_env() {
    printf '%s\n' \
        'DJANGO_SECRET_KEY=bats-fixture-Zq8Lw2Rk5Tn9Vb3Xc7Md1Pf6Hj4Gs0Yu_Ea-Io8Bt5Wx2Kz' \
        'DJANGO_DEBUG=0' 'DJANGO_ENV=production' 'DJANGO_ALLOWED_HOSTS=monitor.example.test' >"$PROJECT/.env"
    chmod 600 "$PROJECT/.env"
}

@test "1: bash -n accepts the script" {
    run bash -n "$BIN_DIR/check_security.sh"
    [ "$status" -eq 0 ]
}

@test "2: --help shows usage, wherever it stands, and audits nothing" {
    run "$BIN_DIR/check_security.sh" --json --help
    [ "$status" -eq 0 ]
    for word in Usage --json agent hub check_security.sh; do [[ "$output" == *"$word"* ]]; done
    [[ "$output" != *"["*"PASS"* ]]
    run "$BIN_DIR/check_security.sh" -h
    [ "$status" -eq 0 ]
}

@test "3: runs on an empty project, exit at most 2, prints Security Audit" {
    run "$BIN_DIR/check_security.sh"
    [ "$status" -eq 2 ]
    [[ "$output" == *"Security Audit"* ]]
}

@test "4: standalone without HUB_URL and CLUSTER_ENABLED" {
    run "$BIN_DIR/check_security.sh"
    [[ "$output" == *"Detected mode: standalone"* ]]
}

@test "5: --json starts with a bracket, streams merged" {
    run "$BIN_DIR/check_security.sh" --json
    [ "$status" -le 2 ]
    [[ "$output" == "["* ]]
}

@test "6: --json holds compact check objects on one line" {
    run "$BIN_DIR/check_security.sh" --json
    [[ "$output" == *'"check":'* ]]
    [[ "$output" == *'"status":'* ]]
    [ "${#lines[@]}" -eq 1 ]
}

@test "7: bash -n accepts the library, which does not name the switch of generation 1" {
    run bash -n "$LIB_DIR/security_check.sh"
    [ "$status" -eq 0 ]
    ! grep -q CLUSTER_ENABLED "$LIB_DIR/security_check.sh"
}

@test "a good deployment passes with exit 0, a world-readable env file warns with exit 1" {
    good_env
    run "$BIN_DIR/check_security.sh"
    [ "$status" -eq 0 ]
    [[ "$output" == *"[PASS] "* ]]
    [[ "$output" == *" 0 warning(s), 0 failure(s)"* ]]
    chmod 644 "$PROJECT/.env"
    run "$BIN_DIR/check_security.sh"
    [ "$status" -eq 1 ]
    [[ "$output" == *"[WARN] "*" — Fix: "* ]]
}

@test "the caller's directory does not matter, nor a link to the script" {
    good_env
    cd /
    run "$BIN_DIR/check_security.sh" --json
    [ "$status" -eq 0 ]
    [[ "$output" == *'"check":"secret_key","status":"pass"'* ]]
}

@test "unknown arguments are ignored: one line on stderr after the report, none in json mode" {
    good_env
    "$BIN_DIR/check_security.sh" --wat >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" -eq 1 ]
    grep -q -- --wat "$BATS_TEST_TMPDIR/err"
    "$BIN_DIR/check_security.sh" --wat --json >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    [ ! -s "$BATS_TEST_TMPDIR/err" ]
}

@test "a hub that refuses gives a full report, not an empty one (the reference exits 7 here)" {
    good_env
    printf '%s\n' 'HUB_URL=https://127.0.0.1:1' 'WEBHOOK_SECRET_CLUSTER=bats-fixture-7f3d9a1c5e8b2d4f6a0c9e7b' >>"$PROJECT/.env"
    run "$BIN_DIR/check_security.sh" --json
    [ "$status" -eq 1 ]
    [[ "$output" == *'"check":"hub_reachable","status":"warn"'* ]]
    [[ "$output" == *'"check":"hub_cert","status":"warn","message":"Not verified:'* ]]
    [[ "$output" == *"]" ]]
}

@test "no colour escapes in a pipe; --style=reference drops the brackets" {
    good_env
    run "$BIN_DIR/check_security.sh" --style=reference
    [[ "$output" != *$'\e'* ]]
    [[ "$output" == *"  PASS "* ]]
}

@test "nothing to run it with: a readable line and exit 2, in json mode an array" {
    export PLIMSOLL=
    run env PATH=/usr/bin:/bin "$BIN_DIR/check_security.sh"
    [ "$status" -eq 2 ]
    [[ "$output" == *"Security Audit"* ]]
    [[ "$output" == *"[FAIL] plimsoll cannot run"* ]]
    run env PATH=/usr/bin:/bin "$BIN_DIR/check_security.sh" --json
    [ "$status" -eq 2 ]
    [[ "$output" == '[{"check":"plimsoll","status":"fail","message":"'* ]]
    printf '#!/bin/sh\nexit 69\n' >"$BATS_TEST_TMPDIR/broken"
    chmod +x "$BATS_TEST_TMPDIR/broken"
    PLIMSOLL="$BATS_TEST_TMPDIR/broken" run "$BIN_DIR/check_security.sh" --json
    [ "$status" -eq 2 ]
    [[ "$output" == "["* ]]
}

@test "sourced under set -e, the library answers by return code and leaves the caller alive" {
    good_env
    run bash -c "set -e; source '$LIB_DIR/security_check.sh'; run_security_audit --json >/dev/null || code=\$?; echo alive \${code:-0}"
    [ "$output" = "alive 0" ]
}

@test "audits without writing: a read-only project is audited the same" {
    good_env
    before="$(cd "$PROJECT" && find . -printf '%p %m %T@\n' | sort)"
    run "$BIN_DIR/check_security.sh"
    [ "$before" = "$(cd "$PROJECT" && find . -printf '%p %m %T@\n' | sort)" ]
}

@test "no secret and no userinfo in any output" {
    good_env
    printf '%s\n' 'HUB_URL=https://svc:canary-hunter2@127.0.0.1:1' 'WEBHOOK_SECRET_CLUSTER=canary-7f3d9a1c5e8b2d4f6a0c9e7b' >>"$PROJECT/.env"
    for arguments in "" --json --style=reference "--all --json"; do
        run "$BIN_DIR/check_security.sh" $arguments
        [[ "$output" != *canary* ]]
        [[ "$output" != *Zq8Lw2Rk5* ]]
    done
}
