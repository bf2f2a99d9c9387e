using System.Net.Sockets;
using System.Security.Authentication;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;
using Grpc.Core;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>Determines why a gRPC call failed.</summary>
internal static class RpcFailures
{
    /// <summary>The message of Grpc.Net.Client if it refuses to receive a message.</summary>
    private const string TooLarge = "Received message exceeds";

    public static CallFailure Classify(RpcException error)
    {
        // Without an exception, the text is from the server. The text of a broken connection quotes whole exception
        // chains.
        if (error.Status.DebugException is null && ServerErrorMessages.Classify(error.Status.Detail) is { } said)
            return said;
        if (FromNetwork(error) is { } network)
            return network;
        return error.StatusCode switch
        {
            StatusCode.DeadlineExceeded => CallFailure.TimedOut,

            // A server may reset a stream whose deadline has passed.
            StatusCode.Cancelled => CallFailure.TimedOut,
            StatusCode.Unimplemented => CallFailure.NotEtcd,
            StatusCode.ResourceExhausted when error.Status.Detail.StartsWith(TooLarge, StringComparison.Ordinal) =>
                CallFailure.ResponseTooLarge,
            StatusCode.Unavailable or StatusCode.Internal => CallFailure.ConnectionLost,
            _ => CallFailure.Other,
        };
    }

    /// <summary>
    /// The message of the server or the network if it adds information to the sentence of the failure.
    /// </summary>
    public static string? Detail(RpcException error, CallFailure failure) =>
        failure switch
        {
            CallFailure.Other or CallFailure.DiskFull => error.Status.Detail,

            // If only one address was tried, the sentence contains the whole reason. If there are several, each has its
            // own cause.
            CallFailure.Refused or CallFailure.TimedOut => DialFailure(error) is { InnerException: null } telling
                ? telling.Message
                : null,
            CallFailure.ResponseTooLarge => $"one message is larger than {ByteText.Of(SizeLimits.GrpcMessage)}",
            CallFailure.Unreachable or CallFailure.ServerCertificateUntrusted => DialFailure(error)?.Message
                ?? Innermost(error)?.Message,
            CallFailure.HandshakeFailed => IsTlsFailure(error) ? Innermost(error)?.Message : null,
            CallFailure.AccessLoginRejected
            or CallFailure.AccessForbidden
            or CallFailure.PodUnavailable
            or CallFailure.ConnectionLost => DialFailure(error)?.Message,
            CallFailure.SshUnusable
            or CallFailure.SshConfigUnprotected
            or CallFailure.SshHostNotFound
            or CallFailure.SshHostUnreachable
            or CallFailure.SshServerHungUp
            or CallFailure.SshHostKeyRefused
            or CallFailure.SshLoginRefused
            or CallFailure.SshForwardingRefused => DialFailure(error)?.Message,
            _ => null,
        };

    private static DialException? DialFailure(RpcException error)
    {
        for (Exception? cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
            if (cause is DialException dial)
                return dial;
        return null;
    }

    private static CallFailure? FromNetwork(RpcException error)
    {
        bool isHandshake = false;
        for (Exception? cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case DialException dial:
                    return dial.Failure;
                case SingleConnectionLostException:
                    return CallFailure.NotSent;
                case SocketException:
                    // Dialers report their own failures, so this connection had been established.
                    return CallFailure.ConnectionLost;
                case AuthenticationException tls when FromCertificate(tls.Message) is { } certificate:
                    return certificate;
                case HandshakeException or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    isHandshake = true;
                    break;
                case HttpRequestException http when http.Message.Contains("HTTP/2 handshake", StringComparison.Ordinal):
                    isHandshake = true;
                    break;
            }
        }
        return isHandshake || error.Status.Detail.Contains("HTTP/2 handshake", StringComparison.Ordinal)
            ? CallFailure.HandshakeFailed
            : null;
    }

    private static CallFailure? FromCertificate(string message)
    {
        if (message.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal))
            return CallFailure.ServerNameMismatch;
        if (message.Contains("NotTimeValid", StringComparison.Ordinal))
            return CallFailure.ServerCertificateExpired;
        return TrustFailure.IsIn(message) ? CallFailure.ServerCertificateUntrusted : null;
    }

    private static bool IsTlsFailure(RpcException error)
    {
        for (Exception? cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
            if (cause is AuthenticationException)
                return true;
        return false;
    }

    private static Exception? Innermost(RpcException error)
    {
        Exception? cause = error.Status.DebugException;
        while (cause?.InnerException is not null)
            cause = cause.InnerException;
        return cause;
    }
}
