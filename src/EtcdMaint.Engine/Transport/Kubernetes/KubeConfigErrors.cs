namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>The errors of a kubeconfig. None of them contains a token or a key.</summary>
internal static class KubeConfigErrors
{
    public static EtcdException Unusable(string message, string action, object? target, Exception? cause) =>
        new(ErrorIds.KubeConfigUnusable, EtcdErrorCategory.InvalidArgument, message, action, target, cause);

    /// <summary>Has no inner exception, because its text may quote the token.</summary>
    public static EtcdException LoginUnusable(string message, string action) =>
        new(ErrorIds.KubeLoginUnusable, EtcdErrorCategory.AuthenticationError, message, action);

    public static EtcdException IdTokenUnusable(string why) =>
        Unusable(
            $"The oidc auth provider of the kubeconfig {why}.",
            "Run any kubectl command, which renews the token if possible, or log in again, for "
                + "example with kubelogin.",
            "oidc",
            null
        );

    public static EtcdException NotFound(string message) =>
        new(
            ErrorIds.KubeConfigNotFound,
            EtcdErrorCategory.ObjectNotFound,
            message,
            "Specify a kubeconfig with -KubeConfig or the variable KUBECONFIG."
        );

    public static EtcdException ContextMissing(string context, IEnumerable<string> known) =>
        new(
            ErrorIds.KubeContextNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The kubeconfig has no context '{context}'. It has: "
                + $"{string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}.",
            "Specify one of them with -Context.",
            context
        );

    public static EtcdException PluginFailed(string command, string why, string? hint, Exception? cause = null) =>
        new(
            ErrorIds.KubeCredentialPluginFailed,
            EtcdErrorCategory.AuthenticationError,
            $"The credential plugin '{command}' of the kubeconfig returned no credentials: {why.TrimEnd('.')}.",
            hint
                ?? "Run the same kubectl command in this session, or use a kubeconfig with a token or a "
                    + "client certificate.",
            command,
            cause
        );

    public static EtcdException PluginNeedsTerminal(string command) =>
        PluginFailed(
            command,
            "its interactiveMode is Always, and no terminal is available",
            "Use a kubeconfig with a token, a client certificate or a plugin that requires no terminal."
        );

    /// <summary>The plugin was stopped after a time that is needed only for user input.</summary>
    public static EtcdException PluginStillRuns(string command, string when, string orElse, Exception? cause) =>
        PluginFailed(
            command,
            $"it was still running when {when}, and may have waited for user input",
            $"Log in with kubectl in this session first, or {orElse}.",
            cause
        );
}
