using System.Globalization;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clients.Etcdctl;

/// <summary>Runs etcdctl against one member, and turns its failures into the project's own.</summary>
internal sealed class EtcdctlCaller(ICommandRunner runner, EtcdctlSettings settings, MemberPlace place)
{
    /// <summary>etcdctl shall be the first to give up: it knows more of the reason than whoever runs it.</summary>
    private static readonly TimeSpan RunnerGrace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestDial = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DiagnosisLimit = TimeSpan.FromSeconds(2);

    private volatile bool _needsShell = settings.Login is not null;

    /// <summary>
    /// What etcdctl printed. Every command given here prints something when it succeeds, so success without a word is
    /// that of a way in that broke: an API server that loses the node reports one (kubernetes/kubectl#1726).
    /// </summary>
    public async Task<string> RunAsync(IReadOnlyList<string> command, CallLimit limit, ReadOnlyMemory<byte> input = default)
    {
        CommandOutput output = await TryAsync(command, limit, input).ConfigureAwait(false);
        if (output.ExitCode == 0)
            return string.IsNullOrWhiteSpace(output.Output)
                ? throw MemberCallException.Create(CallFailure.ConnectionLost, place, "what etcdctl printed did not arrive")
                : output.Output;

        CallFailure failure = EtcdctlFailures.Classify(output, settings.CertificateFile is not null);
        if (failure is CallFailure.HandshakeFailed)
            failure = await DiagnoseAsync(limit).ConfigureAwait(false);
        throw MemberCallException.Create(failure, place, Detail(failure, output));
    }

    /// <summary>Whether the member answers, or it is the member that keeps etcdctl waiting; not where etcdctl itself does not end.</summary>
    public async Task<bool> IsAliveAsync(IReadOnlyList<string> command, CallLimit limit)
    {
        try
        {
            CommandOutput output = await TryAsync(command, limit, default).ConfigureAwait(false);
            return output.ExitCode == 0 || EtcdctlFailures.Classify(output, settings.CertificateFile is not null) is CallFailure.TimedOut;
        }
        catch (MemberCallException)
        {
            return false;
        }
    }

    /// <summary>Runs etcdctl to its end, whatever that is.</summary>
    private async Task<CommandOutput> TryAsync(IReadOnlyList<string> command, CallLimit limit, ReadOnlyMemory<byte> input)
    {
        CommandOutput output = await RunOnceAsync(command, limit, input).ConfigureAwait(false);
        if (output.ExitCode == 0 || _needsShell || !EtcdctlShell.IsNeededAfter(output.Errors))
            return output;

        // It was turned down over its own environment, before anything was sent.
        _needsShell = true;
        return await RunOnceAsync(command, limit, input).ConfigureAwait(false);
    }

    private async Task<CommandOutput> RunOnceAsync(IReadOnlyList<string> command, CallLimit limit, ReadOnlyMemory<byte> input)
    {
        limit.Stop.ThrowIfCancellationRequested();
        string[] arguments = [.. command, .. Flags(limit.Timeout)];
        CallLimit outer = limit with { Timeout = limit.Timeout + RunnerGrace };
        bool hasShell = _needsShell;
        try
        {
            return hasShell
                ? await runner
                    .RunAsync(
                        EtcdctlShell.Program,
                        EtcdctlShell.Arguments(settings.Login, settings.Program, arguments),
                        EtcdctlShell.Input(settings.Login, input),
                        outer)
                    .ConfigureAwait(false)
                : await runner.RunAsync(settings.Program, arguments, input, outer).ConfigureAwait(false);
        }
        catch (DialException failed)
        {
            CallFailure failure = hasShell && failed.Failure is CallFailure.ProgramMissing ? CallFailure.ShellMissing : failed.Failure;
            throw MemberCallException.Create(failure, place, failed.Message, failed);
        }
    }

    private IEnumerable<string> Flags(TimeSpan timeout)
    {
        TimeSpan whole = timeout > TimeSpan.FromMilliseconds(1) ? timeout : TimeSpan.FromMilliseconds(1);
        yield return $"--endpoints={settings.Endpoint}";
        yield return $"--command-timeout={Milliseconds(whole)}";
        yield return $"--dial-timeout={Milliseconds(whole < LongestDial ? whole : LongestDial)}";
        if (settings.CAFile is not null)
            yield return $"--cacert={settings.CAFile}";
        if (settings.CertificateFile is not null)
            yield return $"--cert={settings.CertificateFile}";
        if (settings.KeyFile is not null)
            yield return $"--key={settings.KeyFile}";
        if (settings.SkipCertificateCheck)
            yield return "--insecure-skip-tls-verify";
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");

    /// <summary>
    /// Asks again with the command that says most about a connection that cannot be made. A server that hangs up without
    /// a word expects TLS where none was spoken, or a certificate where none was shown.
    /// </summary>
    private async Task<CallFailure> DiagnoseAsync(CallLimit limit)
    {
        CommandOutput output = await TryAsync(["endpoint", "status"], limit.AtMost(DiagnosisLimit), default).ConfigureAwait(false);
        CallFailure found = output.ExitCode == 0
            ? CallFailure.ConnectionLost
            : EtcdctlFailures.Classify(output, settings.CertificateFile is not null);
        return found is not CallFailure.HandshakeFailed ? found
            : !settings.Endpoint.IsTls ? CallFailure.PlainToTls
            : settings.CertificateFile is null ? CallFailure.ClientCertificateRequired
            : CallFailure.HandshakeFailed;
    }

    /// <summary>What etcdctl said, where that adds something to the failure's own sentence.</summary>
    private static string? Detail(CallFailure failure, CommandOutput output) =>
        failure is CallFailure.Other or CallFailure.DiskFull or CallFailure.CertificateUnreadable or CallFailure.ProgramMissing or CallFailure.NotSupported
            ? EtcdctlFailures.Verdict(output)
            : null;
}
