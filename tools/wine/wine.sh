#!/bin/sh
# wine.sh FOLDER PROGRAM [ARGUMENT...]: runs a program for Windows with the Wine that install.sh put into FOLDER.
#
# That Wine needs the C library of its own release of Debian, so it runs in a root folder of its own, in a mount
# namespace that ends with it. All folders that do not belong to the system have the same paths there, so the files of
# this machine are on drive Z:, and servers on loopback can be reached.
set -eu
folder=$(cd "$1" && pwd)
shift

windows() { echo "Z:$1" | tr / '\\'; }
export WINEPREFIX="$folder/prefix"
export WINESERVER=/usr/lib/wine/wineserver64
export WINEDEBUG="${WINEDEBUG:--all}"
DOTNET_ROOT=$(windows "$folder/windows/dotnet")
export DOTNET_ROOT DOTNET_NOLOGO=1

cp /etc/passwd /etc/group /etc/hosts /etc/nsswitch.conf /etc/resolv.conf "$folder/root/etc/"
users=
[ "$(id -u)" -eq 0 ] || users=--map-root-user
# shellcheck disable=SC2016,SC2086
exec unshare --mount $users sh -euc '
  root=$1
  shift
  for entry in /*; do
    case $entry in /bin | /boot | /etc | /lib* | /lost+found | /sbin | /usr | /var) continue ;; esac
    if [ -d "$entry" ] && [ ! -L "$entry" ]; then
      mkdir -p "$root$entry"
      mount --rbind "$entry" "$root$entry"
    fi
  done
  exec chroot "$root" /usr/lib/wine/wine64 "$@"
' sh "$folder/root" "$@"
