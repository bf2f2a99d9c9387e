#!/bin/sh
# test.sh [FOLDER]: runs the tests that start no server as programs for Windows, under Wine: the cmdlets, the logic of
# the engine, and the Pester suite. FOLDER holds Wine and the logs; install.sh fills it if it is empty. Its default is
# wine in the folder for downloads. The exit code is the number of suites that failed.
#
# The Pester suite uses the cluster that the ETCDCTL_ variables name, as Invoke-Suite.ps1 describes.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$tools/../.." && pwd)
folder=${1:-${ETCDMAINT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/etcdmaint}/wine}
"$tools/install.sh" "$folder"
folder=$(cd "$folder" && pwd)
dotnet build "$repository" -v q

# An input that never ends: script(1) would end with its input.
rm -f "$folder/input"
mkfifo "$folder/input"
exec 3<> "$folder/input"

windows() { echo "Z:$1" | tr / '\\'; }
failed=0

# Writes the program for Windows that starts an assembly, as the build does on Windows: a copy of the host with the name
# of the assembly in it.
write_program() {
  NAME=$(basename "$1") perl -0777 -pe '
    $name = $ENV{NAME};
    s/c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2/$name . "\0" x (64 - length $name)/e
  ' "$folder/windows/apphost.exe" > "${1%.dll}.exe"
}

# run NAME PROGRAM [ARGUMENT...]: the last line of the log is the sum. The program gets a terminal, because a console of
# Windows needs one, but writes to the log.
run() {
  name=$1
  shift
  log=$folder/$name.log
  command=
  for word in "$tools/wine.sh" "$folder" "$@"; do
    command="$command '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"
  done
  script -qec "$command > '$log' 2>&1" /dev/null <&3 || failed=$((failed + 1))
  printf '%s: ' "$name"
  tr -d '\r' < "$log" | grep -v '^ *$' | tail -n 1
}

output=bin/Debug/net10.0
write_program "$repository/tests/EtcdMaint.ImportProbe/$output/EtcdMaint.ImportProbe.dll"
for project in EtcdMaint.PowerShell.Tests EtcdMaint.Engine.Tests; do
  # Wine cannot create the ECDSA keys of the tests of TLS and of the owners of certificates.
  assembly=$repository/tests/$project/$output/$project.dll
  write_program "$assembly"
  run "$project" "$(windows "${assembly%.dll}.exe")" -trait- Kind=Real -trait- Kind=Fault -noColor \
    -namespace- EtcdMaint.Engine.Tests.Transport.Tls -class- '*.CertificateOwnerTests'
done

PSModulePath=$(windows "$repository/tests/EtcdMaint.Package.Tests/$output/modules")
export PSModulePath POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off NO_COLOR=1
run Pester "$(windows "$folder/windows/pwsh/pwsh.exe")" -NoLogo -NoProfile -NonInteractive \
  -File "$(windows "$repository/tests/Pester/Invoke-Suite.ps1")" \
  -Module "$(windows "$repository/out/EtcdMaint/EtcdMaint.psd1")"
exit $failed
