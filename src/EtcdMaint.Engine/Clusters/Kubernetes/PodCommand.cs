using k8s.Models;

namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>
/// Reads a container's command line. Some manifests wrap etcd in a shell's one-liner, so that flags stand inside a
/// longer string; a flag that is there twice counts as it stands last, as etcd has it.
/// </summary>
internal static class PodCommand
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\\', ';'];

    public static IEnumerable<string> Words(V1Container container) => Words([.. container.Command ?? [], .. container.Args ?? []]);

    public static IEnumerable<string> Words(IEnumerable<string> command) =>
        command.SelectMany(c => c.Any(char.IsWhiteSpace) ? c.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Select(Unquoted) : [c]);

    /// <summary>Values by flag, without dashes.</summary>
    public static IReadOnlyDictionary<string, string> Flags(IEnumerable<string> words)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        string? open = null;
        foreach (string word in words)
        {
            if (!word.StartsWith('-'))
            {
                if (open is not null)
                    flags[open] = word;
                open = null;
                continue;
            }
            string flag = word.TrimStart('-');
            int equals = flag.IndexOf('=');
            open = equals < 0 ? flag : null;
            flags[equals < 0 ? flag : flag[..equals]] = equals < 0 ? "" : flag[(equals + 1)..];
        }
        return flags;
    }

    /// <summary>Whether etcd itself runs in it, by its command, or for want of one by its image.</summary>
    public static bool RunsEtcd(V1Container container)
    {
        string[] words = [.. Words(container)];
        return words.Any(w => FileName(w) == "etcd")
            || ImageName(container.Image ?? "") == "etcd"
            || (container.Env ?? []).Any(e => e.Name is "ETCD_LISTEN_CLIENT_URLS" or "ETCD_ADVERTISE_CLIENT_URLS");
    }

    private static string Unquoted(string word) => word.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string ImageName(string image) => FileName(image.Split('@')[0]).Split(':')[0];
}
