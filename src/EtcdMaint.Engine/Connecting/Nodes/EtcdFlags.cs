namespace EtcdMaint.Engine.Connecting.Nodes;

/// <summary>
/// Reads the flags on the command line of etcd. If a flag occurs twice, the last one is used, as in etcd. A flag that
/// takes a value takes the next word, even if it begins with a dash.
/// </summary>
internal static class EtcdFlags
{
    private static readonly HashSet<string> Valued =
    [
        "quota-backend-bytes",
        "config-file",
        "name",
        "data-dir",
        "listen-client-urls",
        "advertise-client-urls",
        "listen-metrics-urls",
        "listen-client-http-urls",
        "cert-file",
        "key-file",
        "trusted-ca-file",
        "ca-file",
    ];

    /// <summary>Returns the values by flag, without dashes. The value is empty for a flag without a value.</summary>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> words)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        string? open = null;
        foreach (string word in words)
        {
            if (!word.StartsWith('-') || (open is not null && Valued.Contains(open)))
            {
                if (open is not null)
                    flags[open] = word;
                open = null;
                continue;
            }
            string flag = word.TrimStart('-');
            int equals = flag.IndexOf('=', StringComparison.Ordinal);
            open = equals < 0 ? flag : null;
            flags[equals < 0 ? flag : flag[..equals]] = equals < 0 ? "" : flag[(equals + 1)..];
        }
        return flags;
    }
}
