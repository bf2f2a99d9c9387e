using System.Security.Cryptography;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>The service account of a pod, as client-go reads it.</summary>
[Trait("Kind", "Real")]
public sealed class ServiceAccountTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _variables = new()
    {
        ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1",
        ["KUBERNETES_SERVICE_PORT"] = "443",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-account");
    private FakeApiServer _api = null!;

    private ServiceAccount Account => new(_folder.FullName, name => _variables.GetValueOrDefault(name));

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync();
        Write("token", "first\n");
        Write("ca.crt", _api.AuthorityPem);
        Write("namespace", "ops\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Reads_the_server_its_authority_the_namespace_and_for_each_request_the_token()
    {
        Assert.True(Account.IsThere);
        ApiServerSettings settings = Account.Load("in-cluster");
        Assert.Equal(
            ("https://10.96.0.1/", "in-cluster", "ops"),
            ($"{settings.Server}", settings.Name, settings.Namespace)
        );
        Assert.Single(settings.Authorities);
        Assert.Equal("Bearer first", await TokenAsync(settings));
        Write("token", "second");
        Assert.Equal("Bearer second", await TokenAsync(settings));
    }

    [Fact]
    public void A_server_with_an_IPv6_address_and_no_namespace_is_read()
    {
        _variables["KUBERNETES_SERVICE_HOST"] = "fd00::1";
        _variables["KUBERNETES_SERVICE_PORT"] = "6443";
        File.Delete(Path.Combine(_folder.FullName, "namespace"));
        ApiServerSettings settings = Account.Load("in-cluster");
        Assert.Equal(("https://[fd00::1]:6443/", null), ($"{settings.Server}", settings.Namespace));
    }

    [Theory]
    [InlineData("KUBERNETES_SERVICE_HOST")]
    [InlineData("KUBERNETES_SERVICE_PORT")]
    [InlineData("token")]
    [InlineData("ca.crt")]
    public void Without_one_of_its_parts_there_is_no_account(string part)
    {
        if (!_variables.Remove(part))
            File.Delete(Path.Combine(_folder.FullName, part));
        Assert.False(Account.IsThere);
    }

    [Fact]
    public void A_CA_file_without_a_certificate_never_means_the_authorities_of_the_machine()
    {
        Write("ca.crt", "");
        Assert.Throws<CryptographicException>(() => Account.Load("in-cluster"));
    }

    private static async Task<string> TokenAsync(ApiServerSettings settings) =>
        $"{await settings.Token!.GetAuthenticationHeaderAsync(TestContext.Current.CancellationToken)}";

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);
}
