namespace EtcdMaint.TestCluster;

/// <summary>
/// The content of a separate sources.list: an archive that this machine already trusts, with a selected release.
/// </summary>
internal sealed record AptRepository(string Uri, IReadOnlyList<string> Suites, string Components, string Keyring)
{
    private static readonly string[] DebianAliases = ["stable", "testing", "unstable", "sid"];

    /// <summary>Another release of Debian, from the archive that serves the machine's own.</summary>
    public static AptRepository ForDebian(IReadOnlyList<AptSource> machine, string suite)
    {
        string[] own = [OperatingSystemRelease.Current.Codename, .. DebianAliases];
        var source =
            own.Select(name =>
                    machine.FirstOrDefault(source => source.Suites.Contains(name) && source.Components.Contains("main"))
                )
                .FirstOrDefault(source => source is not null)
            ?? throw new InvalidOperationException("the apt sources of this machine name no Debian archive");
        return new(source.Uri, [suite], "main", source.SignedBy ?? "/usr/share/keyrings/debian-archive-keyring.gpg");
    }

    /// <summary>The machine's own release of Ubuntu with its updates; etcd is in its universe component.</summary>
    public static AptRepository ForUbuntu(IReadOnlyList<AptSource> machine, string suite)
    {
        var source =
            machine.FirstOrDefault(source => source.Suites.Contains(suite) && source.Components.Contains("main"))
            ?? throw new InvalidOperationException(
                $"the apt sources of this machine name no archive of Ubuntu {suite}"
            );
        return new(
            source.Uri,
            [suite, $"{suite}-updates"],
            "main universe",
            source.SignedBy ?? "/usr/share/keyrings/ubuntu-archive-keyring.gpg"
        );
    }

    /// <summary>The machine's own release, Debian or Ubuntu.</summary>
    public static AptRepository OfThisMachine()
    {
        var system = OperatingSystemRelease.Current;
        var machine = AptSource.OfThisMachine();
        return system.IsUbuntu ? ForUbuntu(machine, system.Codename)
            : system.IsDebian ? ForDebian(machine, system.Codename)
            : throw new InvalidOperationException("this is neither Debian nor Ubuntu");
    }

    public string ToSourcesList(string architecture) =>
        string.Concat(
            Suites.Select(suite => $"deb [arch={architecture} signed-by={Keyring}] {Uri} {suite} {Components}\n")
        );
}
