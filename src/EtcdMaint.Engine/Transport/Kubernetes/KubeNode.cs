using System.Text.Json.Nodes;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>A mapping in a kubeconfig. Absent and empty values read as null.</summary>
internal sealed class KubeNode(object? node, string folder)
{
    private readonly Dictionary<string, object?>? _entries = node as Dictionary<string, object?>;

    public IEnumerable<string> Keys => _entries is null ? [] : _entries.Keys;

    public string? Text(string key) =>
        Find(key) is YamlText { IsNull: false, Value: { Length: > 0 } value } ? value : null;

    /// <summary>
    /// Returns false if the key is absent. Like kubectl, it refuses any text that is neither true nor false.
    /// </summary>
    public bool Flag(string key) =>
        Text(key) is not null
        && (
            Find(key) is YamlText { Flag: { } flag }
                ? flag
                : throw KubeConfigErrors.Unusable(
                    $"The value of {key} in the kubeconfig is neither true nor false.",
                    "Correct the kubeconfig.",
                    key,
                    null
                )
        );

    /// <summary>Returns a path, resolved against the folder of its kubeconfig.</summary>
    public string? FilePath(string key) => Text(key) is { } path ? Path.Combine(folder, path) : null;

    /// <summary>
    /// Returns the base64 content of the key with <c>-data</c>, or otherwise the content of the file to which the key
    /// refers.
    /// </summary>
    public byte[]? Bytes(string key)
    {
        if (Data(key + "-data") is { } data)
            return data;
        if (FilePath(key) is not { } path)
            return null;
        try
        {
            return LimitedRead.CertificateFile(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw KubeConfigErrors.Unusable(
                $"The {key} {path} of the kubeconfig cannot be read.",
                "Check the path and its permissions.",
                path,
                cause
            );
        }
    }

    public KubeNode Child(string key) => new(Find(key), folder);

    public bool Has(string key) => Find(key) is not (null or YamlText { IsNull: true });

    public JsonNode? Json(string key) => YamlJson.Of(Find(key));

    public IEnumerable<KubeNode> Items(string key) =>
        Find(key) is List<object?> list
            ? list.OfType<Dictionary<string, object?>>().Select(n => new KubeNode(n, folder))
            : [];

    /// <summary>
    /// Returns a list of strings. Like kubectl, it refuses any other value: a dropped group would change the user as
    /// whom a request acts.
    /// </summary>
    public IReadOnlyList<string> Texts(string key) =>
        Find(key) switch
        {
            null or YamlText { IsNull: true } => [],
            List<object?> list when list.TrueForAll(item => item is YamlText) =>
            [
                .. list.Cast<YamlText>().Select(n => n.IsNull ? "" : n.Value),
            ],
            _ => throw KubeConfigErrors.Unusable(
                $"The value of {key} in the kubeconfig is not a list of strings.",
                "Correct the kubeconfig.",
                key,
                null
            ),
        };

    /// <summary>
    /// Returns a command. A command with a folder is resolved against the folder of its kubeconfig; one without a
    /// folder is searched on PATH.
    /// </summary>
    public string? Command(string key) =>
        Text(key) is { } command
        && command.IndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]) >= 0
            ? Path.GetFullPath(command, folder)
            : Text(key);

    private byte[]? Data(string key)
    {
        if (Text(key) is not { } text)
            return null;
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw KubeConfigErrors.Unusable(
                $"The value of {key} in the kubeconfig is not base64.",
                "Correct the kubeconfig.",
                key,
                null
            );
        }
    }

    private object? Find(string key) => _entries?.GetValueOrDefault(key);
}
