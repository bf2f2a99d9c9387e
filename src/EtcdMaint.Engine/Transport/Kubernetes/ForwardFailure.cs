using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Reads the error of a node for a port that it could not forward, in the wording of its container runtime.
/// </summary>
internal static class ForwardFailure
{
    private static readonly string[] PodIsGone =
    [
        "not found",
        "is not running",
        "not in ready state",
        "is closed",
        "no running task",
    ];

    public static DialException Read(string said, string pod)
    {
        string text = said.Trim();
        CallFailure failure =
            text.Contains("connection refused", StringComparison.OrdinalIgnoreCase) ? CallFailure.Refused
            : Array.Exists(PodIsGone, g => text.Contains(g, StringComparison.OrdinalIgnoreCase))
                ? CallFailure.PodUnavailable
            : CallFailure.Unreachable;
        return new DialException(failure, $"the node of pod {pod} reported: {text}");
    }
}
