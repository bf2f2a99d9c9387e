using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Tls;
using YamlDotNet.Core;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The program that a kubeconfig specifies to get credentials. It is run with its arguments unchanged, and again when
/// the credentials expire. Source: the client authentication API, client.authentication.k8s.io.
/// </summary>
internal sealed class ExecPlugin(KubeNode exec, KubeNode cluster) : ITokenProvider, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefreshBefore = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly ConcurrentBag<TlsSettings> _loaded = [];
    private volatile Credential? _known;

    private string Command =>
        exec.Command("command")
        ?? throw KubeConfigErrors.Unusable(
            "The credential plugin of the kubeconfig has no command.",
            "Correct the kubeconfig.",
            null,
            null
        );

    /// <summary>
    /// A plugin that requires a terminal is not run, because it would wait for input without one.
    /// </summary>
    private bool NeedsTerminal => exec.Text("interactiveMode") == "Always";

    private string? Hint => exec.Text("installHint")?.Trim();

    private string ApiVersion => exec.Text("apiVersion") ?? "client.authentication.k8s.io/v1";

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        Credential credential = await GetAsync(cancellationToken).ConfigureAwait(false);
        return credential.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null!;
    }

    /// <summary>The last client certificate of the plugin, instead of a token or together with one.</summary>
    public TlsSettings? Certificate { get; private set; }

    /// <summary>
    /// Runs the plugin again for the next request, unless it has already run since a request with this token.
    /// </summary>
    public void Forget(string? token)
    {
        if (_known is { } known && known.Token == token)
            _known = null;
    }

    /// <summary>Disposes all certificates, because an open connection may still use an earlier one.</summary>
    public void Dispose()
    {
        foreach (TlsSettings certificate in _loaded)
            certificate.Dispose();
    }

    /// <summary>
    /// Returns the credentials. A call that is stopped here waited for the plugin and not for the API server.
    /// </summary>
    private async Task<Credential> GetAsync(CancellationToken cancellationToken)
    {
        if (StillGood() is { } known)
            return known;
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cause)
        {
            throw KubeConfigErrors.PluginStillRuns(
                Command,
                "the call reached its time limit",
                "allow more time, up to 1 minute, with -TimeoutSeconds",
                cause
            );
        }
    }

    private async Task<Credential> WaitAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (StillGood() is { } known)
                return known;
            Credential fresh = await RunAsync(cancellationToken).ConfigureAwait(false);
            Certificate = fresh is { Certificate: { } certificate, Key: { } key }
                ? KubeCertificate.Load(certificate, key)
                : null;
            if (Certificate is { } loaded)
                _loaded.Add(loaded);
            return _known = fresh;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private Credential? StillGood() =>
        _known is { } known && known.Expires - RefreshBefore >= DateTimeOffset.UtcNow ? known : null;

    private async Task<Credential> RunAsync(CancellationToken cancellationToken)
    {
        if (NeedsTerminal)
            throw KubeConfigErrors.PluginNeedsTerminal(Command);
        CommandOutput ended;
        try
        {
            ended = await ChildProcess
                .RunAsync(Command, exec.Texts("args"), Prepare, default, new CallBudget(Limit, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (DialException late) when (late.Failure is CallFailure.TimedOut)
        {
            throw KubeConfigErrors.PluginStillRuns(
                Command,
                $"it reached the limit of {Limit.TotalSeconds:0} seconds",
                "use a kubeconfig with a token or a client certificate",
                null
            );
        }
        catch (DialException cause)
            when (StartRefusal.ConcernsAllPrograms(cause.InnerException, OperatingSystem.IsWindows()))
        {
            throw Failed(
                $"it cannot be started here ({cause.Message}); plugins do not work where child processes "
                    + "are not allowed",
                cause
            );
        }
        catch (DialException cause) when (cause.Failure is CallFailure.ProgramMissing)
        {
            throw KubeConfigErrors.PluginFailed(
                Command,
                cause.Message,
                Hint ?? "Install the program, and add its folder to PATH or write its absolute path in the kubeconfig.",
                cause
            );
        }
        catch (DialException cause)
        {
            throw Failed(cause.Message, cause);
        }
        return ended.ExitCode == 0
            ? Read(ended.Output)
            : throw Failed($"it ended with exit code {ended.ExitCode} and this message: {FirstLine(ended.Errors)}");
    }

    private void Prepare(ProcessStartInfo start)
    {
        foreach (KubeNode variable in exec.Items("env"))
            start.Environment[variable.Text("name") ?? ""] = variable.Text("value") ?? "";
        start.Environment["KUBERNETES_EXEC_INFO"] = Describe();
    }

    private string Describe()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (exec.Flag("provideClusterInfo"))
            spec["cluster"] = DescribeCluster();
        return new JsonObject
        {
            ["apiVersion"] = ApiVersion,
            ["kind"] = "ExecCredential",
            ["spec"] = spec,
        }.ToJsonString();
    }

    /// <summary>
    /// Contains the bytes of the CA wherever the kubeconfig stores them, and the settings of the plugin under
    /// <c>config</c>.
    /// </summary>
    private JsonObject DescribeCluster() =>
        new()
        {
            ["server"] = cluster.Text("server"),
            ["tls-server-name"] = cluster.Text("tls-server-name"),
            ["insecure-skip-tls-verify"] = cluster.Flag("insecure-skip-tls-verify"),
            ["certificate-authority-data"] = cluster.Bytes("certificate-authority") is { } authority
                ? Convert.ToBase64String(authority)
                : null,
            ["proxy-url"] = cluster.Text("proxy-url"),
            ["disable-compression"] = cluster.Flag("disable-compression"),
            ["config"] = cluster
                .Items("extensions")
                .FirstOrDefault(e => e.Text("name") == "client.authentication.k8s.io/exec")
                ?.Json("extension"),
        };

    private Credential Read(string output)
    {
        try
        {
            using JsonDocument json = Parse(output);
            if (json.RootElement.ValueKind is not JsonValueKind.Object)
                throw Failed("its output is not JSON or YAML");
            if (
                !json.RootElement.TryGetProperty("status", out JsonElement status)
                || status.ValueKind is not JsonValueKind.Object
            )
                throw Failed("its output has no status");
            string? Text(string name) =>
                status.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String
                    ? value.GetString()
                    : null;
            var credential = new Credential(
                Text("token"),
                Text("clientCertificateData"),
                Text("clientKeyData"),
                DateTimeOffset.TryParse(
                    Text("expirationTimestamp"),
                    System.Globalization.CultureInfo.InvariantCulture,
                    out DateTimeOffset expires
                )
                    ? expires
                    : DateTimeOffset.MaxValue
            );
            if (credential.Token is { } token && !HeaderText.IsAllowed(token))
                throw Failed("its token contains a line break or another control character");
            return credential.Token is null && credential.Certificate is null
                ? throw Failed("its output has neither a token nor a certificate")
                : credential;
        }
        catch (YamlException)
        {
            // The output may contain a token, so it is not shown.
            throw Failed("its output is not JSON or YAML");
        }
    }

    /// <summary>JSON cannot always be read as YAML, so JSON is tried first.</summary>
    private static JsonDocument Parse(string output)
    {
        try
        {
            return JsonDocument.Parse(output);
        }
        catch (JsonException)
        {
            return JsonDocument.Parse(YamlJson.Of(YamlTree.Read(new StringReader(output)))?.ToJsonString() ?? "null");
        }
    }

    private EtcdException Failed(string why, Exception? cause = null) =>
        KubeConfigErrors.PluginFailed(Command, why, Hint, cause);

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
        ?? "nothing";

    private sealed record Credential(string? Token, string? Certificate, string? Key, DateTimeOffset Expires);
}
