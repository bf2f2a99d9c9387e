using System.Runtime.InteropServices;
using EtcdMaint;
using EtcdMaint.Net8Probe;

// The engine of the built module on .NET 8, the runtime of PowerShell 7.4 and of Azure Automation. It is loaded as the
// cmdlets load it, without PowerShell.
// Usage: EtcdMaint.Net8Probe MODULE endpoints ENDPOINTS CA CERTIFICATE KEY SNAPSHOT
//        EtcdMaint.Net8Probe MODULE exec KUBECONFIG
//        EtcdMaint.Net8Probe MODULE port-forward KUBECONFIG CA CERTIFICATE KEY
Console.WriteLine($"runtime {RuntimeInformation.FrameworkDescription}");
ConnectRequest request = args[1] switch
{
    "endpoints" => new EndpointConnectRequest
    {
        Endpoint = [args[2]],
        Tls = Certificates(args[3..6]),
        CallTimeout = MainJob.CallTimeout,
    },
    "exec" => new KubernetesConnectRequest
    {
        KubeConfig = args[2],
        Access = EtcdPodAccess.Exec,
        CallTimeout = MainJob.CallTimeout,
    },
    "port-forward" => new KubernetesConnectRequest
    {
        KubeConfig = args[2],
        Access = EtcdPodAccess.PortForward,
        Tls = Certificates(args[3..6]),
        CallTimeout = MainJob.CallTimeout,
    },
    _ => throw new ArgumentException($"There is no access '{args[1]}'."),
};

try
{
    EtcdConnection connection = await ModuleAssemblies
        .LoadEngine()
        .ConnectAsync(request, new LineObserver(), CancellationToken.None);
    Console.WriteLine($"connected {connection.Access}");
    await using var job = new MainJob(connection);
    await job.ShowStatusAsync();
    await job.CompactAsync();
    await job.DefragmentAsync();
    await job.ClearAlarmsAsync();
    if (request is EndpointConnectRequest)
        await job.SaveSnapshotAsync(args[6]);
    await job.CheckHealthAsync();
}
catch (EtcdException error)
{
    Console.WriteLine($"error {error.ErrorId}: {error.Message}");
}

foreach (string name in ModuleAssemblies.Misplaced)
    Console.WriteLine($"error: {name} is in the default load context.");

static TlsRequest Certificates(string[] files) =>
    new()
    {
        CACertificate = CertificateSource.FromFile(files[0]),
        ClientCertificate = CertificateSource.FromFile(files[1]),
        ClientKey = CertificateSource.FromFile(files[2]),
    };
