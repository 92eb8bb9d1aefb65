#!/usr/bin/env bash
# What the action runs: one scan, every report a reviewer or a later step wants, and the status of the scan as its own.
# Its inputs are the INTERDICT_* variables, GATE_BINARY and GATE_REPORTS.
set -eu
binary="${GATE_BINARY:-interdict}"
reports="${GATE_REPORTS:-interdict-reports}"
mkdir -p "$reports"

status=0
"$binary" scan --progress never -o github -o "json=$reports/interdict.json" -o "sarif=$reports/interdict.sarif" \
  -o "html=$reports/interdict.html" -o "markdown=$reports/interdict.md" || status=$?

if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "status=$status"
    for report in json:json sarif:sarif html:html markdown:md; do
      file="$reports/interdict.${report#*:}"
      if [ -f "$file" ]; then echo "${report%%:*}=$file"; fi
    done
  } >> "$GITHUB_OUTPUT"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$reports/interdict.md" ]; then
  cat "$reports/interdict.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$status"
