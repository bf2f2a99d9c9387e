using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>The receiver of alerts in a real pwsh, with requests as Alertmanager sends them.</summary>
public sealed class AlertReceiverTests : IDisposable
{
    private const string Token = "the-token";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly FleetFolder _fleet = new();

    private readonly HttpClient _client = new() { Timeout = Limit };

    private readonly Uri _url = new($"http://127.0.0.1:{FreePort()}/");

    [Fact]
    public async Task Only_a_firing_alert_of_a_cluster_in_the_list_makes_a_plan_and_only_once()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        _fleet.Mount(cluster.Certificates!);
        _fleet.WriteList(
            $"prod,{cluster.ClientUrls[0]}",
            $"../out/prod,{cluster.ClientUrls[0]}",
            "edge-1,https://127.0.0.1:1"
        );
        _fleet.Write("token", $"{Token}\n");
        string plans = _fleet.Folder("plans");

        (string Body, string? Sent, HttpStatusCode Expected)[] requests =
        [
            (Alert("firing", "prod"), "another", HttpStatusCode.Unauthorized),
            (Alert("firing", "prod"), null, HttpStatusCode.Unauthorized),
            ("{ not JSON", Token, HttpStatusCode.BadRequest),
            (Alert("resolved", "prod"), Token, HttpStatusCode.OK),
            (Alert("firing", "unknown"), Token, HttpStatusCode.OK),
            (Alert("firing", "../../etc/passwd"), Token, HttpStatusCode.OK),
            (Alert("firing", "prod"), Token, HttpStatusCode.OK),
            (Alert("firing", "PROD"), Token, HttpStatusCode.OK),
            (Alert("firing", "../out/prod"), Token, HttpStatusCode.OK),
            (Alert("firing", "edge-1"), Token, HttpStatusCode.OK),
        ];
        Task<ShellResult> receiver = StartAsync(plans, requests.Length + 1);
        HttpStatusCode read = await ReadAsync();
        var statuses = new List<HttpStatusCode>();
        foreach ((string body, string? sent, _) in requests)
            statuses.Add(await PostAsync(body, sent));
        ShellResult result = await receiver;
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output + result.Error);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, read);
        Assert.Equal(requests.Select(request => request.Expected), statuses);
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            lines,
            line => Assert.Equal($"listening at {_url}", line),
            line => Assert.StartsWith("prod: NothingToDo: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("../out/prod: NothingToDo: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("edge-1: no plan: EndpointRefused: ", line, StringComparison.Ordinal)
        );
        string[] files =
        [
            .. Directory.GetFiles(plans).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
        ];
        Assert.Collection(
            files,
            file => Assert.Matches(@"^_\._out_prod-\d{8}-\d{6}\.html$", file),
            file => Assert.Matches(@"^_\._out_prod-\d{8}-\d{6}\.json$", file),
            file => Assert.Matches(@"^prod-\d{8}-\d{6}\.html$", file),
            file => Assert.Matches(@"^prod-\d{8}-\d{6}\.json$", file)
        );
        Assert.EndsWith(Path.Combine(plans, files[2]), lines[1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_fleet.Path, "out")));
    }

    [Fact]
    public async Task Without_a_token_the_receiver_does_not_start()
    {
        _fleet.WriteList("edge-1,https://127.0.0.1:1");
        _fleet.Write("token", "\n");
        ShellResult result = await StartAsync(_fleet.Folder("plans"), 1);
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("wrong setup: ", result.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _fleet.Dispose();
    }

    private static string Alert(string status, string cluster) =>
        $$"""
            {
              "version": "4", "status": "firing", "receiver": "etcdmaint",
              "alerts": [
                { "status": "{{status}}", "labels": { "alertname": "EtcdNoSpace", "cluster": "{{cluster}}" } },
                { "status": "{{status}}", "labels": { "alertname": "EtcdQuota", "cluster": "{{cluster}}" } },
                { "status": "firing", "labels": { "alertname": "Watchdog" } }
              ]
            }
            """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<ShellResult> StartAsync(string plans, int requests) =>
        Pwsh.RunFileAsync(
            Repository.File("samples/alertmanager/Receive-EtcdAlert.ps1"),
            [
                .. new[] { "-ClusterPath", _fleet.ListPath, "-PlanFolder", plans, "-Prefix", $"{_url}" },
                .. new[] { "-TokenPath", Path.Combine(_fleet.Path, "token"), "-MaximumRequests", $"{requests}" },
                .. new[] { "-CertificateFolder", _fleet.CertificatePath },
            ],
            FleetFolder.Variables()
        );

    /// <summary>A request with GET, as soon as the receiver listens.</summary>
    private async Task<HttpStatusCode> ReadAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _url);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            try
            {
                using HttpResponseMessage response = await _client.SendAsync(request, limit.Token);
                return response.StatusCode;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }

    private async Task<HttpStatusCode> PostAsync(string body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new StringContent(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
