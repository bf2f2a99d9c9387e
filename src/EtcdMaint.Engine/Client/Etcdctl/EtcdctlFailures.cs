using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Determines from the output of etcdctl why it failed. The last message is often only "context deadline exceeded", and
/// the reason is in an earlier warning. Observed on 3.4.23, 3.5.16 and 3.5.30.
/// </summary>
internal static class EtcdctlFailures
{
    /// <summary>
    /// A shell adds this number to the signal that ended a program. etcdctl itself uses no higher exit code.
    /// </summary>
    private const int EndedBySignal = 128;

    private const string Reset = "connection reset by peer";
    private const string ResetOnWindows = "forcibly closed by the remote host";

    /// <summary>The texts of Go and, for the network, also those of Windows, which Go shows in English.</summary>
    private static readonly (string Text, CallFailure Failure)[] Network =
    [
        ("connection refused", CallFailure.Refused),
        ("actively refused it", CallFailure.Refused),
        ("no such host", CallFailure.HostNotFound),
        ("no route to host", CallFailure.Unreachable),
        ("network is unreachable", CallFailure.Unreachable),
        ("attempted to an unreachable", CallFailure.Unreachable),
        ("remote error: tls: expired certificate", CallFailure.ClientCertificateExpired),
        ("remote error: tls: certificate required", CallFailure.ClientCertificateRequired),
        ("remote error: tls:", CallFailure.ClientCertificateRejected),
        ("signed by unknown authority", CallFailure.ServerCertificateUntrusted),
        ("has expired or is not yet valid", CallFailure.ServerCertificateExpired),
        ("x509: certificate is valid for", CallFailure.ServerNameMismatch),
        ("x509: cannot validate certificate for", CallFailure.ServerNameMismatch),
        ("x509: certificate is not valid for any names", CallFailure.ServerNameMismatch),
        ("does not look like a TLS handshake", CallFailure.TlsToPlain),
        ("latest balancer error", CallFailure.HandshakeFailed),
        ("transport is closing", CallFailure.ConnectionLost),
        ("error reading from server", CallFailure.ConnectionLost),
        (Reset, CallFailure.ConnectionLost),
        (ResetOnWindows, CallFailure.ConnectionLost),
    ];

    public static CallFailure Classify(CommandOutput output, bool hasClientCertificate)
    {
        if (output.IsNotRun)
            return CallFailure.ProgramMissing;
        if (output.ExitCode > EndedBySignal)
            return CallFailure.ConnectionLost;
        string verdict = Verdict(output);
        if (
            verdict.StartsWith("open ", StringComparison.Ordinal)
            || verdict.Contains("tls: failed to find", StringComparison.Ordinal)
        )
            return CallFailure.CertificateUnreadable;
        if (verdict.Contains("no leader endpoint", StringComparison.Ordinal))
            return CallFailure.NotLeader;
        if (
            verdict.StartsWith("unknown flag", StringComparison.Ordinal)
            || verdict.StartsWith("unknown command", StringComparison.Ordinal)
        )
            return CallFailure.NotSupported;

        CallFailure? said = ServerErrorMessages.Classify(verdict);
        if (said is not null and not CallFailure.TimedOut)
            return said.Value;
        return FromNetwork(output.Errors, hasClientCertificate) ?? said ?? CallFailure.Other;
    }

    /// <summary>Returns the last message of etcdctl without the text that etcdctl adds around it.</summary>
    public static string Verdict(CommandOutput output)
    {
        string? line = output
            .Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(l =>
                l.StartsWith("Error: ", StringComparison.Ordinal)
                || l.StartsWith("Failed to ", StringComparison.Ordinal)
            );
        if (line is null)
            return output.Errors.Trim().Split('\n')[^1];
        if (line.StartsWith("Error: ", StringComparison.Ordinal))
            return line["Error: ".Length..];
        int open = line.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && line.EndsWith(')') ? line[(open + 1)..^1] : line;
    }

    private static CallFailure? FromNetwork(string errors, bool hasClientCertificate)
    {
        if (HungUpInHandshake(errors))
            return CallFailure.TlsToPlain;
        foreach ((string text, CallFailure failure) in Network)
            if (errors.Contains(text, StringComparison.Ordinal))
                return failure is CallFailure.ClientCertificateRejected && !hasClientCertificate
                    ? CallFailure.ClientCertificateRequired
                    : failure;
        return null;
    }

    /// <summary>
    /// A port of 3.4 without TLS closes the connection after a TLS greeting. The client may see an end or a reset.
    /// </summary>
    private static bool HungUpInHandshake(string errors)
    {
        const string Failed = "authentication handshake failed: ";
        int at = errors.IndexOf(Failed, StringComparison.Ordinal);
        if (at < 0)
            return false;
        ReadOnlySpan<char> how = errors.AsSpan(at + Failed.Length);
        return how.StartsWith("EOF")
            || (
                how.StartsWith("read ")
                && (
                    how.Contains(Reset, StringComparison.Ordinal)
                    || how.Contains(ResetOnWindows, StringComparison.Ordinal)
                )
            );
    }
}
