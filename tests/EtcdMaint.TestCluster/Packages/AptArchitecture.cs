using System.Runtime.InteropServices;

namespace EtcdMaint.TestCluster;

/// <summary>Debian's name for the processor architecture of this machine.</summary>
internal static class AptArchitecture
{
    public static string Native =>
        RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.X86 => "i386",
            Architecture.Arm => "armhf",
            Architecture.Ppc64le => "ppc64el",
            var other => other.ToString().ToLowerInvariant(),
        };
}
