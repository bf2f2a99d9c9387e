using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>Runs etcdctl for one member and maps its errors to failures of the module.</summary>
internal sealed class EtcdctlCaller(ICommandRunner runner, EtcdctlSettings settings, MemberAddress place)
{
    /// <summary>etcdctl must time out first, because its error is more specific than the one of its runner.</summary>
    private static readonly TimeSpan RunnerGrace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan DiagnosisLimit = TimeSpan.FromSeconds(2);

    /// <summary>The etcd user of the calls, or null if it is unknown.</summary>
    private string? User =>
        settings.Login is { } login ? $"the etcd user is '{login.UserName}'"
        : settings.CertificateFile is { } file ? $"the etcd user is the one that the certificate {file} names"
        : null;

    private readonly EtcdctlLauncher _launcher = new(runner, settings);

    /// <summary>Returns the JSON output of etcdctl.</summary>
    public Task<string> AskAsync(
        IReadOnlyList<string> command,
        CallBudget limit,
        ReadOnlyMemory<byte> input = default
    ) => RunAsync(Call(command, limit, isJson: true, input), limit);

    /// <summary>Returns the text output of etcdctl.</summary>
    public Task<string> RunAsync(IReadOnlyList<string> command, CallBudget limit) =>
        RunAsync(Call(command, limit, isJson: false), limit);

    /// <summary>
    /// Returns the output of etcdctl. Every command here prints output if it succeeds. Success without output means
    /// that the connection broke: an API server that loses the node reports success (kubernetes/kubectl#1726).
    /// </summary>
    private async Task<string> RunAsync(EtcdctlCall call, CallBudget limit)
    {
        CommandOutput output = await TryAsync(call, limit).ConfigureAwait(false);
        if (output.ExitCode == 0)
            return string.IsNullOrWhiteSpace(output.Output)
                ? throw MemberCallException.Create(
                    CallFailure.ConnectionLost,
                    place,
                    "the output of etcdctl did not arrive"
                )
                : output.Output;

        CallFailure failure = EtcdctlFailures.Classify(output, settings.CertificateFile is not null);
        if (failure is CallFailure.HandshakeFailed)
            failure = await DiagnoseAsync(limit).ConfigureAwait(false);
        throw MemberCallException.Create(
            failure,
            place,
            failure is CallFailure.PermissionDenied ? User : Detail(failure, output)
        );
    }

    /// <summary>
    /// Whether the member answers or keeps etcdctl waiting. Returns false if etcdctl itself does not end.
    /// </summary>
    public async Task<bool> IsAliveAsync(IReadOnlyList<string> command, CallBudget limit)
    {
        try
        {
            CommandOutput output = await TryAsync(Call(command, limit, isJson: true), limit).ConfigureAwait(false);
            return output.ExitCode == 0
                || EtcdctlFailures.Classify(output, settings.CertificateFile is not null) is CallFailure.TimedOut;
        }
        catch (MemberCallException)
        {
            return false;
        }
    }

    /// <summary>Runs etcdctl until it ends, with or without success.</summary>
    private async Task<CommandOutput> TryAsync(EtcdctlCall call, CallBudget limit)
    {
        try
        {
            CallBudget outer = limit with { Timeout = limit.Timeout + RunnerGrace };
            return await _launcher.RunAsync(call, outer).ConfigureAwait(false);
        }
        catch (DialException failed)
        {
            throw MemberCallException.Create(failed.Failure, place, failed.Message, failed);
        }
    }

    private static EtcdctlCall Call(
        IReadOnlyList<string> command,
        CallBudget limit,
        bool isJson,
        ReadOnlyMemory<byte> input = default
    ) => new(command, isJson, limit.Timeout, input);

    /// <summary>
    /// Runs the command whose error describes a failed connection best. A server that closes the connection without a
    /// message expects TLS on a connection without TLS, or a client certificate that was not sent.
    /// </summary>
    private async Task<CallFailure> DiagnoseAsync(CallBudget limit)
    {
        CallBudget left = limit.AtMost(DiagnosisLimit);
        EtcdctlCall status = Call(["endpoint", "status"], left, isJson: false);
        CommandOutput output = await TryAsync(status, left).ConfigureAwait(false);
        CallFailure found =
            output.ExitCode == 0
                ? CallFailure.ConnectionLost
                : EtcdctlFailures.Classify(output, settings.CertificateFile is not null);
        return found is not CallFailure.HandshakeFailed ? found
            : !settings.Endpoint.IsTls ? CallFailure.PlainToTls
            : settings.CertificateFile is null ? CallFailure.ClientCertificateRequired
            : CallFailure.HandshakeFailed;
    }

    /// <summary>The message of etcdctl if it adds information to the sentence of the failure.</summary>
    private static string? Detail(CallFailure failure, CommandOutput output) =>
        failure
            is CallFailure.Other
                or CallFailure.DiskFull
                or CallFailure.CertificateUnreadable
                or CallFailure.ProgramMissing
                or CallFailure.NotSupported
            ? EtcdctlFailures.Verdict(output)
            : null;
}
