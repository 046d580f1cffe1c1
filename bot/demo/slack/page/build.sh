#!/bin/sh
# Rebuilds dist/ and THIRD_PARTY_NOTICES.md from the locked packages; only needed after a change in src/ or package.json.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
node build.mjs
node notices.mjs ../../../../THIRD_PARTY_NOTICES.md
