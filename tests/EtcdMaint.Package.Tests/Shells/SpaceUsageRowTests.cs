namespace EtcdMaint.Package.Tests.Shells;

/// <summary>The rows of Get-EtcdSpaceUsage with the general cmdlets of PowerShell, which only a whole pwsh has.</summary>
public sealed class SpaceUsageRowTests
{
    /// <summary>Three rows. A script can set their properties only by reflection.</summary>
    private const string Rows = """
        function New-Row($resource, $namespace, $writes) {
            $row = [EtcdMaint.EtcdSpaceUsage]::new()
            $values = @{
                ClusterName = 'prod'; ClusterId = 'c1'; Prefix = "/registry/$resource/$namespace/"; Resource = $resource
                Namespace = $namespace; KeyCount = [long]250000; Bytes = [long]430000000; Share = 0.43
                WritesPerSecond = [double]$writes; Command = "kubectl get $resource -n $namespace"
            }
            foreach ($name in $values.Keys) { [EtcdMaint.EtcdSpaceUsage].GetProperty($name).SetValue($row, $values[$name]) }
            $row
        }
        $u = (New-Row pods default 50), (New-Row pods kube-system 3), (New-Row secrets default 0)
        $PSStyle.OutputRendering = 'PlainText'

        """;

    /// <summary>Each script with what it returns.</summary>
    private static readonly (string Script, string Expected)[] Uses =
    [
        (
            "($u | Group-Object Namespace | Sort-Object Name | ForEach-Object { \"$($_.Name):$($_.Count)\" }) "
                + "-join ' '",
            "default:2 kube-system:1"
        ),
        ("($u | Measure-Object Bytes -Sum).Sum", "1290000000"),
        ("($u | Measure-Object Size -Sum).Sum", "1290000000"),
        ("\"$($u | Sort-Object Writes/s | Select-Object -First 1)\"", "secrets in default"),
        ("@($u | Select-Object -First 2).Count", "2"),
        ("($u | Select-Object Resource, Keys, Writes/s)[0].'Writes/s'", "50"),
        (
            "$u[0] | Export-Csv $env:ETCDMAINT_CSV; (Import-Csv $env:ETCDMAINT_CSV).Command",
            "kubectl get pods -n default"
        ),
        (
            "($u | ConvertTo-Csv)[0] -replace '\"'",
            "ClusterName,ClusterId,Prefix,Resource,Namespace,KeyCount,Bytes,BytesAreExact,BytesErrorRatio,AverageBytes,"
                + "LargestKey,LargestBytes,Share,WritesPerSecond,BytesWrittenPerSecond,Revisions,DeadBytes,Command,"
                + "SnapshotPath"
        ),
        ("($u[0] | ConvertTo-Json | ConvertFrom-Json).AverageBytes", "1720"),
    ];

    [Fact]
    public async Task Rows_can_be_grouped_summed_sorted_and_exported()
    {
        string output = await RunAsync(string.Join('\n', Uses.Select(use => use.Script)));
        Assert.Equal(Uses.Select(use => use.Expected), output.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Format_Table_shows_the_same_columns_in_each_width()
    {
        const string Next = "NEXT";
        string shown = await RunAsync(
            $"$u | Format-Table | Out-String -Width 80; '{Next}'; $u | Format-Table | Out-String -Width 120"
        );
        string[] tables = shown.Split(Next);
        Assert.Equal(2, tables.Length);
        Assert.All(
            tables,
            table =>
            {
                Assert.Matches("(?m)^Resource +Namespace +Keys +Size +Share +Writes/s", table);
                Assert.Matches(@"(?m)^pods +default +250,000 ~430 MB █░░░  43% +50", table);
            }
        );
    }

    private static async Task<string> RunAsync(string script)
    {
        using var folder = new TemporaryFolder();
        ShellResult result = await Pwsh.RunAsync(
            $"Import-Module '{Path.Combine(Repository.Module, "EtcdMaint.psd1")}'\n{Rows}{script}",
            new Dictionary<string, string> { ["ETCDMAINT_CSV"] = Path.Combine(folder.Path, "space.csv") }
        );
        result.MustHaveSucceeded();
        Assert.Empty(result.Error);
        return result.Output;
    }
}
