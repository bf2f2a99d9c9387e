using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>The errors of the network as etcdctl shows them on Windows. Source: the messages of Winsock.</summary>
public sealed class EtcdctlNetworkTextTests
{
    private const string Dial = "transport: Error while dialing dial tcp 10.0.0.1:2379: connectex: ";
    private const string Handshake = "transport: authentication handshake failed: read tcp 10.0.0.1:2379: ";

    [Theory]
    [InlineData(
        Dial + "No connection could be made because the target machine actively refused it.",
        nameof(CallFailure.Refused)
    )]
    [InlineData(Dial + "A socket operation was attempted to an unreachable host.", nameof(CallFailure.Unreachable))]
    [InlineData(Dial + "A socket operation was attempted to an unreachable network.", nameof(CallFailure.Unreachable))]
    [InlineData(
        "read tcp 10.0.0.1:2379: wsarecv: An existing connection was forcibly closed by the remote host.",
        nameof(CallFailure.ConnectionLost)
    )]
    [InlineData(
        Handshake + "wsarecv: An existing connection was forcibly closed by the remote host.",
        nameof(CallFailure.TlsToPlain)
    )]
    public void Errors_of_Windows_have_the_same_failures(string text, string expected) =>
        Assert.Equal(
            expected,
            EtcdctlFailures
                .Classify(
                    new CommandOutput(1, "", $"{{\"msg\":\"{text}\"}}\nError: context deadline exceeded"),
                    hasClientCertificate: false
                )
                .ToString()
        );
}
