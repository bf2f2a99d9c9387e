namespace EtcdMaint.Engine.Clusters.Nodes;

/// <summary>Reads the flags on etcd's command line; one that is there twice counts as it stands last, as etcd has it.</summary>
internal static class EtcdFlags
{
    /// <summary>Values by flag, without dashes; empty for a flag that stands alone.</summary>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> words)
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
            int equals = flag.IndexOf('=', StringComparison.Ordinal);
            open = equals < 0 ? flag : null;
            flags[equals < 0 ? flag : flag[..equals]] = equals < 0 ? "" : flag[(equals + 1)..];
        }
        return flags;
    }
}
