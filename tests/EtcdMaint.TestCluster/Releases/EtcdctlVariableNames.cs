namespace EtcdMaint.TestCluster;

/// <summary>The variables that an etcdctl knows: each flag that a command inherits has one.</summary>
public static class EtcdctlVariableNames
{
    private const string Prefix = "ETCDCTL_";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>From its help, for all commands and their subcommands.</summary>
    public static async Task<IReadOnlySet<string>> FromHelpAsync(
        EtcdBinaries binaries,
        CancellationToken cancellation = default
    )
    {
        string root = await RunAsync(binaries, ["--help"], cancellation);
        var names = Flags(root, "OPTIONS:").ToHashSet();
        string[][] commands =
        [
            .. root.Split('\n')
                .SkipWhile(l => l.Trim() != "COMMANDS:")
                .Skip(1)
                .TakeWhile(l => l.Trim() != "OPTIONS:")
                .Select(l => l.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Where(parts => parts.Length == 2)
                .Select(parts => parts[0].Split(' '))
                .Where(words => words[0] is not ("completion" or "help")),
        ];
        foreach (string[] command in commands)
            names.UnionWith(Flags(await RunAsync(binaries, [.. command, "--help"], cancellation), "GLOBAL OPTIONS:"));
        names.Remove(Prefix + "HELP");
        return names;
    }

    /// <summary>As it prints them itself, including those that its help hides, before it rejects the format.</summary>
    public static async Task<IReadOnlySet<string>> FromDebugAsync(
        EtcdBinaries binaries,
        CancellationToken cancellation = default
    ) =>
        (await RunAsync(binaries, ["endpoint", "status", "--debug", "--write-out=none"], cancellation))
            .Split('\n')
            .Where(l => l.StartsWith(Prefix, StringComparison.Ordinal) && l.Contains('=', StringComparison.Ordinal))
            .Select(l => l[..l.IndexOf('=', StringComparison.Ordinal)])
            .ToHashSet();

    private static async Task<string> RunAsync(
        EtcdBinaries binaries,
        IReadOnlyList<string> arguments,
        CancellationToken cancellation
    )
    {
        CommandResult result = await Command.RunAsync(binaries.Etcdctl, arguments, Limit, cancellation: cancellation);
        return $"{result.Output}\n{result.Errors}";
    }

    private static IEnumerable<string> Flags(string help, string heading) =>
        help.Split('\n')
            .SkipWhile(l => l.Trim() != heading)
            .Skip(1)
            .Where(l => l.Contains("--", StringComparison.Ordinal))
            .Select(l => l[(l.IndexOf("--", StringComparison.Ordinal) + 2)..])
            .Select(l => string.Concat(l.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
            .Select(flag => Prefix + flag.ToUpperInvariant().Replace('-', '_'));
}
