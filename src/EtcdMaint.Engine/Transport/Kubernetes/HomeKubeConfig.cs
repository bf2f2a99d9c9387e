using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The kubeconfig in the home folder of the user. Source: client-go, util/homedir. On Windows, several variables name a
/// home folder, and the first folder that contains a kubeconfig is used. A relative folder is ignored, because the
/// current folder may belong to another user.
/// </summary>
internal static class HomeKubeConfig
{
    /// <summary>Returns the path of the file, or null if there is none.</summary>
    public static string? Find() =>
        Find(
            OperatingSystem.IsWindows(),
            Environment.GetEnvironmentVariable,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            File.Exists
        );

    /// <param name="isWindows">Whether the rules of Windows apply.</param>
    /// <param name="variable">Returns the value of a variable.</param>
    /// <param name="profile">The home folder that the system reports, for a process without the variables.</param>
    /// <param name="exists">Whether a file exists.</param>
    internal static string? Find(
        bool isWindows,
        Func<string, string?> variable,
        string profile,
        Func<string, bool> exists
    )
    {
        string?[] homes = isWindows
            ? [variable("HOME"), OnHomeDrive(variable), variable("USERPROFILE")]
            : [variable("HOME")];
        return homes
            .Where(home => !string.IsNullOrEmpty(home))
            .DefaultIfEmpty(profile)
            .Where(home => PlatformPath.IsAbsolute(home!, isWindows))
            .Select(home => Within(Within(home!, ".kube", isWindows), "config", isWindows))
            .FirstOrDefault(exists);
    }

    private static string Within(string folder, string name, bool isWindows) =>
        PlatformPath.Combine(folder, name, isWindows);

    private static string? OnHomeDrive(Func<string, string?> variable) =>
        variable("HOMEDRIVE") is { Length: > 0 } drive && variable("HOMEPATH") is { Length: > 0 } path
            ? drive + path
            : null;
}
