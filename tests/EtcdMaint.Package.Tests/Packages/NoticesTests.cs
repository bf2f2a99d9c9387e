using System.Text.Json;

namespace EtcdMaint.Package.Tests.Packages;

/// <summary>The notices name every third-party assembly in lib, with its version and the text of its license.</summary>
public sealed class NoticesTests
{
    private static readonly string[] Lines = File.ReadAllLines(
        Path.Combine(Repository.Module, "THIRD-PARTY-NOTICES.txt")
    );

    /// <summary>
    /// Precedes the license texts: a package with its version and license, and the indented copyright.
    /// </summary>
    private static readonly string[] Table =
    [
        .. Lines.TakeWhile(line => !line.StartsWith("====", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Every_third_party_assembly_is_named_with_its_version()
    {
        IReadOnlyDictionary<string, string> versions = Restored();
        string[] owed =
        [
            .. Directory
                .GetFiles(Path.Combine(Repository.Module, "lib"), "*.dll")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Where(name => !name.StartsWith("EtcdMaint.", StringComparison.Ordinal))
                .Select(name => $"{name} {versions[name]}"),
        ];
        IEnumerable<string> named = Table.Skip(1).Where(line => line.Length > 0 && line[0] != ' ');

        Assert.NotEmpty(owed);
        Assert.Equal(owed.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_text_of_every_license_is_included()
    {
        string[] licences =
        [
            .. Table
                .Where(line =>
                    line.StartsWith("    ", StringComparison.Ordinal)
                    && line.Contains("License", StringComparison.Ordinal)
                )
                .Select(line => line.Trim())
                .Distinct(),
        ];

        Assert.NotEmpty(licences);
        Assert.All(licences, licence => Assert.Contains(licence, Lines.Skip(Table.Length)));
    }

    /// <summary>The restored versions, by the name of the assembly.</summary>
    private static IReadOnlyDictionary<string, string> Restored()
    {
        using JsonDocument assets = JsonDocument.Parse(Repository.Read("src/EtcdMaint.Engine/obj/project.assets.json"));
        return assets
            .RootElement.GetProperty("targets")
            .EnumerateObject()
            .First()
            .Value.EnumerateObject()
            .Where(package => package.Value.TryGetProperty("runtime", out _))
            .SelectMany(package =>
                package
                    .Value.GetProperty("runtime")
                    .EnumerateObject()
                    .Select(file =>
                        (Name: Path.GetFileNameWithoutExtension(file.Name), Version: package.Name.Split('/')[1])
                    )
            )
            .DistinctBy(file => file.Name)
            .ToDictionary(file => file.Name, file => file.Version);
    }
}
