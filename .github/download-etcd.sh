#!/usr/bin/env bash
# download-etcd.sh VERSION [SHA256]: unpacks a release of etcd for Linux into $RUNNER_TEMP and prints its folder. Without
# a checksum, the archive is compared with the checksums that the release itself publishes.
set -euo pipefail

version=$1
sha256=${2:-}
name="etcd-$version-linux-amd64"
release="${ETCD_RELEASES:-https://github.com/etcd-io/etcd/releases/download}/$version"

cd "$RUNNER_TEMP"
curl -fsSLO "$release/$name.tar.gz"
if [ -n "$sha256" ]; then
    echo "$sha256  $name.tar.gz" > "$name.sha256"
else
    curl -fsSL "$release/SHA256SUMS" | grep " $name\.tar\.gz\$" > "$name.sha256"
fi
sha256sum --check --strict "$name.sha256" >&2
tar -xzf "$name.tar.gz"
echo "$RUNNER_TEMP/$name"
