#!/bin/bash
#
# Security posture audit of this deployment.
# Detects agent (HUB_URL set), hub or standalone mode and reports PASS/WARN/FAIL with a fix.
# The work is done by plimsoll; this file keeps the name, the options and the exit codes.
#

set -e

SCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=bin/lib/security_check.sh
source "$SCRIPT_DIR/lib/security_check.sh"

cd "$PLIMSOLL_PROJECT_DIR"

_json=
_unknown=
_args=()
for arg in "$@"; do
    case $arg in
        --json) _json=1 ;;
        --all | --style=* | --offline | --strict) _args+=("$arg") ;;
        --help | -h)
            echo "Usage: bin/check_security.sh [OPTIONS]"
            echo ""
            echo "Audit the security posture of this deployment."
            echo "Auto-detects the mode: agent (HUB_URL set), hub (switched on in the env file), or standalone."
            echo ""
            echo "Options:"
            echo "  --json              Output as a JSON array"
            echo "  --style=reference   Text as the reference script prints it (default: --style=seed)"
            echo "  --all               Add the checks the seed does not have"
            echo "  --offline           Open no connection"
            echo "  --strict            What could not be verified counts as a failure or warning"
            echo "  --help, -h          Show this help"
            echo ""
            echo "Exit codes: 0 all pass, 1 warnings only, 2 failures."
            exit 0
            ;;
        *) _unknown="$_unknown $arg" ;;
    esac
done
[ -n "$_json" ] && _args+=(--json)

_code=0
run_security_audit ${_args[@]+"${_args[@]}"} || _code=$?
if [ -n "$_unknown" ] && [ -z "$_json" ]; then
    echo "check_security.sh: ignored:$_unknown" >&2
fi
exit "$_code"
