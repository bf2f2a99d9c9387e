using EtcdMaint.TestCluster;

namespace EtcdMaint.Quickstart;

/// <summary>The command that connects to the cluster, for this process and for other shells.</summary>
internal static class ConnectCommand
{
    public static string For(TestEtcdCluster cluster) =>
        $"Connect-EtcdCluster -Endpoint '{string.Join("','", cluster.ClientUrls)}' -CACertificate "
        + $"'{cluster.Certificates!.Ca}' "
        + $"-ClientCertificate '{cluster.Certificates.Client.Certificate}' -ClientKey "
        + $"'{cluster.Certificates.Client.Key}' -ClusterName quickstart";

    public static string Explain(TestEtcdCluster cluster) =>
        $"""

            The cluster stays up. From pwsh:
              {ModuleLocation.ImportScript}
              {For(cluster)}
            With etcdctl:
              {cluster.Binaries.Etcdctl} --endpoints {string.Join(',', cluster.ClientUrls)} \
                --cacert {cluster.Certificates!.Ca} --cert {cluster.Certificates.Client.Certificate} \
                --key {cluster.Certificates.Client.Key} endpoint status -w table
            To remove it:
              sh {cluster.RemoveScriptPath}
            """;
}
