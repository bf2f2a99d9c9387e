using System.Security.Cryptography.X509Certificates;
using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>Certificates in every form, and clusters that were not specified by a parameter.</summary>
[Trait("Kind", "Real")]
[Collection<ProcessEnvironment>]
public sealed class WaysToConnectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificates_are_accepted_as_paths_text_objects_and_PFX()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            Cancellation
        );
        using var shell = new Shell();
        ClusterCertificates certificates = cluster.Certificates!;
        using X509Certificate2 client = X509Certificate2.CreateFromPemFile(
            certificates.Client.Certificate,
            certificates.Client.Key
        );
        using X509Certificate2 ca = X509CertificateLoader.LoadCertificateFromFile(certificates.Ca);
        string endpoint = cluster.ClientUrls[0];

        Outcome text = shell.Run(
            "Connect-EtcdCluster $e -CACertificate $ca -ClientCertificate $c -ClientKey $k",
            ("e", endpoint),
            ("ca", File.ReadAllText(certificates.Ca)),
            ("c", certificates.Client.CertificatePem),
            ("k", certificates.Client.KeyPem)
        );
        Assert.Empty(text.ErrorText);
        Outcome objects = shell.Run(
            "Connect-EtcdCluster $e -CACertificate $ca -ClientCertificate $c",
            ("e", endpoint),
            ("ca", ca),
            ("c", client)
        );
        Assert.Empty(objects.ErrorText);
        Outcome pfx = shell.Run(
            "Connect-EtcdCluster $e -CACertificate $ca -ClientCertificate $c -ClientKeyPassword $p",
            ("e", endpoint),
            ("ca", certificates.Ca),
            ("c", certificates.ClientPfx("secret")),
            ("p", new System.Net.NetworkCredential("", "secret").SecurePassword)
        );
        Assert.Empty(pfx.ErrorText);
        Assert.Single(shell.Run("Get-EtcdMember").Output);
    }

    [Fact]
    public async Task The_variables_of_etcdctl_also_select_a_cluster_for_changes()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, Auth = true },
            Cancellation
        );
        using var shell = new Shell();
        shell.Run(
            string.Join(
                ';',
                cluster.ConnectionEnvironment.Select(variable => $"$env:{variable.Key} = '{variable.Value}'")
            )
        );
        try
        {
            Outcome run = shell.Run("Get-EtcdMember -Verbose | Invoke-EtcdDefrag; Get-EtcdMemberStatus");
            Assert.Empty(run.ErrorText);
            Assert.IsType<EtcdDefragResult>(run.Output[0]);
            Assert.Contains(run.Verbose, line => line.Contains("ETCDCTL_", StringComparison.Ordinal));
            Assert.Single(shell.Run("Get-EtcdConnection").Output);
        }
        finally
        {
            shell.Run(string.Join(';', cluster.ConnectionEnvironment.Keys.Select(name => $"$env:{name} = $null")));
        }
    }

    [Fact]
    public async Task A_CSV_file_of_clusters_gives_a_row_for_each_and_one_error_for_the_unreachable_one()
    {
        await using TestEtcdCluster one = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await using TestEtcdCluster other = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        using var shell = new Shell();
        string csv =
            $"ClusterName,Endpoint\none,{one.ClientUrls[0]}\ndead,http://127.0.0.1:1\nother,{other.ClientUrls[0]}";

        Outcome rows = shell.Run(
            "$lines = $csv -split \"`n\"; $records = foreach ($line in $lines[1..3]) { $n, $e = $line "
                + "-split ','; [pscustomobject]@{ ClusterName = $n; Endpoint = $e } }; $records | "
                + "Connect-EtcdCluster | Get-EtcdMemberStatus",
            ("csv", csv)
        );
        Assert.Equal(
            ["one", "other"],
            rows.Output.Cast<EtcdMemberStatus>().Select(row => row.ClusterName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["EndpointRefused"], rows.ErrorIds);
        Assert.Equal(["NoConnection"], shell.Run("Get-EtcdMember").ErrorIds);
    }
}
