#!/bin/sh
# Makes docs/images/terminal.png and docs/images/report.png from a run on a real cluster.
#
# Needs the .NET SDK, PowerShell (pwsh, or another path in $PWSH), and these packages of Debian or Ubuntu:
#   apt-get install chromium aha
set -eu
cd "$(dirname "$0")/../.."
images=$PWD/docs/images
work=$(mktemp -d)
trap 'sh "$work/remove" > /dev/null 2>&1 || true; rm -rf "$work"' EXIT
mkdir -p "$images"

dotnet build -v q
dotnet run --project samples/Quickstart --no-build -- --prepare > "$work/cluster.txt"
sed -n 's/^ *sh //p' "$work/cluster.txt" | sed "s/.*/sh '&'/" > "$work/remove"
sed -n 's/^ *\(Import-Module\|Connect-EtcdCluster\) /\1 /p' "$work/cluster.txt" > "$work/connect.ps1"
cp tools/screenshots/session.ps1 "$work/session.ps1"

# A terminal of 112 columns; script(1) gives the program a real one.
script -qec "stty cols 112 rows 60; cd '$work'; '${PWSH:-pwsh}' -NoProfile -NoLogo -File session.ps1" /dev/null > "$work/terminal.ansi"
aha --black --no-header < "$work/terminal.ansi" > "$work/terminal.body"
{
  echo '<meta charset="utf-8"><style>body{background:#000;color:#ddd;margin:18px;font:15px/1.25 monospace}'
  echo 'pre{margin:0;font:inherit;white-space:pre}</style><pre>'
  cat "$work/terminal.body"
  echo '</pre>'
} > "$work/terminal.html"

# Chromium trusts no sandbox in a container, and root is often the only user there.
shoot() {
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
    --window-size="$3" --screenshot="$2" "file://$1" > /dev/null 2>&1
}
shoot "$work/terminal.html" "$images/terminal.png" 1060,620
shoot "$work/report.html" "$images/report.png" 1000,900
