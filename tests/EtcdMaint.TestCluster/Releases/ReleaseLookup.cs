using System.Diagnostics.CodeAnalysis;

namespace EtcdMaint.TestCluster;

/// <summary>The binaries of a release, or the reason why there are none, which a skipped test reports.</summary>
public sealed record ReleaseLookup(string Release, EtcdBinaries? Binaries, string Reason)
{
    [MemberNotNullWhen(true, nameof(Binaries))]
    public bool IsAvailable => Binaries is not null;

    /// <exception cref="InvalidOperationException">There are no binaries.</exception>
    public EtcdBinaries BinariesOrThrow() => Binaries ?? throw new InvalidOperationException(Reason);

    internal static ReleaseLookup Found(string release, EtcdBinaries binaries) => new(release, binaries, "");

    internal static ReleaseLookup Missing(string release, string reason) =>
        new(release, null, $"etcd {release} is not available: {reason}");
}
