using EtcdMaint.Quickstart;
using EtcdMaint.Quickstart.Shell;
using EtcdMaint.TestCluster;

// Shows the main task on a temporary cluster: the cluster refuses writes, and then accepts them again.
const long Quota = 64_000_000;

bool isPreparing = args.Contains("--prepare");
bool keep = isPreparing || args.Contains("--keep");
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

Console.WriteLine("Getting etcd ...");
EtcdBinaries binaries = await EtcdReleases.DefaultAsync();
Console.WriteLine($"Starting three members of {binaries} with mutual TLS ...");
await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
    new ClusterOptions
    {
        Members = 3,
        Tls = TlsMode.Mutual,
        QuotaBytes = Quota,
        Binaries = binaries,
    },
    stop.Token
);

Console.WriteLine("Overwriting keys until the quota is used up and the cluster refuses writes ...");
await cluster.Loader.LoadAsync(liveBytes: 4_000_000, deadBytes: 20_000_000, cancellation: stop.Token);
await cluster.Loader.FillUntilNoSpaceAsync(cancellation: stop.Token);

if (isPreparing)
    return Leave();

using var shell = new PowerShellSession(stop.Token);
shell.Type("Import-Module EtcdMaint", ModuleLocation.ImportScript);
shell.Type(
    "Connect-EtcdCluster -Endpoint $endpoints -CACertificate ca.crt -ClientCertificate client.crt "
        + "-ClientKey client.key -ClusterName quickstart",
    ConnectCommand.For(cluster)
);
shell.Type("Get-EtcdMember");
shell.Type("Get-EtcdMemberStatus");
shell.Type("Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag -OutVariable defrag | Clear-EtcdAlarm");
shell.Type("$defrag");
shell.Type("Get-EtcdMemberStatus");

await cluster.KeyValues.PutAsync("quickstart", "writable again", cancellation: stop.Token);
Console.WriteLine(
    $"A write went through: quickstart = {await cluster.KeyValues.GetAsync("quickstart", cancellation: stop.Token)}"
);

return keep ? Leave() : 0;

int Leave()
{
    cluster.Keep();
    Console.WriteLine(ConnectCommand.Explain(cluster));
    return 0;
}
