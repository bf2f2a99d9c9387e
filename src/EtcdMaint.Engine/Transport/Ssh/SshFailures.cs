using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Finds the reason of a failure in the messages of ssh, whose exit code is 255 for every failure. Observed on OpenSSH
/// 9.2.
/// </summary>
internal static class SshFailures
{
    private static readonly (string Text, CallFailure Failure)[] Known =
    [
        ("host key verification failed", CallFailure.SshHostKeyRefused),
        ("remote host identification has changed", CallFailure.SshHostKeyRefused),
        ("no matching host key type", CallFailure.SshHostKeyRefused),
        ("could not resolve hostname", CallFailure.SshHostNotFound),
        ("permission denied (", CallFailure.SshLoginRefused),
        ("too many authentication failures", CallFailure.SshLoginRefused),
        ("administratively prohibited", CallFailure.SshForwardingRefused),
        ("open failed: connect failed: connection refused", CallFailure.Refused),
        ("open failed: connect failed", CallFailure.Unreachable),
        ("bad configuration option", CallFailure.SshUnusable),
        ("can't open user config file", CallFailure.SshUnusable),
        ("too long for unix domain socket", CallFailure.SshUnusable),
        ("ssh: connect to host", CallFailure.SshHostUnreachable),
        ("during banner exchange", CallFailure.SshHostUnreachable),
        ("kex_exchange_identification", CallFailure.SshServerHungUp),
        ("connection closed by unknown", CallFailure.SshHostUnreachable),
    ];

    /// <summary>A failure without a known message means that an established connection broke.</summary>
    public static DialException Read(string errors)
    {
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach ((string text, CallFailure failure) in Known)
            if (Array.Find(lines, l => l.Contains(text, StringComparison.OrdinalIgnoreCase)) is { } line)
                return new DialException(failure, line);
        return new DialException(CallFailure.ConnectionLost, lines.LastOrDefault() ?? "ssh ended without a message");
    }

    /// <summary>
    /// For a login through a jump host, the jump host opens a stream to the node itself and may not reach it.
    /// </summary>
    public static DialException ReadLogin(string errors)
    {
        DialException read = Read(errors);
        return read.Failure is CallFailure.Refused or CallFailure.Unreachable
            ? new DialException(CallFailure.SshHostUnreachable, read.Message)
            : read;
    }
}
