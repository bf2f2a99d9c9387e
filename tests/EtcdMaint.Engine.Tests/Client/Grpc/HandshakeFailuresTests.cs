using System.ComponentModel;
using System.Security.Authentication;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>
/// Failed handshakes as each platform reports them. With TLS 1.2, Windows has a code for each kind of alert, and macOS
/// has only a message.
/// </summary>
public sealed class HandshakeFailuresTests
{
    private static readonly ClientIdentity Valid = new("CN=c", "c", DateTime.Now.AddDays(-1), DateTime.Now.AddDays(1));
    private static readonly ClientIdentity Ended = Valid with { NotAfter = DateTime.Now.AddHours(-1) };

    [Theory]
    [InlineData(0x80090325, nameof(CallFailure.ClientCertificateRejected))]
    [InlineData(0x80090327, nameof(CallFailure.ClientCertificateRejected))]
    [InlineData(0x80090328, nameof(CallFailure.ClientCertificateExpired))]
    public void A_code_of_Windows_shows_why_the_server_refused_the_client(uint code, string expected)
    {
        Exception refused = Windows(code);
        Assert.Equal(expected, Classify(refused, Begun(), client: Valid));
        Assert.Equal(nameof(CallFailure.ClientCertificateRequired), Classify(refused, Begun(), client: null));
    }

    [Theory]
    [InlineData(40, nameof(CallFailure.ClientCertificateRejected))]
    [InlineData(42, nameof(CallFailure.ClientCertificateRejected))]
    [InlineData(45, nameof(CallFailure.ClientCertificateExpired))]
    [InlineData(48, nameof(CallFailure.ClientCertificateRejected))]
    [InlineData(80, null)]
    public void The_alert_on_the_connection_is_sufficient_without_a_code(int alert, string? expected)
    {
        var refused = new AuthenticationException(
            "Authentication failed, see inner exception.",
            new InvalidOperationException("OSStatus -9825")
        );
        Assert.Equal(expected, Classify(refused, Begun((byte)alert), client: Valid));
    }

    [Fact]
    public void The_dates_of_the_certificate_decide_where_the_server_gives_no_reason()
    {
        Assert.Equal(nameof(CallFailure.ClientCertificateExpired), Classify(Windows(0x80090327), Begun(42), Ended));
        Assert.Equal(nameof(CallFailure.ClientCertificateExpired), Classify(new IOException("reset"), Begun(), Ended));
        Assert.Equal(nameof(CallFailure.ClientCertificateRejected), Classify(new IOException("reset"), Begun(), Valid));
    }

    [Fact]
    public void The_check_of_the_server_certificate_decides_first() =>
        Assert.Equal(
            nameof(CallFailure.ServerCertificateUntrusted),
            Classify(new AuthenticationException("rejected"), Begun(), Valid, isServerRefused: true)
        );

    [Fact]
    public void A_refused_version_and_a_failure_of_this_machine_are_not_about_certificates()
    {
        var refusedVersion = new HandshakeAnswer();
        refusedVersion.Add([0x15, 3, 3, 0, 2, 2, 70]);
        Assert.Null(Classify(Windows(0x80090302), refusedVersion, Valid));
        Assert.Null(Classify(Windows(0x8009030E), new HandshakeAnswer(), Valid));
        Assert.Null(Classify(Windows(0x8009030E), Begun(), Valid));
    }

    [Fact]
    public void A_server_without_TLS_answers_with_text_or_not_at_all()
    {
        var text = new HandshakeAnswer();
        text.Add("HTTP/1.1 400 Bad Request\r\n"u8);
        Assert.Equal(nameof(CallFailure.TlsToPlain), Classify(new AuthenticationException("frame"), text, Valid));
        Assert.Equal(nameof(CallFailure.TlsToPlain), Classify(new IOException("end"), new HandshakeAnswer(), Valid));
    }

    private static AuthenticationException Windows(uint code) =>
        new("Authentication failed, see inner exception.", new Win32Exception(unchecked((int)code), "Meldung"));

    private static HandshakeAnswer Begun(byte? alert = null)
    {
        var answer = new HandshakeAnswer();
        answer.Add([0x16, 3, 3, 0, 4, 2, 0, 0, 0]);
        if (alert is { } number)
            answer.Add([0x15, 3, 3, 0, 2, 2, number]);
        return answer;
    }

    private static string? Classify(
        Exception cause,
        HandshakeAnswer answer,
        ClientIdentity? client,
        bool isServerRefused = false
    ) => HandshakeFailures.Classify(cause, answer, isServerRefused, client)?.ToString();
}
