namespace EtcdMaint.PowerShell.Tests.Parameters;

/// <summary>Names that users of etcdctl and kubectl type, and columns that no parameter reads.</summary>
public sealed class ColumnTests : IDisposable
{
    private const string Missing = "/no/such/file";

    private readonly Shell _shell = new();

    [Theory]
    [InlineData("CACert", "CACertificate")]
    [InlineData("Cert", "ClientCertificate")]
    [InlineData("Key", "ClientKey")]
    public void Short_names_of_certificates_bind_as_parameters_and_as_columns(string alias, string parameter)
    {
        Outcome typed = _shell.Run($"Connect-EtcdCluster -Endpoints https://127.0.0.1:1 -{alias} {Missing} -NoVerify");
        Outcome column = _shell.Run(
            $"[pscustomobject]@{{ Endpoints = 'https://127.0.0.1:1'; {alias} = '{Missing}' }} | "
                + "Connect-EtcdCluster -NoVerify"
        );
        foreach (Outcome outcome in (Outcome[])[typed, column])
        {
            Assert.Equal(["CertificateUnusable"], outcome.ErrorIds);
            Assert.Contains($"-{parameter}", outcome.ErrorText, StringComparison.Ordinal);
            Assert.Empty(outcome.Warnings);
        }
    }

    [Theory]
    [InlineData("-Endpoint")]
    [InlineData("-Endpoints")]
    [InlineData("-Endp")]
    public void Endpoints_can_be_abbreviated(string parameter) =>
        Assert.Empty(_shell.Run($"Connect-EtcdCluster {parameter} https://127.0.0.1:1 -NoVerify").ErrorText);

    [Theory]
    [InlineData("CACertif")]
    [InlineData("ClientC")]
    [InlineData("ClientKeyP")]
    [InlineData("KubeC")]
    [InlineData("Kubern")]
    [InlineData("EtcdctlP")]
    public void The_short_names_make_no_abbreviation_ambiguous(string prefix) =>
        Assert.DoesNotContain(
            "AmbiguousParameter",
            _shell.Run($"Connect-EtcdCluster https://127.0.0.1:1 -{prefix} x").ErrorIds
        );

    [Fact]
    public void One_warning_names_all_columns_that_have_no_effect()
    {
        Outcome outcome = _shell.Run(
            "'a', 'b' | ForEach-Object { [pscustomobject]@{ ClusterName = $_; Endpoint = 'http://127.0.0.1:1'; "
                + "CACertt = ''; Owner = 'x'; NoDiscovery = 'true' } } | Connect-EtcdCluster -NoVerify"
        );
        Assert.Equal(
            [
                "UnknownColumn: these columns of the input have no effect: CACertt (did you mean CACert?), "
                    + "NoDiscovery (only as a parameter on the command line), Owner.",
            ],
            outcome.Warnings
        );
        Assert.Equal(2, outcome.Output.Count);
    }

    [Fact]
    public void Known_columns_and_other_objects_give_no_warning()
    {
        Outcome known = _shell.Run(
            "[pscustomobject]@{ ClusterName = 'a'; Endpoint = 'http://127.0.0.1:1'; CACertificate = ''; "
                + "quotabytes = '' } "
                + "| Connect-EtcdCluster -NoVerify"
        );
        Outcome other = _shell.Run(
            "[System.IO.DirectoryInfo]::new('/') | Connect-EtcdCluster http://127.0.0.1:1 -NoVerify"
        );
        foreach (Outcome outcome in (Outcome[])[known, other])
        {
            Assert.Empty(outcome.ErrorText);
            Assert.Empty(outcome.Warnings);
        }
    }

    [Theory]
    [InlineData("Save-EtcdSnapshot -Path")]
    [InlineData("Invoke-EtcdMaintenance -Confirm:$false -SnapshotPath")]
    public void A_path_without_an_extension_that_does_not_exist_is_a_missing_folder(string call)
    {
        string path = Path.Combine(Path.GetTempPath(), $"backup{Guid.NewGuid():N}");
        var cluster = new Fixtures.FakeCluster();
        foreach (string given in (string[])[path, path + Path.DirectorySeparatorChar, path + "/.hidden"])
        {
            Outcome outcome = _shell.Run($"{call} '{given}' -Connection $c", ("c", cluster.Connection));
            Assert.Equal(["SnapshotFolderNotFound"], outcome.ErrorIds);
            Assert.Contains(
                "with an extension",
                Assert.Single(outcome.Errors).ErrorDetails.RecommendedAction,
                StringComparison.Ordinal
            );
        }
        Assert.Empty(cluster.Snapshots);
        Assert.Empty(cluster.Maintenances);
        Assert.Empty(_shell.Run($"{call} '{path}.db' -Connection $c", ("c", cluster.Connection)).ErrorText);
    }

    public void Dispose() => _shell.Dispose();
}
