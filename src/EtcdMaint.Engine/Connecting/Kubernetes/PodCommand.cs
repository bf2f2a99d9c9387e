using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Reads the command line of a container. Some manifests start etcd in a shell command, so the flags are part of a
/// longer string.
/// </summary>
internal static class PodCommand
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\\', ';'];

    public static IEnumerable<string> Words(V1Container container) => Words(RawWords(container));

    /// <summary>Returns the words as the first program of the container receives them.</summary>
    public static IEnumerable<string> RawWords(V1Container container) =>
        [.. (container.Command ?? []).OfType<string>(), .. (container.Args ?? []).OfType<string>()];

    public static IEnumerable<string> Words(IEnumerable<string> command) =>
        command.SelectMany(c =>
            c.Any(char.IsWhiteSpace) ? c.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Select(Unquoted) : [c]
        );

    /// <summary>
    /// Whether the first program of the container is etcd, instead of a shell or another program that may change
    /// settings.
    /// </summary>
    public static bool StartsEtcd(V1Container container) =>
        container.Command is [{ } first, ..] && FileName(first) == "etcd";

    /// <summary>
    /// Whether etcd runs in the container, according to its command or, without a command, to its image.
    /// </summary>
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
