using System.IO.Compression;
using System.Management.Automation;
using System.Xml.Linq;
using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Packages;

public sealed class PackageTests(Packages packages) : IClassFixture<Packages>
{
    private const int LongestPath = 139;

    private const long LargestZip = 100_000_000;

    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd";

    [Fact]
    public void The_gallery_package_contains_the_module_and_its_description()
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Gallery);
        string[] parts =
        [
            "EtcdMaint.nuspec",
            "[Content_Types].xml",
            "_rels/.rels",
            "package/services/metadata/core-properties/nuget.psmdcp",
        ];

        Assert.Equal(
            Packages.ModuleFiles.Concat(parts).Order(StringComparer.Ordinal),
            package.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_nuspec_matches_the_manifest()
    {
        using var hosted = new HostedModule();
        var module = (PSModuleInfo)hosted.Run("Get-Module EtcdMaint").Single().BaseObject;
        using ZipArchive package = ZipFile.OpenRead(packages.Gallery);
        using Stream stream = package.GetEntry("EtcdMaint.nuspec")!.Open();
        XElement metadata = XElement.Load(stream).Element(Nuspec + "metadata")!;

        Assert.Equal("EtcdMaint", metadata.Element(Nuspec + "id")!.Value);
        Assert.Equal(module.Version.ToString(), metadata.Element(Nuspec + "version")!.Value);
        Assert.Equal(module.Description, metadata.Element(Nuspec + "description")!.Value);
        Assert.Equal(module.ReleaseNotes, metadata.Element(Nuspec + "releaseNotes")!.Value);
        Assert.Equal(["PSModule", .. module.Tags.Distinct()], metadata.Element(Nuspec + "tags")!.Value.Split(' '));
        Assert.EndsWith($"EtcdMaint.{module.Version}.nupkg", packages.Gallery, StringComparison.Ordinal);
    }

    [Fact]
    public void The_automation_zip_contains_one_folder_within_the_limits()
    {
        using ZipArchive zip = ZipFile.OpenRead(packages.Automation);

        Assert.Equal(
            Packages.ModuleFiles.Select(f => $"EtcdMaint/{f}").Order(StringComparer.Ordinal),
            zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal)
        );
        Assert.All(zip.Entries, entry => Assert.InRange(entry.FullName.Length, 1, LongestPath));
        Assert.InRange(new FileInfo(packages.Automation).Length, 1, LargestZip);
    }

    [Fact]
    public async Task The_same_module_gives_the_same_bytes()
    {
        using var again = new TemporaryFolder();
        string said = await Packages.PackAsync(again.Path);

        Assert.Contains("longest path", said, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(again.Path))
            Assert.Equal(await ReadAsync(file), await ReadAsync(Path.Combine(packages.Folder, Path.GetFileName(file))));
    }

    [Fact]
    public async Task The_gallery_package_installs_and_imports_in_a_new_pwsh()
    {
        await Pwsh.SkipUnlessHasModuleAsync("Microsoft.PowerShell.PSResourceGet", new Version(1, 0));
        using var home = new TemporaryFolder();
        string modules = home.Folder("modules");
        var variables = new Dictionary<string, string>
        {
            ["HOME"] = home.Path,
            ["XDG_DATA_HOME"] = home.Folder("data"),
            ["XDG_CACHE_HOME"] = home.Folder("cache"),
            ["ETCDCTL_ENDPOINTS"] = "",
        };

        (
            await Pwsh.RunAsync(
                $$"""
                $ErrorActionPreference = 'Stop'
                $name = 'EtcdMaintTest' + [guid]::NewGuid().ToString('n')
                Register-PSResourceRepository -Name $name -Uri '{{packages.Folder}}' -Trusted
                try { Save-PSResource -Name EtcdMaint -Repository $name -Path '{{modules}}' }
                finally { Unregister-PSResourceRepository -Name $name }
                """,
                variables
            )
        ).MustHaveSucceeded();
        ShellResult used = await Pwsh.RunAsync(
            $$"""
            $ErrorActionPreference = 'Stop'
            $env:PSModulePath = '{{modules}}' + [IO.Path]::PathSeparator + $env:PSModulePath
            (Get-Command Get-EtcdMember).Module.ModuleBase
            [EtcdMaint.EtcdMember].FullName
            (Get-Help Get-EtcdMember).Synopsis
            try { Clear-EtcdAlarm } catch { $_.FullyQualifiedErrorId }
            """,
            variables
        );

        used.MustHaveSucceeded();
        string[] lines = used.Output.Split(
            '\n',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        Assert.StartsWith(modules, lines[0], StringComparison.Ordinal);
        Assert.Equal("EtcdMaint.EtcdMember", lines[1]);
        Assert.StartsWith("Lists the members", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("NoConnectionChosen,", lines[^1], StringComparison.Ordinal);
    }

    private static Task<byte[]> ReadAsync(string file) =>
        File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
}
