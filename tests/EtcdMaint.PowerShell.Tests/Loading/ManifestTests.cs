using System.Management.Automation;

namespace EtcdMaint.PowerShell.Tests.Loading;

public class ManifestTests
{
    private static readonly string[] Cmdlets =
    [
        "Clear-EtcdAlarm",
        "Connect-EtcdCluster",
        "Disconnect-EtcdCluster",
        "Export-EtcdMaintenanceReport",
        "Export-EtcdMetric",
        "Get-EtcdAlarm",
        "Get-EtcdConnection",
        "Get-EtcdForecast",
        "Get-EtcdMember",
        "Get-EtcdMemberStatus",
        "Get-EtcdSpaceUsage",
        "Invoke-EtcdCompaction",
        "Invoke-EtcdDefrag",
        "Invoke-EtcdMaintenance",
        "Move-EtcdLeader",
        "New-EtcdMaintenancePlan",
        "Save-EtcdSnapshot",
        "Test-EtcdHealth",
        "Test-EtcdSnapshot",
        "Test-EtcdUpgrade",
    ];

    [Fact]
    public void The_manifest_is_valid_and_has_the_version_of_the_build()
    {
        using var shell = new Shell();
        Outcome outcome = shell.Run("Test-ModuleManifest $path", ("path", BuiltModule.Manifest));
        Assert.Empty(outcome.ErrorText);
        var module = Assert.IsType<PSModuleInfo>(Assert.Single(outcome.Output));
        Assert.Equal(BuiltModule.Version, module.Version.ToString());
        Assert.Equal(new Version(7, 4), module.PowerShellVersion);
    }

    [Fact]
    public void Exactly_the_cmdlets_are_exported()
    {
        using var shell = new Shell();
        Outcome outcome = shell.Run("Get-Command -Module EtcdMaint | ForEach-Object Name");
        Assert.Equal(Cmdlets, outcome.Output.Cast<string>().Order());
    }

    [Fact]
    public void The_module_contains_only_its_own_assemblies()
    {
        string[] root =
        [
            .. Directory.GetFiles(BuiltModule.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal)!,
        ];
        Assert.Equal(
            [
                "EtcdMaint.Abstractions.dll",
                "EtcdMaint.Format.ps1xml",
                "EtcdMaint.PowerShell.dll",
                "EtcdMaint.Types.ps1xml",
                "EtcdMaint.psd1",
                "LICENSE",
                "THIRD-PARTY-NOTICES.txt",
            ],
            root
        );
        string[] all = Directory.GetFiles(BuiltModule.Root, "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(
            all,
            file => Path.GetFileName(file) is "System.Management.Automation.dll" or "System.Text.Json.dll"
        );
        Assert.All(
            Directory.GetFiles(Path.Combine(BuiltModule.Root, "lib")),
            file => Assert.Equal(".dll", Path.GetExtension(file))
        );
    }
}
