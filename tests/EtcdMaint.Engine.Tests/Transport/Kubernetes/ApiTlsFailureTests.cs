using System.ComponentModel;
using System.Security.Authentication;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// Not every failed handshake with an API server is about the trust in its certificate: a proxy in front of it may
/// require a client certificate.
/// </summary>
public sealed class ApiTlsFailureTests
{
    [Theory]
    [InlineData(0x80090327)]
    [InlineData(0x80090328)]
    public void A_client_certificate_that_was_refused_on_Windows_is_a_refused_login(uint code) =>
        Assert.Equal("KubernetesLoginRejected", Explain(new Win32Exception(unchecked((int)code), "Meldung")));

    [Fact]
    public void A_client_certificate_that_was_refused_on_Linux_is_a_refused_login() =>
        Assert.Equal(
            "KubernetesLoginRejected",
            Explain(new InvalidOperationException("error:0A000418:SSL routines::tlsv1 alert unknown ca"))
        );

    [Fact]
    public void Another_failure_of_the_handshake_is_not_about_trust() =>
        Assert.Equal("KubernetesUnreachable", Explain(new Win32Exception(unchecked((int)0x80090302), "Meldung")));

    [Fact]
    public void A_certificate_that_is_not_trusted_keeps_its_error() =>
        Assert.Equal(
            "KubernetesCertificateUntrusted",
            Explain(
                new AuthenticationException(
                    "The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot"
                )
            )
        );

    private static string Explain(Exception cause) =>
        ApiFailures
            .From(
                new HttpRequestException(
                    HttpRequestError.SecureConnectionError,
                    "The SSL connection could not be established, see inner exception.",
                    cause as AuthenticationException
                        ?? new AuthenticationException("Authentication failed, see inner exception.", cause)
                ),
                ApiRequest.ListNamespaces,
                "test"
            )
            .ErrorId;
}
