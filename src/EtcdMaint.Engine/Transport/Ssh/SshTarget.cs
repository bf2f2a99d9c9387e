using System.Globalization;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>A node as specified in <c>-SshHost</c>.</summary>
/// <param name="Destination">The destination for ssh: a host or a name of the ssh config, with a user if one was
/// specified.</param>
/// <param name="Port">The port, or null to use the ssh config.</param>
internal sealed record SshTarget(string Destination, int? Port)
{
    public static IReadOnlyList<SshTarget> ParseAll(IEnumerable<string> texts)
    {
        SshTarget[] targets =
        [
            .. texts
                .SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(Parse)
                .Distinct(),
        ];
        return targets.Length > 0 ? targets : throw Malformed("");
    }

    public override string ToString() => Port is null ? $"ssh://{Destination}" : $"ssh://{Destination}:{Port}";

    private static SshTarget Parse(string text)
    {
        string rest = text.StartsWith("ssh://", StringComparison.Ordinal) ? text["ssh://".Length..].TrimEnd('/') : text;
        int colon = rest.LastIndexOf(':');
        bool hasPort = colon > 0 && (rest.IndexOf(':') == colon || rest[colon - 1] == ']');
        string destination = (hasPort ? rest[..colon] : rest)
            .Replace("[", "", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal);
        int? port = null;
        if (hasPort)
            port = ushort.TryParse(
                rest.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ushort read
            )
                ? read
                : throw Malformed(text);

        // A value that starts with a dash would be an option of ssh, and options can run programs.
        string host = destination[(destination.IndexOf('@', StringComparison.Ordinal) + 1)..];
        return
            destination.StartsWith('-')
            || host.Length == 0
            || host.StartsWith('-')
            || destination.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? throw Malformed(text)
            : new SshTarget(destination, port);
    }

    private static EtcdException Malformed(string text) =>
        new(
            ErrorIds.MalformedSshHost,
            EtcdErrorCategory.InvalidArgument,
            text.Length == 0 ? "No ssh host was specified." : $"'{text}' is not a host for ssh.",
            "Write it as host, user@host or user@host:port, or as a name of the ssh config.",
            text
        );
}
