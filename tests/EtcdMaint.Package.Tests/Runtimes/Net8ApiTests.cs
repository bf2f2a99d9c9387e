namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>
/// PowerShell 7.4 runs on .NET 8: the shipped assemblies use only what .NET 8 has, including the assemblies of other
/// authors, which the compiler does not check.
/// </summary>
public sealed class Net8ApiTests
{
    /// <summary>pwsh provides it.</summary>
    private const string PowerShell = "System.Management.Automation";

    private static string[] Shipped { get; } =
        Directory.GetFiles(Repository.Module, "*.dll", SearchOption.AllDirectories);

    public static TheoryData<string> Assemblies =>
        [.. Shipped.Select(file => Path.GetRelativePath(Repository.Module, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_shipped_assembly_uses_only_what_NET_8_has(string assembly)
    {
        using var surface = new ApiSurface(Shipped, Net8Program.Folder);
        Assert.Empty(surface.MissingFor(Path.Combine(Repository.Module, assembly), PowerShell));
    }

    [Fact]
    public void The_comparison_finds_what_NET_8_does_not_have()
    {
        using var surface = new ApiSurface(Shipped, Net8Program.Folder);
        IReadOnlyList<string> missing = surface.MissingFor(typeof(NewerApi).Assembly.Location);

        Assert.Contains("assembly System.Runtime 10.0.0.0", missing);
        Assert.Contains("type System.Threading.Lock of System.Runtime", missing);
        Assert.Contains(
            missing,
            line => line.StartsWith("member System.Threading.Tasks.Task.WhenEach ", StringComparison.Ordinal)
        );
        Assert.Contains(
            missing,
            line =>
                line.StartsWith("member System.Collections.Generic.Dictionary`2", StringComparison.Ordinal)
                && line.Contains(".get_Capacity ", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("type System.Threading.Tasks.Task of System.Runtime", missing);
    }

    /// <summary>A type, a member and a member of a generic type that are newer than .NET 8.</summary>
    private static class NewerApi
    {
        public static object[] Use() =>
            [typeof(Lock), Task.WhenEach(Task.CompletedTask), new Dictionary<string, string>().Capacity];
    }
}
