using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Tests.Transport.Tcp;

/// <summary>
/// A host name with several addresses: the first that answers is used, and if none does each is named.
/// </summary>
public sealed class TcpDialerTests
{
    private const string Name = "etcd.example";

    private static readonly IPAddress First = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress Third = IPAddress.Parse("127.0.0.4");
    private static readonly IPAddress Six = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress OtherSix = IPAddress.Parse("2001:db8::2");

    /// <summary>In the words of this system.</summary>
    private static readonly string RefusedText = new SocketException((int)SocketError.ConnectionRefused).Message;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_does_not_answer_delays_the_next_one_only_briefly()
    {
        BlackHole.SkipUnlessPossible();
        using var listener = new Listener(Second);
        using BlackHole hole = await BlackHole.OpenAsync(First, listener.Port, Cancellation);
        long started = Stopwatch.GetTimestamp();
        await using Stream stream = await Dialer(First, Second).DialAsync(Name, listener.Port, Cancellation);
        Assert.InRange(
            Stopwatch.GetElapsedTime(started),
            AddressRace.AttemptDelay - TimeSpan.FromMilliseconds(20),
            TimeSpan.FromSeconds(5)
        );
        await listener.AnswerAsync(stream);
    }

    [Fact]
    public async Task An_address_that_refuses_does_not_delay_the_next_one()
    {
        BlackHole.SkipUnlessPossible();
        using var listener = new Listener(Third);
        using BlackHole hole = await BlackHole.OpenAsync(Second, listener.Port, Cancellation);

        // The last address is tried 250 ms after the one that does not answer. Addresses that refuse add no delay; a
        // delay for each would take five seconds.
        IPAddress[] refusing = [.. Enumerable.Range(10, 20).Select(i => IPAddress.Parse($"127.0.0.{i}"))];
        long started = Stopwatch.GetTimestamp();
        await using Stream stream = await Dialer([.. refusing, Second, Third])
            .DialAsync(Name, listener.Port, Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await listener.AnswerAsync(stream);
    }

    [Fact]
    public async Task When_all_fail_each_address_is_named_with_its_cause()
    {
        SkipWithOneLoopbackAddress();
        int port = ClosedPort();
        DialException refused = await FailAsync(Dialer(First, Second), port);
        Assert.Equal(CallFailure.Refused, refused.Failure);
        Assert.Equal($"{Name} has 2 addresses ({First}: {RefusedText}; {Second}: {RefusedText})", refused.Message);

        DialException one = await FailAsync(Dialer(First), port);
        Assert.Equal((CallFailure.Refused, RefusedText), (one.Failure, one.Message));
    }

    [Fact]
    public async Task An_address_without_an_answer_is_reported_when_the_time_has_expired()
    {
        BlackHole.SkipUnlessPossible();
        int port = ClosedPort();
        using BlackHole hole = await BlackHole.OpenAsync(First, port, Cancellation);
        DialException late = await Assert.ThrowsAsync<DialException>(() =>
            new AddressRace([First, Second], port, TimeSpan.FromSeconds(1)).ConnectAsync(Cancellation)
        );
        Assert.Equal(CallFailure.TimedOut, late.Failure);
        Assert.Equal($"{Second}: {RefusedText}; {First}: no answer to the request to connect", late.Message);
    }

    [Fact]
    public async Task A_stop_cancels_all_attempts()
    {
        BlackHole.SkipUnlessPossible();
        using BlackHole hole = await BlackHole.OpenAsync(First, ClosedPort(), Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<Stream> dialing = Dialer(First).DialAsync(Name, hole.Port, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialing);
    }

    [Fact]
    public async Task A_host_name_without_an_address_is_not_found()
    {
        Assert.Equal(CallFailure.HostNotFound, (await FailAsync(Dialer(), 1)).Failure);
        DialException unknown = await Assert.ThrowsAsync<DialException>(() =>
            Dialer(First).DialAsync("other", 1, Cancellation).AsTask()
        );
        Assert.Equal(CallFailure.HostNotFound, unknown.Failure);
        Assert.Contains("other", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_a_member_names_each_address()
    {
        SkipWithOneLoopbackAddress();
        int port = ClosedPort();
        var endpoint = new EtcdEndpoint(false, Name, port);
        await using var client = new GrpcMemberClient(
            new MemberAddress(endpoint.ToString()),
            endpoint,
            Dialer(First, Second),
            TlsSettings.None,
            null
        );
        EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            client.GetStatusAsync(new CallBudget(TimeSpan.FromSeconds(10), Cancellation))
        );
        Assert.Equal("EndpointRefused", refused.ErrorId);
        Assert.Contains($"{Name} has 2 addresses", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{Second}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_families_alternate_starting_with_the_preferred_one() =>
        Assert.Equal(
            [Six, First, OtherSix, Second, Third],
            AddressOrder.Interleave([Six, OtherSix, Six, First, Second, Third])
        );

    private static void SkipWithOneLoopbackAddress() =>
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS has one address of loopback.");

    private static TcpDialer Dialer(params IPAddress[] addresses) => new(new ListedHosts(Name, addresses));

    private static Task<DialException> FailAsync(TcpDialer dialer, int port) =>
        Assert.ThrowsAsync<DialException>(() => dialer.DialAsync(Name, port, Cancellation).AsTask());

    private static int ClosedPort()
    {
        using var listener = new Listener(IPAddress.Loopback);
        return listener.Port;
    }

    /// <summary>Answers at one address.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _listener;

        public Listener(IPAddress address)
        {
            _listener = new TcpListener(address, 0);
            _listener.Start();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>Verifies that the stream is connected to this listener.</summary>
        public async Task AnswerAsync(Stream stream)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(Cancellation);
            await client.GetStream().WriteAsync("etcd"u8.ToArray(), Cancellation);
            byte[] said = new byte[4];
            await stream.ReadExactlyAsync(said, Cancellation);
            Assert.Equal("etcd"u8.ToArray(), said);
        }

        public void Dispose() => _listener.Dispose();
    }
}
