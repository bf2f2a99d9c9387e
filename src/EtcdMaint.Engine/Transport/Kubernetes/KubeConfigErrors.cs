namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>What can be wrong with a kubeconfig. None of these holds a token or a key.</summary>
internal static class KubeConfigErrors
{
    public static EtcdException Unusable(string message, string action, object? target, Exception? cause) =>
        new(ErrorIds.KubeConfigUnusable, EtcdErrorCategory.InvalidArgument, message, action, target, cause);

    /// <summary>Without the cause: its text may quote the token.</summary>
    public static EtcdException LoginUnusable(string message, string action) =>
        new(ErrorIds.KubeLoginUnusable, EtcdErrorCategory.AuthenticationError, message, action);

    public static EtcdException IdTokenUnusable(string why) =>
        Unusable(
            $"The auth provider oidc of the kubeconfig {why}.",
            "Run any kubectl command, which renews it where it can, or log in again, as with kubelogin.",
            "oidc",
            null
        );

    public static EtcdException NotFound(string message) =>
        new(
            ErrorIds.KubeConfigNotFound,
            EtcdErrorCategory.ObjectNotFound,
            message,
            "Give a kubeconfig with -KubeConfig or the variable KUBECONFIG."
        );

    public static EtcdException ContextMissing(string context, IEnumerable<string> known) =>
        new(
            ErrorIds.KubeContextNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The kubeconfig has no context '{context}'; it has: "
                + $"{string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}.",
            "Give one of them with -Context.",
            context
        );

    public static EtcdException PluginFailed(string command, string why, string? hint, Exception? cause = null) =>
        new(
            ErrorIds.KubeCredentialPluginFailed,
            EtcdErrorCategory.AuthenticationError,
            $"The credential plugin '{command}' of the kubeconfig gave no credentials: {why.TrimEnd('.')}.",
            hint
                ?? "Run the same kubectl command in this session, or use a kubeconfig with a token or a "
                    + "client certificate.",
            command,
            cause
        );

    public static EtcdException PluginNeedsTerminal(string command) =>
        PluginFailed(
            command,
            "its interactiveMode is Always, and it gets no terminal here",
            "Use a kubeconfig with a token, a client certificate or a plugin that needs no terminal."
        );

    /// <summary>It was ended after some time that only a person could have used.</summary>
    public static EtcdException PluginStillRuns(string command, string when, string orElse, Exception? cause) =>
        PluginFailed(
            command,
            $"it was still running when {when}, and may have waited for a person",
            $"Log in with kubectl in this session first, or {orElse}.",
            cause
        );
}
