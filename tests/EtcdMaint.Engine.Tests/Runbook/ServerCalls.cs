using System.Globalization;
using System.Text.RegularExpressions;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>The calls that the servers of a cluster without TLS have counted themselves, by method.</summary>
internal sealed partial class ServerCalls
{
    private readonly Dictionary<string, int> _counts;

    private ServerCalls(Dictionary<string, int> counts) => _counts = counts;

    public static async Task<ServerCalls> ReadAsync(TestEtcdCluster etcd)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var counts = new Dictionary<string, int>();
        foreach (string url in etcd.ClientUrls)
        {
            string metrics = await http.GetStringAsync($"{url}/metrics", TestContext.Current.CancellationToken);
            foreach (Match match in Started().Matches(metrics))
            {
                string method = match.Groups["method"].Value;
                counts[method] =
                    counts.GetValueOrDefault(method)
                    + (int)double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
            }
        }
        return new ServerCalls(counts);
    }

    /// <summary>The calls since an earlier count; only methods that were called.</summary>
    public SortedDictionary<string, int> Since(ServerCalls earlier) =>
        new(
            _counts
                .Select(c => KeyValuePair.Create(c.Key, c.Value - earlier._counts.GetValueOrDefault(c.Key)))
                .Where(c => c.Value > 0)
                .ToDictionary()
        );

    [GeneratedRegex(
        @"^grpc_server_started_total\{grpc_method=""(?<method>\w+)"",[^}]*\} (?<count>\S+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Started();
}
