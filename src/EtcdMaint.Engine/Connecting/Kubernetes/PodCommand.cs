using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Reads a container's command line. Some manifests wrap etcd in a shell's one-liner, so that flags stand inside a
/// longer string.
/// </summary>
internal static class PodCommand
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\\', ';'];

    public static IEnumerable<string> Words(V1Container container) => Words(RawWords(container));

    /// <summary>As the container's first program gets them.</summary>
    public static IEnumerable<string> RawWords(V1Container container) =>
        [.. (container.Command ?? []).OfType<string>(), .. (container.Args ?? []).OfType<string>()];

    public static IEnumerable<string> Words(IEnumerable<string> command) =>
        command.SelectMany(c =>
            c.Any(char.IsWhiteSpace) ? c.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Select(Unquoted) : [c]
        );

    /// <summary>
    /// Whether the container's first program is etcd, and not a shell or another program that may set more.
    /// </summary>
    public static bool StartsEtcd(V1Container container) =>
        container.Command is [{ } first, ..] && FileName(first) == "etcd";

    /// <summary>Whether etcd itself runs in it, by its command, or for want of one by its image.</summary>
    public static bool RunsEtcd(V1Container container)
    {
        string[] words = [.. Words(container)];
        return words.Any(w => FileName(w) == "etcd")
            || ImageName(container.Image ?? "") == "etcd"
            || (container.Env ?? []).Any(e => e?.Name is "ETCD_LISTEN_CLIENT_URLS" or "ETCD_ADVERTISE_CLIENT_URLS");
    }

    private static string Unquoted(string word) =>
        word.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string ImageName(string image) => FileName(image.Split('@')[0]).Split(':')[0];
}
