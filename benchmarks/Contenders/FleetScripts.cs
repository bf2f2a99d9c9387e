using EtcdMaint.Simulation;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>What a user types to connect to a simulated fleet.</summary>
internal static class FleetScripts
{
    /// <summary>The commands that connect to all clusters, into <c>$fleet</c>.</summary>
    public static string ConnectScript(this SimulatedFleet fleet)
    {
        IEnumerable<string> rows = Enumerable
            .Range(0, fleet.Clusters)
            .Select(c =>
                $"[pscustomobject]@{{ClusterName='{SimulatedFleet.NameOf(c)}';"
                + $"Endpoint='{string.Join(',', fleet.Endpoints(c).Select(e => $"http://{e}"))}'}}"
            );
        return $"$fleet = @({string.Join(',', rows)} | Connect-EtcdCluster -NoVerify)";
    }

    /// <summary>
    /// Does what Import-Csv does for the file of a fleet. A hosted PowerShell engine has no Import-Csv.
    /// </summary>
    public static string ReadCsv(string file) =>
        $"[IO.File]::ReadLines({ModuleFiles.Quote(file)}) | ForEach-Object {{ $name, $endpoint = $_ -split ',', 2; "
        + "if ($name -ne 'ClusterName') "
        + "{ [pscustomobject]@{ ClusterName = $name; Endpoint = $endpoint.Trim([char]34) } } }";
}
