#!/bin/sh
# install.sh FOLDER: puts Wine, a drive of Windows, and .NET and PowerShell for Windows into a folder. Nothing is
# installed on this machine.
#
# Wine comes from the signed packages of Debian 13 (trixie), with all libraries that it needs: Wine 8 of Debian 12 does
# not run .NET 10. They are downloaded from the archive that this machine's own apt uses for Debian, or from
# $ETCDMAINT_DEBIAN_ARCHIVE. .NET and PowerShell come from NuGet.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ "$(uname -m)" = x86_64 ] || { echo "Wine runs programs for x64 on x64 only." >&2; exit 1; }

archive=${ETCDMAINT_DEBIAN_ARCHIVE:-}
if [ -z "$archive" ]; then
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  archive=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$codename" '$1 == release && $2 == "main" { print $3; exit }')
fi
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ -z "$archive" ] || [ ! -e "$keyring" ]; then
  echo "Set ETCDMAINT_DEBIAN_ARCHIVE to the URL of an archive of Debian, and install debian-archive-keyring." >&2
  exit 1
fi

if [ ! -d "$folder/root" ]; then
  # An apt with a state of its own: the state of this machine's apt is neither read nor changed.
  apt=$folder/apt
  rm -rf "$apt" "$folder/root.part"
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$folder/root.part"
  : > "$apt/status"
  echo "deb [arch=amd64 signed-by=$keyring] $archive trixie main" > "$apt/sources.list"
  {
    apt-config dump | grep '^Acquire::' | grep -v '^Acquire::\(IndexTargets\|Languages\)' || true
    cat << CONF
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/status";
Dir::Cache "$apt";
Dir::Cache::Archives "$apt/archives";
Dir::Log "$apt";
Acquire::Languages "none";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Debug::NoLocking "true";
CONF
  } > "$apt/apt.conf"
  export APT_CONFIG="$apt/apt.conf"
  apt-get -q --error-on=any update
  apt-get -q --yes --download-only install wine64
  unset APT_CONFIG
  for package in "$apt"/archives/*.deb; do dpkg-deb --extract "$package" "$folder/root.part"; done
  # The package base-files would create these links.
  for link in bin lib lib64 sbin; do ln -sfn "usr/$link" "$folder/root.part/$link"; done
  # Wine finds this library of another package only beside its own.
  ln -s /usr/x86_64-w64-mingw32/lib/zlib1.dll "$folder/root.part/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/"
  mkdir -p "$folder/root.part/etc"
  rm -rf "$apt"
  mv "$folder/root.part" "$folder/root"
fi

if [ ! -d "$folder/windows" ]; then
  part=$folder/windows.part
  rm -rf "$part"
  mkdir -p "$part/packages" "$part/dotnet/shared"
  powershell=$(sed -n 's:.*<PowerShellVersion>\(.*\)</PowerShellVersion>.*:\1:p' "$tools/../../Directory.Packages.props")
  # The versions of .NET are those of the SDK. PowerShell for Windows needs the assemblies of the desktop, too.
  cat > "$part/packages/packages.csproj" << PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Microsoft.NETCore.App.Host.win-x64" Version="[\$(BundledNETCoreAppPackageVersion)]" />
    <PackageDownload Include="Microsoft.NETCore.App.Runtime.win-x64" Version="[\$(BundledNETCoreAppPackageVersion)]" />
    <PackageDownload Include="Microsoft.AspNetCore.App.Runtime.win-x64" Version="[\$(BundledNETCoreAppPackageVersion)]" />
    <PackageDownload Include="Microsoft.WindowsDesktop.App.Runtime.win-x64" Version="[\$(BundledNETCoreAppPackageVersion)]" />
    <PackageDownload Include="PowerShell" Version="[$powershell]" />
  </ItemGroup>
</Project>
PROJECT
  dotnet restore "$part/packages/packages.csproj" -v q
  property() { dotnet msbuild "$part/packages/packages.csproj" -getProperty:"$1"; }
  packages=$(property NuGetPackageRoot)
  version=$(property BundledNETCoreAppPackageVersion)
  for name in NETCore AspNetCore WindowsDesktop; do
    pack=$packages/microsoft.$(echo $name | tr '[:upper:]' '[:lower:]').app.runtime.win-x64/$version/runtimes/win-x64
    shared=$part/dotnet/shared/Microsoft.$name.App/$version
    mkdir -p "$shared"
    find "$pack" -type f -exec cp {} "$shared/" \;
  done
  mkdir -p "$part/dotnet/host/fxr/$version"
  mv "$part/dotnet/shared/Microsoft.NETCore.App/$version/hostfxr.dll" "$part/dotnet/host/fxr/$version/"
  cp "$packages/microsoft.netcore.app.host.win-x64/$version/runtimes/win-x64/native/apphost.exe" "$part/"
  cp -R "$packages/powershell/$powershell/tools/net10.0/any/win" "$part/pwsh"
  mv "$part" "$folder/windows"
fi

if [ ! -e "$folder/prefix/drive_c/windows/system32/zlib1.dll" ]; then
  rm -rf "$folder/prefix"
  # Without these two, Wine offers to download Mono and Gecko. Later .NET needs mscoree to load assemblies.
  # It ends with an error, because this Wine runs no programs for 32 bits.
  WINEDLLOVERRIDES='mscoree=;mshtml=' "$tools/wine.sh" "$folder" wineboot --init || true
  cp "$folder/root/usr/x86_64-w64-mingw32/lib/zlib1.dll" "$folder/prefix/drive_c/windows/system32/"
fi
