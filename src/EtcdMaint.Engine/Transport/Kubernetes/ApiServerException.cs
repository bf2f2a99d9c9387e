using static EtcdMaint.EtcdErrorCategory;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>A request that an API server refused or did not answer.</summary>
internal sealed class ApiServerException : EtcdException
{
    private ApiServerException(
        ApiFailure failure,
        Row text,
        string message,
        object? target,
        TimeSpan? retryAfter,
        Exception? inner
    )
        : base(text.ErrorId, text.Category, message, text.Action, target, inner)
    {
        Failure = failure;
        RetryAfter = retryAfter;
    }

    private sealed record Row(string ErrorId, EtcdErrorCategory Category, string Action);

    public ApiFailure Failure { get; }

    /// <summary>How long the server asks the client to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed shortly afterwards.</summary>
    public bool IsPassing =>
        Failure
            is ApiFailure.Unreachable
                or ApiFailure.ConnectionLost
                or ApiFailure.TooManyRequests
                or ApiFailure.ServerError;

    public static ApiServerException Create(
        ApiFailure failure,
        string message,
        object? target = null,
        TimeSpan? retryAfter = null,
        Exception? inner = null
    ) => new(failure, TextOf(failure), message, target, retryAfter, inner);

    private static Row TextOf(ApiFailure failure) =>
        failure switch
        {
            ApiFailure.Unreachable => new(
                ErrorIds.KubernetesUnreachable,
                ConnectionError,
                "Check the server in the kubeconfig, the network and the proxy. 'kubectl version' shows "
                    + "whether kubectl can connect."
            ),
            ApiFailure.TimedOut => new(
                ErrorIds.KubernetesTimeout,
                OperationTimeout,
                "Try again, or allow more time with -TimeoutSeconds."
            ),
            ApiFailure.ConnectionLost => new(
                ErrorIds.KubernetesConnectionLost,
                ConnectionError,
                "Try again. A load balancer or the API server ended the connection."
            ),
            ApiFailure.CertificateRefused => new(
                ErrorIds.KubernetesCertificateUntrusted,
                SecurityError,
                "Add the CA of the cluster to the kubeconfig (certificate-authority-data), or correct "
                    + "tls-server-name."
            ),
            ApiFailure.LoginRejected => new(
                ErrorIds.KubernetesLoginRejected,
                AuthenticationError,
                "Log in to Kubernetes again. The token or client certificate of the kubeconfig is missing, "
                    + "invalid or expired."
            ),
            ApiFailure.Forbidden => new(
                ErrorIds.KubernetesForbidden,
                EtcdErrorCategory.PermissionDenied,
                "Ask for a role that grants the right. The README lists the rights that each access needs."
            ),
            ApiFailure.NotFound => new(
                ErrorIds.PodNotFound,
                ObjectNotFound,
                "Connect again. The pod may have been replaced."
            ),
            ApiFailure.NotServed => new(
                ErrorIds.KubernetesApiNotFound,
                ObjectNotFound,
                "Check the server in the kubeconfig, with its port and path. 'kubectl get pods' shows "
                    + "whether it is a Kubernetes API server."
            ),
            ApiFailure.TooManyRequests => new(
                ErrorIds.KubernetesBusy,
                ResourceBusy,
                "Try again later. The API server is temporarily refusing requests."
            ),
            ApiFailure.ServerError => new(
                ErrorIds.KubernetesServerError,
                ConnectionError,
                "Try again. If the error persists, check the log of the API server."
            ),
            ApiFailure.AnswerTooLarge => new(
                ErrorIds.KubernetesResponseTooLarge,
                LimitsExceeded,
                "Check which server answers at the address in the kubeconfig, or select fewer pods with "
                    + "-Namespace and -LabelSelector."
            ),
            _ => new(ErrorIds.KubernetesRequestRejected, InvalidOperation, "Check the message of the API server."),
        };
}
