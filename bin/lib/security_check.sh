#!/usr/bin/env bash
#
# Security posture audit library. Source this file, do not execute it directly.
# Defines run_security_audit [--json] [OPTIONS]; returns 0 all pass, 1 warnings only, 2 failures.
# Works with bash 3.2.
#

[[ -n "${_LIB_SECURITY_CHECK_LOADED:-}" ]] && return 0
_LIB_SECURITY_CHECK_LOADED=1

_PLIMSOLL_LIB_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# The audited project: the parent of bin/, wherever the caller stands.
PLIMSOLL_PROJECT_DIR="${PLIMSOLL_PROJECT_DIR:-$(cd "$_PLIMSOLL_LIB_DIR/../.." && pwd)}"

# Prints the command that runs plimsoll, one word a line; nothing where none is found.
# PLIMSOLL (a path) wins; then the single executable, the checkout or package beside this file, the PATH.
_plimsoll_command() {
    local home candidate
    if [ -n "${PLIMSOLL:-}" ]; then
        printf '%s\n' "$PLIMSOLL"
        return 0
    fi
    home="$(cd "$_PLIMSOLL_LIB_DIR/../.." && pwd -P)"
    for candidate in "$home/bin/plimsoll" "$home/node_modules/.bin/plimsoll" "$home/dist/plimsoll"; do
        if [ -x "$candidate" ]; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    if candidate="$(command -v plimsoll 2>/dev/null)"; then
        printf '%s\n' "$candidate"
    fi
    return 0
}

# Says in the asked-for form that there is nothing to audit with. Fails closed.
_plimsoll_missing() {
    local message="plimsoll cannot run: $1"
    local fix="install Node >= 24 or put the plimsoll executable at $PLIMSOLL_PROJECT_DIR/bin/plimsoll"
    case " $2 " in
        *" --json "*)
            printf '[{"check":"plimsoll","status":"fail","message":"%s","fix":"%s"}]\n' \
                "$(_plimsoll_json "$message")" "$(_plimsoll_json "$fix")"
            ;;
        *)
            printf '\n   Security Audit\n\n[FAIL] %s — Fix: %s\n\n  0 passed, 0 warning(s), 1 failure(s)\n' "$message" "$fix"
            ;;
    esac
    return 2
}

_plimsoll_json() {
    local text="$1"
    text="${text//\\/\\\\}"
    text="${text//\"/\\\"}"
    printf '%s' "$text" | LC_ALL=C tr -d '\000-\037'
}

run_security_audit() {
    local command code=0 output
    command="$(_plimsoll_command)"
    if [ -z "$command" ]; then
        _plimsoll_missing "no plimsoll found" "$*"
        return 2
    fi
    # stderr is kept apart: in --json mode callers merge the streams and parse the result.
    output="$("$command" check-security "$PLIMSOLL_PROJECT_DIR" "$@" 2>/dev/null; printf '%s' "code:$?")"
    code="${output##*code:}"
    output="${output%code:*}"
    case "$code" in
        0 | 1 | 2)
            printf '%s' "$output"
            return "$code"
            ;;
        *)
            _plimsoll_missing "it ended with exit code $code" "$*"
            return 2
            ;;
    esac
}
