using System.Runtime.CompilerServices;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Reads a client certificate and its key from a pod into memory, because the user requested it. If the image has no
/// <c>cat</c>, a shell is used. Distroless images have neither.
/// </summary>
internal sealed class PodCertificates(ApiServer api)
{
    private const string ReadInShell = "while IFS= read -r line; do printf '%s\\n' \"$line\"; done < \"$1\"";

    public async Task<TlsRequest> ReadAsync(
        IReadOnlyList<EtcdPod> pods,
        TlsRequest given,
        CallBudget limit,
        Action<string> tell
    )
    {
        var failures = new List<(MemberAddress, EtcdException)>();
        foreach (EtcdPod pod in pods.Where(p => p.IsRunning))
        {
            if (!pod.Certificates.HasClient)
            {
                failures.Add((PlaceOf(pod), PodErrors.PathsUnknown(pod)));
                continue;
            }
            try
            {
                (string? ca, string? certificate, string? key) = pod.Certificates;
                tell(
                    "Kubernetes: reading "
                        + $"{string.Join(", ", new[] { certificate, key, ca }.OfType<string>())} in pod {pod}; the "
                        + $"paths are from {pod.CertificatesFrom}."
                );
                TlsRequest read = await ReadAsync(pod, given, limit).ConfigureAwait(false);
                tell(
                    $"Kubernetes: the private key {pod.Certificates.Key} of pod {pod} was read into memory "
                        + "(-ReadCertificateFromPod)."
                );
                return read;
            }
            catch (EtcdException failed)
            {
                failures.Add((PlaceOf(pod), failed));
            }
        }

        // A failed attempt is more specific than an unknown path.
        throw CommonCauses.Merge(failures).LastOrDefault(f => f.ErrorId != PodErrors.PathsUnknownId)
            ?? failures.Select(f => f.Item2).FirstOrDefault()
            ?? new EtcdException(
                ErrorIds.PodNotRunning,
                EtcdErrorCategory.ResourceUnavailable,
                "No running etcd pod was found from which certificates could be read.",
                "Specify them with -ClientCertificate and -ClientKey."
            );
    }

    private async Task<TlsRequest> ReadAsync(EtcdPod pod, TlsRequest given, CallBudget limit)
    {
        var runner = new PodCommandRunner(api, pod.Namespace, pod.Name, pod.Container);
        await using ConfiguredAsyncDisposable _ = runner.ConfigureAwait(false);
        async Task<CertificateSource> ReadFileAsync(string path) =>
            CertificateSource.FromPem(await ReadTextAsync(runner, pod, path, limit).ConfigureAwait(false));
        return given with
        {
            ClientCertificate = await ReadFileAsync(pod.Certificates.Certificate!).ConfigureAwait(false),
            ClientKey = await ReadFileAsync(pod.Certificates.Key!).ConfigureAwait(false),
            CACertificate =
                given.CACertificate
                ?? (pod.Certificates.CA is { } ca ? await ReadFileAsync(ca).ConfigureAwait(false) : null),
        };
    }

    private static MemberAddress PlaceOf(EtcdPod pod) => new(pod.ToString());

    private static async Task<string> ReadTextAsync(ICommandRunner runner, EtcdPod pod, string path, CallBudget limit)
    {
        try
        {
            CommandOutput? output =
                await TryAsync(runner, "cat", [path], limit).ConfigureAwait(false)
                ?? await TryAsync(runner, "sh", ["-c", ReadInShell, "sh", path], limit).ConfigureAwait(false);
            if (output is null)
                throw PodErrors.CertificateUnread(pod, path, "the container has neither cat nor a shell");
            return output.ExitCode == 0 && output.Output.Contains("-----BEGIN", StringComparison.Ordinal)
                ? output.Output
                : throw PodErrors.CertificateUnread(
                    pod,
                    path,
                    output.ExitCode == 0 ? "it is not PEM" : output.Errors.Trim()
                );
        }
        catch (DialException failed)
        {
            throw failed.Failure
                is CallFailure.ConnectionLost
                    or CallFailure.ResponseTooLarge
                    or CallFailure.ProgramMissing
                ? PodErrors.CertificateUnread(pod, path, failed.Message, failed)
                : MemberCallException.Create(failed.Failure, PlaceOf(pod), failed.Message, failed);
        }
    }

    /// <summary>Returns null if the container has no such program.</summary>
    private static async Task<CommandOutput?> TryAsync(
        ICommandRunner runner,
        string program,
        IReadOnlyList<string> arguments,
        CallBudget limit
    )
    {
        try
        {
            CommandOutput output = await runner.RunAsync(program, arguments, default, limit).ConfigureAwait(false);
            return output.IsNotRun ? null : output;
        }
        catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
        {
            return null;
        }
    }
}
