#!/usr/bin/env bash
# Compares A and B, writes the report, and ends with the status of the comparison. Called by action.yml with its inputs
# in variables; runs as well by hand.
set -uo pipefail

options=()
[ -n "${RUN_A:-}" ] && options+=(--run-a "$RUN_A")
[ -n "${RUN_B:-}" ] && options+=(--run-b "$RUN_B")
[ -n "${FAIL_ON:-}" ] && [ "$FAIL_ON" != nothing ] && options+=(--fail-on "$FAIL_ON")
while IFS= read -r path; do
  [ -n "$path" ] && options+=(--ignore "$path")
done <<< "${IGNORE:-}"

"${COMMAND:-chaindebug}" diff --markdown "${options[@]}" -- "$A" "$B" > "$REPORT"
status=$?
if [ "$status" -gt 1 ]; then
  echo "::error::The runs could not be compared."
  exit "$status"
fi

cat "$REPORT"
cat "$REPORT" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
{
  echo "report=$REPORT"
  if [ "$status" -eq 0 ]; then echo "same=true"; else echo "same=false"; fi
} >> "${GITHUB_OUTPUT:-/dev/null}"
[ "${FAIL_ON:-}" = nothing ] && exit 0
exit "$status"
