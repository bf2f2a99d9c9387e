using System.Globalization;
using System.Text.Json;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads the status at the end of an exec: the exit code of the program, or the reason why it was not run.
/// </summary>
internal static class ExecStatus
{
    private static readonly string[] NoSuchProgram =
    [
        "executable file not found",
        "no such file or directory",
        "permission denied",
        "not a directory",
    ];

    private static readonly string[] NoSuchContainer =
    [
        "container not found",
        "is not running",
        "not in running state",
        "no running task",
        "container is not created",
    ];

    /// <summary>The message of the API server if it did not reach the node.</summary>
    private const string NodeNotReached = "error dialing backend";

    public static int ReadExitCode(ReadOnlySpan<byte> json, string pod)
    {
        V1Status? status;
        try
        {
            status = KubernetesJson.Parse(json, V1Status.Read);
        }
        catch (JsonException cause)
        {
            throw new DialException(
                CallFailure.ConnectionLost,
                $"the exec in pod {pod} ended with a message that is not a status",
                cause
            );
        }
        if (status?.Status == "Success")
            return 0;
        string? code = status?.Causes?.FirstOrDefault(c => c?.Reason == "ExitCode")?.Message;
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int exit)
            ? exit
            : throw new DialException(
                Classify(status?.Message ?? ""),
                $"the node of pod {pod} reported: {status?.Message}"
            );
    }

    /// <summary>If a message does not show that the program was not started, the program may be running.</summary>
    private static CallFailure Classify(string message) =>
        Has(message, NoSuchContainer) ? CallFailure.PodUnavailable
        : Has(message, NoSuchProgram) ? CallFailure.ProgramMissing
        : Has(message, [NodeNotReached]) ? CallFailure.Unreachable
        : CallFailure.ConnectionLost;

    private static bool Has(string message, string[] texts) =>
        Array.Exists(texts, t => message.Contains(t, StringComparison.OrdinalIgnoreCase));
}
