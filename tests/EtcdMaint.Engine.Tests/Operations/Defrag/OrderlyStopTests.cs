using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>
/// A member that is told to stop does so while a client is connected. etcd without TLS, from 3.5.16 on at the latest,
/// waits indefinitely for a connection on which nothing was ever sent.
/// </summary>
[Trait("Kind", "Real")]
public sealed class OrderlyStopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connection_of_an_abandoned_request_does_not_delay_the_stop_of_its_member()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 1 },
            Cancellation
        );
        var endpoint = EtcdEndpoint.Parse(etcd.Members[0].ClientUrl, tlsWhenUnsaid: false);
        var dialer = new SlowDialer();
        await using var client = new GrpcMemberClient(
            new MemberAddress(endpoint.ToString()),
            endpoint,
            dialer,
            TlsSettings.None,
            null
        );
        await client.GetStatusAsync(new CallBudget(RealCluster.Timeout, Cancellation));

        dialer.IsSlow = true;
        Assert.Null(await client.ReadMetricsAsync(new CallBudget(TimeSpan.FromMilliseconds(100), Cancellation)));
        dialer.GoOn();
        await dialer.Connected.WaitAsync(RealCluster.Timeout, Cancellation);

        await etcd.Members[0].StopAsync(Cancellation);
        Assert.Equal(MemberState.Ended, etcd.Members[0].State);
    }

    /// <summary>A network on which a connection takes longer than the caller waits.</summary>
    private sealed class SlowDialer : IDialer
    {
        private readonly TcpDialer _tcp = new();
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsSlow { get; set; }

        public Task Connected => _connected.Task;

        public void GoOn() => _goOn.SetResult();

        public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken stop)
        {
            if (!IsSlow)
                return await _tcp.DialAsync(host, port, stop);
            await _goOn.Task.WaitAsync(stop);
            Stream stream = await _tcp.DialAsync(host, port, stop);
            _connected.SetResult();
            return stream;
        }
    }
}
