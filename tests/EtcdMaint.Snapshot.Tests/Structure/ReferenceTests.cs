namespace EtcdMaint.Snapshot.Tests.Structure;

public sealed class ReferenceTests
{
    [Fact]
    public void The_library_needs_nothing_but_dotnet() =>
        Assert.All(
            typeof(SnapshotFile).Assembly.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System.", reference.Name + ".", StringComparison.Ordinal)
        );

    [Fact]
    public void The_public_types_are_few()
    {
        string[] expected =
        [
            nameof(SnapshotAlarm),
            nameof(SnapshotConfState),
            nameof(SnapshotContent),
            nameof(SnapshotFile),
            nameof(SnapshotFileError),
            nameof(SnapshotFileException),
            nameof(SnapshotFinding),
            nameof(SnapshotFindingKind),
            nameof(SnapshotMember),
            nameof(SnapshotRevision),
            nameof(SnapshotRevisionVisitor),
            nameof(SnapshotScan),
            nameof(SnapshotScanOptions),
        ];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            typeof(SnapshotFile).Assembly.GetExportedTypes().Select(type => type.Name).Order(StringComparer.Ordinal)
        );
    }
}
