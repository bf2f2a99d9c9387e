namespace EtcdMaint.PowerShell.Tests.Loading;

/// <summary>Each test uses a separate process, because loaded assemblies stay loaded.</summary>
public class ImportTests
{
    private const string FirstUse = "(Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName one).ClusterName";

    private const string ListLoaded =
        "[AppDomain]::CurrentDomain.GetAssemblies().GetName().Name | Where-Object { $_ -match "
        + "'^(EtcdMaint|Grpc|Google|YamlDotNet|DnsClient)' }";

    private static readonly string Import = $"Import-Module '{BuiltModule.Manifest}'";

    [Fact]
    public async Task Import_loads_no_assembly_of_lib()
    {
        string[] loaded = await Probe.RunAsync($"{Import}; {ListLoaded}");
        Assert.Equal(["EtcdMaint.Abstractions", "EtcdMaint.ImportProbe", "EtcdMaint.PowerShell"], loaded.Order());
    }

    [Fact]
    public async Task The_types_are_available_directly_after_import() =>
        Assert.Equal(["EtcdMaint.EtcdMember"], await Probe.RunAsync($"{Import}; [EtcdMaint.EtcdMember].FullName"));

    [Fact]
    public async Task The_first_cmdlet_that_connects_loads_the_engine_into_a_separate_context()
    {
        string contexts =
            "[Runtime.Loader.AssemblyLoadContext]::All | Where-Object { $_.Assemblies.GetName().Name "
            + "-contains 'EtcdMaint.Engine' } | ForEach-Object Name";
        Assert.Equal(["one", "EtcdMaint"], await Probe.RunAsync($"{Import}; {FirstUse}; {contexts}"));
    }

    [Fact]
    public async Task Importing_twice_with_Force_works() =>
        Assert.Equal(
            ["one", "one"],
            await Probe.RunAsync($"{Import}; {FirstUse}; {Import} -Force; {Import} -Force; {FirstUse}")
        );

    [Fact]
    public async Task Runspaces_can_load_the_engine_concurrently()
    {
        string[] rows = await Probe.RunAsync($"{Import}; {FirstUse}", runspaces: 4);
        Assert.Equal(["one", "one", "one", "one"], rows);
    }

    [Fact]
    public async Task Works_with_an_older_YamlDotNet_already_loaded()
    {
        string older = Path.Combine(Path.GetDirectoryName(BuiltModule.ImportProbe)!, "YamlDotNet.dll");
        string[] rows = await Probe.RunAsync(
            $"[Reflection.Assembly]::LoadFrom('{older}').GetName().Version.Major; {Import}; {FirstUse}"
        );
        Assert.Equal(["15", "one"], rows);
    }
}
