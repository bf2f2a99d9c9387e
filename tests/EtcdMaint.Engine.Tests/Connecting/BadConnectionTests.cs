using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting;

/// <summary>Each kind of connection mistake has its own error.</summary>
[Trait("Kind", "Real")]
public sealed class BadConnectionTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Reports_a_distinct_error_for_each_kind_of_wrong_certificate(string release)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        EndpointConnectRequest right = RealCluster.RequestFor(etcd);
        ClusterCertificates certificates = etcd.Certificates!;

        await ExpectAsync(
            "EndpointNeedsTls",
            right with
            {
                Endpoint = [etcd.ClientUrls[0].Replace("https", "http", StringComparison.Ordinal)],
                Tls = new TlsRequest(),
            }
        );
        await ExpectAsync(
            "ServerCertificateUntrusted",
            right with
            {
                Tls = right.Tls with { CACertificate = CertificateSource.FromFile(certificates.ForeignCa()) },
            }
        );
        await ExpectAsync("ServerCertificateUntrusted", right with { Tls = right.Tls with { CACertificate = null } });
        await ExpectAsync(
            "ClientCertificateRequired",
            right with
            {
                Tls = right.Tls with { ClientCertificate = null, ClientKey = null },
            }
        );
        await ExpectAsync("ClientCertificateExpired", With(right, certificates.ExpiredClient()));
        await ExpectAsync("ClientCertificateRejected", With(right, certificates.ForeignClient()));
        await ExpectAsync("ClientKeyMismatch", With(right, certificates.MismatchedKey()));
        await ExpectAsync("ClientKeyEncrypted", With(right, certificates.EncryptedKey("secret")));
        await ExpectAsync("ClientKeyUnusable", WithPassword(With(right, certificates.EncryptedKey("secret")), "wrong"));
        await ExpectAsync("ClientKeyMissing", right with { Tls = right.Tls with { ClientKey = null } });
        await ExpectAsync("ClientCertificateMissing", right with { Tls = right.Tls with { ClientCertificate = null } });
        await ExpectAsync(
            "CertificateFileUnreadable",
            right with
            {
                Tls = right.Tls with { CACertificate = CertificateSource.FromFile("/no/such/file") },
            }
        );
        await ExpectAsync(
            "CertificateUnusable",
            right with
            {
                Tls = right.Tls with { CACertificate = CertificateSource.FromPem("nonsense") },
            }
        );

        await (
            await RealCluster.ConnectAsync(WithPassword(With(right, certificates.EncryptedKey("secret")), "secret"))
        ).Cluster.DisposeAsync();
        CertificateFiles client = certificates.Client;
        await (
            await RealCluster.ConnectAsync(
                right with
                {
                    Tls = right.Tls with
                    {
                        ClientCertificate = CertificateSource.FromPem(client.CertificatePem),
                        ClientKey = CertificateSource.FromPem(client.KeyPem),
                    },
                }
            )
        ).Cluster.DisposeAsync();
    }

    /// <summary>
    /// With TLS 1.2, the server refuses the client within the handshake. Older systems and macOS have no TLS 1.3.
    /// </summary>
    [Fact]
    public async Task Reports_the_same_errors_over_TLS_1_2()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Tls = TlsMode.Mutual,
                Binaries = await Releases.OrSkipAsync("3.5.30"),
                ExtraArguments = ["--tls-max-version", "TLS1.2"],
            },
            Cancellation
        );
        EndpointConnectRequest right = RealCluster.RequestFor(etcd);
        ClusterCertificates certificates = etcd.Certificates!;
        EndpointConnectRequest plain = right with
        {
            Endpoint = [etcd.ClientUrls[0].Replace("https", "http", StringComparison.Ordinal)],
        };
        await ExpectAsync("EndpointNeedsTls", plain);
        await ExpectAsync("EndpointNeedsTls", plain with { Tls = new TlsRequest() });
        await ExpectAsync("ServerCertificateUntrusted", right with { Tls = right.Tls with { CACertificate = null } });
        await ExpectAsync(
            "ClientCertificateRequired",
            right with
            {
                Tls = right.Tls with { ClientCertificate = null, ClientKey = null },
            }
        );
        await ExpectAsync("ClientCertificateExpired", With(right, certificates.ExpiredClient()));
        await ExpectAsync("ClientCertificateRejected", With(right, certificates.ForeignClient()));
        etcd.PresentServerCertificate(certificates.ServerForName("etcd.example"));
        await ExpectAsync("ServerNameMismatch", right);
        await (
            await RealCluster.ConnectAsync(right with { Tls = right.Tls with { ServerName = "etcd.example" } })
        ).Cluster.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Reports_distinct_errors_for_an_expired_server_certificate_and_a_wrong_name(string release)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.ServerOnly, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        EndpointConnectRequest right = RealCluster.RequestFor(etcd);
        etcd.PresentServerCertificate(etcd.Certificates!.ExpiredServer());
        await ExpectAsync("ServerCertificateExpired", right);
        etcd.PresentServerCertificate(etcd.Certificates.ServerForName("etcd.example"));
        await ExpectAsync("ServerNameMismatch", right);
        await (
            await RealCluster.ConnectAsync(right with { Tls = right.Tls with { ServerName = "etcd.example" } })
        ).Cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_intermediate_certificate_is_sufficient_as_authority_without_relaxing_other_checks(bool isSent)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            Cancellation
        );
        EndpointConnectRequest right = RealCluster.RequestFor(etcd);
        ClusterCertificates certificates = etcd.Certificates!;
        (string intermediate, CertificateFiles server) = certificates.ServerOfIntermediate(isSent);
        EndpointConnectRequest byIntermediate = right with
        {
            Tls = right.Tls with { CACertificate = CertificateSource.FromFile(intermediate) },
        };
        etcd.PresentServerCertificate(server);
        EtcdConnection connection = await RealCluster.ConnectAsync(byIntermediate);
        await using (IEtcdCluster cluster = connection.Cluster)
            Assert.Single(await cluster.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation));

        await ExpectAsync(
            "ServerNameMismatch",
            byIntermediate with
            {
                Tls = byIntermediate.Tls with { ServerName = "etcd.example" },
            }
        );
        etcd.PresentServerCertificate(null);
        await ExpectAsync("ServerCertificateUntrusted", byIntermediate);
        etcd.PresentServerCertificate(certificates.ExpiredServer());
        await ExpectAsync("ServerCertificateExpired", byIntermediate);
    }

    [Fact]
    public async Task Reports_distinct_errors_for_servers_that_are_missing_or_are_not_etcd()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        EndpointConnectRequest right = RealCluster.RequestFor(etcd);
        await ExpectAsync(
            "EndpointNotTls",
            right with
            {
                Endpoint = [etcd.ClientUrls[0].Replace("http", "https", StringComparison.Ordinal)],
            }
        );
        await ExpectAsync("MalformedEndpoint", right with { Endpoint = ["http://a/b"] });
        await ExpectAsync("NoEndpointGiven", right with { Endpoint = [" , "] });
        await ExpectAsync("HostNotFound", right with { Endpoint = ["no-such-host.invalid:2379"] });

        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string silentUrl = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        await ExpectAsync(
            "EndpointTimeout",
            right with
            {
                Endpoint = [silentUrl],
                CallTimeout = TimeSpan.FromSeconds(1),
            }
        );
        silent.Stop();
        await ExpectAsync("EndpointRefused", right with { Endpoint = [silentUrl] });

        using var web = new HttpListener();
        int port = LoopbackPort();
        web.Prefixes.Add($"http://127.0.0.1:{port}/");
        web.Start();
        Task answering = AnswerAsync(web);
        await ExpectAsync("NotEtcd", right with { Endpoint = [$"http://127.0.0.1:{port}"] });
        await ExpectAsync("EndpointNotTls", right with { Endpoint = [$"https://127.0.0.1:{port}"] });
        web.Stop();
        await answering;
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Reports_distinct_errors_for_wrong_logins_and_missing_permissions(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Auth = true, Binaries = await Releases.OrSkipAsync(release) }
        );
        EndpointConnectRequest right = RealCluster.RequestFor(real.Etcd);
        await ExpectAsync("LoginFailed", right with { Password = RealCluster.Secret("wrong-secret") });
        await ExpectAsync("LoginFailed", right with { UserName = "nobody" });

        EtcdConnection limited = await RealCluster.ConnectAsync(
            right with
            {
                UserName = ClusterUsers.Limited.Name,
                Password = RealCluster.Secret(ClusterUsers.Limited.Password),
            }
        );
        await using IEtcdCluster cluster = limited.Cluster;
        var recorder = new RunRecorder();
        await cluster.DefragmentAsync(
            new DefragRequest
            {
                Targets = await real.TargetsAsync(),
                CallTimeout = RealCluster.Timeout,
                NoClusterLock = true,
                MinimumFreeBytes = 0,
                Override = RealCluster.UnseenDisk,
            },
            recorder,
            Cancellation
        );
        output.WriteLine(recorder.Story);
        Assert.Equal("PermissionDenied", Assert.Single(recorder.Errors).ErrorId);
        Assert.DoesNotContain(EtcdLogs.Defragmentations(real.Etcd), d => d.End is DefragmentationEnd.Finished);
    }

    [Theory]
    [InlineData("3.5.30")]
    public async Task A_user_without_permission_gets_a_permission_error_and_not_an_unhealthy_cluster(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Auth = true,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        EtcdConnection limited = await RealCluster.ConnectAsync(
            RealCluster.RequestFor(real.Etcd) with
            {
                UserName = ClusterUsers.Limited.Name,
                Password = RealCluster.Secret(ClusterUsers.Limited.Password),
            }
        );
        await using IEtcdCluster cluster = limited.Cluster;
        EtcdException move = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            cluster.MoveLeaderAsync(null, RealCluster.Timeout, new RunRecorder(), Cancellation)
        );
        Assert.Equal("PermissionDenied", move.ErrorId);
        Assert.Contains($"the etcd user is '{ClusterUsers.Limited.Name}'", move.Message);
    }

    private static EndpointConnectRequest With(EndpointConnectRequest request, CertificateFiles files) =>
        request with
        {
            Tls = request.Tls with
            {
                ClientCertificate = CertificateSource.FromFile(files.Certificate),
                ClientKey = CertificateSource.FromFile(files.Key),
            },
        };

    private static EndpointConnectRequest WithPassword(EndpointConnectRequest request, string password) =>
        request with
        {
            Tls = request.Tls with { ClientKeyPassword = RealCluster.Secret(password) },
        };

    private async Task ExpectAsync(string errorId, EndpointConnectRequest request)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request));
        output.WriteLine($"{error.ErrorId}: {error.Message} {error.RecommendedAction}");
        Assert.Equal(errorId, error.ErrorId);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", error.ToString(), StringComparison.Ordinal);
    }

    private static int LoopbackPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(HttpListener web)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await web.GetContextAsync();
                context.Response.StatusCode = 404;
                context.Response.Close();
            }
        }
        catch (Exception over) when (over is HttpListenerException or InvalidOperationException)
        {
            // The test has ended: while it waited, between two waits (then "call Start() first") or afterwards.
        }
    }
}
