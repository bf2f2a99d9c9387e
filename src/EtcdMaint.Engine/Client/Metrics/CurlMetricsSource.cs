using System.Globalization;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>
/// Reads the metrics at the client URL of the member with curl, which runs where etcdctl runs and uses the same
/// certificates. The certificates stay there. Many etcd images contain no curl.
/// </summary>
internal sealed class CurlMetricsSource(ICommandRunner runner, EtcdctlSettings settings) : IMetricsSource
{
    private const string Program = "curl";

    // The exit codes of temporary errors: not resolved, refused, timed out, no TLS, no answer, sending, receiving.
    private static readonly int[] Passing = [6, 7, 28, 35, 52, 55, 56];

    /// <summary>A shell adds this number to the signal that ended a program.</summary>
    private const int EndedBySignal = 128;

    public async Task<MemberMetrics> ReadAsync(CallBudget limit)
    {
        CommandOutput output = await runner
            .RunAsync(Program, [.. Arguments(limit.Timeout)], default, limit)
            .ConfigureAwait(false);
        if (output.IsNotRun)
            throw new DialException(CallFailure.ProgramMissing, $"{Program} was not found");
        if (output.ExitCode != 0)
            throw new DialException(
                output.ExitCode > EndedBySignal || Passing.Contains(output.ExitCode)
                    ? CallFailure.ConnectionLost
                    : CallFailure.NotSupportedHere,
                output.Errors.Trim()
            );
        if (output.Output.Length > SizeLimits.MetricsPage)
            throw new DialException(CallFailure.NotEtcd, $"the page is longer than {SizeLimits.MetricsPage >> 20} MB");
        using var page = new StringReader(output.Output);
        return MemberMetrics.Parse(page);
    }

    /// <summary>The client disposes the runner.</summary>
    public void Dispose() { }

    private IEnumerable<string> Arguments(TimeSpan timeout)
    {
        // Disables the curl settings of the user. curl accepts this only as its first argument.
        yield return "--disable";
        yield return "--silent";
        yield return "--show-error";
        yield return "--fail";
        yield return "--http1.1";
        yield return "--noproxy";
        yield return "*";
        yield return "--max-time";
        yield return Math.Max(0.001, timeout.TotalSeconds).ToString("0.000", CultureInfo.InvariantCulture);
        yield return "--max-filesize";
        yield return SizeLimits.MetricsPage.ToString(CultureInfo.InvariantCulture);
        foreach ((string flag, string? file) in Files())
        {
            if (file is null)
                continue;
            yield return flag;
            yield return file;
        }
        if (settings.SkipCertificateCheck)
            yield return "--insecure";
        yield return $"{settings.Endpoint}/metrics";
    }

    private (string Flag, string? File)[] Files() =>
        [("--cacert", settings.CAFile), ("--cert", settings.CertificateFile), ("--key", settings.KeyFile)];
}
