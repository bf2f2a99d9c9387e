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
        ("bad owner or permissions on", CallFailure.SshConfigUnprotected),
        ("bad configuration option", CallFailure.SshUnusable),
        ("can't open user config file", CallFailure.SshUnusable),
        ("too long for unix domain socket", CallFailure.SshUnusable),
        ("ssh: connect to host", CallFailure.SshHostUnreachable),
        ("during banner exchange", CallFailure.SshHostUnreachable),
        ("kex_exchange_identification", CallFailure.SshServerHungUp),
        ("ssh_exchange_identification", CallFailure.SshServerHungUp),
        ("connection closed by unknown", CallFailure.SshHostUnreachable),
    ];

    /// <summary>
    /// Messages before the login that tell that the server closed the connection. After the login, they mean that an
    /// established connection broke.
    /// </summary>
    private static readonly string[] Ended =
    [
        "connection closed by",
        "connection reset by",
        "received disconnect from",
        "ssh_dispatch_run_fatal",
    ];

    /// <summary>A failure without a known message means that an established connection broke.</summary>
    public static DialException Read(string errors) => Read(errors, _ => CallFailure.ConnectionLost);

    /// <summary>
    /// For a login through a jump host, the jump host opens a stream to the node itself and may not reach it. A failure
    /// without a known message means that ssh itself ended, for example because it does not understand the server.
    /// </summary>
    public static DialException ReadLogin(string errors)
    {
        DialException read = Read(
            errors,
            last =>
                Array.Exists(Ended, text => last.Contains(text, StringComparison.OrdinalIgnoreCase))
                    ? CallFailure.SshServerHungUp
                    : CallFailure.SshUnusable
        );
        return read.Failure is CallFailure.Refused or CallFailure.Unreachable
            ? new DialException(CallFailure.SshHostUnreachable, read.Message)
            : read;
    }

    /// <summary>Returns true for a line that ssh prints at the end of every connection at log level VERBOSE.</summary>
    public static bool IsStatistic(string line) =>
        line.StartsWith("Transferred: sent ", StringComparison.Ordinal)
        || line.StartsWith("Bytes per second: sent ", StringComparison.Ordinal);

    private static DialException Read(string errors, Func<string, CallFailure> unknown)
    {
        string[] lines =
        [
            .. errors
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => !IsStatistic(line)),
        ];
        foreach ((string text, CallFailure failure) in Known)
            if (Array.Find(lines, l => l.Contains(text, StringComparison.OrdinalIgnoreCase)) is { } line)
                return new DialException(failure, line);
        string last = lines.LastOrDefault() ?? "ssh ended without a message";
        return new DialException(unknown(last), last);
    }
}
