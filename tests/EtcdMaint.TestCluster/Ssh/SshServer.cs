using System.Diagnostics;
using System.Net.Sockets;

namespace EtcdMaint.TestCluster;

/// <summary>
/// A real sshd on a loopback port, with temporary host and user keys, with which this user logs in to this machine.
/// </summary>
/// <remarks>
/// If root runs it, sshd needs a separate user and a folder below /run; it gets both in a mount namespace, so that
/// nothing on the machine is changed.
/// </remarks>
public sealed class SshServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether an sshd has run in this process before: then it can run here.</summary>
    private static volatile bool _hasRun;

    private const string AsRoot = """
        set -e
        mount --make-rprivate /
        for f in passwd shadow group; do [ -e "/etc/$f" ] && cp "/etc/$f" "$1/$f"; done
        # A plain shell without startup files: the programs in them may be slow, and end with the connection.
        sed -i "s|^\($4:.*\):[^:]*:[^:]*$|\1:$1:/bin/sh|" "$1/passwd"
        grep -q '^sshd:' "$1/passwd" || echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >> "$1/passwd"
        mount --bind "$1/passwd" /etc/passwd
        # The rest of /run is kept: a container runtime stores the list of its containers there.
        mkdir "$1/run"
        mount --rbind /run "$1/run"
        mount -t tmpfs -o mode=755 tmpfs /run
        for d in "$1"/run/*/; do
          [ -d "$d" ] && mkdir -p "/run/$(basename "$d")" && mount --rbind "$d" "/run/$(basename "$d")"
        done
        [ -d /run/sshd ] || mkdir -m 755 /run/sshd
        exec "$2" -D -e -f "$3"
        """;

    private readonly OpenSsh _ssh;
    private readonly ThrowAwayFolder _folder;
    private readonly SshServerOptions _options;
    private Process? _process;

    private SshServer(OpenSsh ssh, SshServerOptions options)
    {
        _ssh = ssh;
        _options = options;
        _folder = ThrowAwayFolder.Create("sshd");
        Port = LoopbackPorts.Take();
        KnownHostsFile = Path.Combine(_folder.FullPath, "known_hosts");
    }

    public int Port { get; }

    public string UserName => Environment.UserName;

    public string Client => _ssh.Client;

    public string KnownHostsFile { get; }

    public string FolderPath => _folder.FullPath;

    public int ProcessId => _process!.Id;

    public string ReadLog() => File.ReadAllText(Path.Combine(_folder.FullPath, "log"));

    public static async Task<Availability> CheckAsync(CancellationToken cancellation = default)
    {
        if (_hasRun)
            return Availability.Yes;
        try
        {
            await using var server = await StartAsync(cancellation: cancellation);
            return Availability.Yes;
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException or IOException)
        {
            return Availability.No($"sshd cannot run here: {error.Message}");
        }
    }

    public static async Task<SshServer> StartAsync(
        SshServerOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        var server = new SshServer(await OpenSsh.GetAsync(), options ?? new SshServerOptions());
        try
        {
            await server.PrepareAsync(cancellation);
            await server.LaunchAsync(cancellation);
            _hasRun = true;
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A section of an ssh config that gives this server a name; the settings that are put first take precedence.
    /// </summary>
    public string HostBlock(string alias, params string[] first) =>
        string.Join('\n', [$"Host {alias}", .. first, "  HostName 127.0.0.1", $"  Port {Port}", .. ClientSettings()])
        + "\n";

    /// <summary>A host key of another server, as its known_hosts line.</summary>
    public async Task<string> KnownHostsWithAnotherKeyAsync(CancellationToken cancellation = default)
    {
        var key = await MakeKeyAsync("other-host-key", cancellation);
        var file = Path.Combine(_folder.FullPath, "known_hosts_other");
        await File.WriteAllTextAsync(
            file,
            $"[127.0.0.1]:{Port} {await File.ReadAllTextAsync(key + ".pub", cancellation)}",
            cancellation
        );
        return file;
    }

    /// <summary>A user key that the server does not know.</summary>
    public Task<string> MakeUnknownKeyAsync(CancellationToken cancellation = default) =>
        MakeKeyAsync("unknown-key", cancellation);

    /// <summary>Closes every logged-in connection at once. Programs that were started over it continue.</summary>
    public void CutConnections()
    {
        foreach (var session in Descendants(ProcessId).Where(IsSession))
            ProcessSignal.Kill(session);
    }

    /// <summary>Freezes every logged-in connection: it stays open and does not answer.</summary>
    public void SilenceConnections()
    {
        foreach (var session in Descendants(ProcessId).Where(IsSession))
            ProcessSignal.Stop(session);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            foreach (var child in Descendants(ProcessId))
                ProcessSignal.Kill(child);
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        _process = null;
        await _folder.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        var hostKey = await MakeKeyAsync("host-key", cancellation);
        var userKey = await MakeKeyAsync("user-key", cancellation);
        File.Copy(userKey + ".pub", Path.Combine(_folder.FullPath, "authorized_keys"));
        await File.WriteAllTextAsync(
            KnownHostsFile,
            $"[127.0.0.1]:{Port} {await File.ReadAllTextAsync(hostKey + ".pub", cancellation)}",
            cancellation
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullPath, "sshd_config"),
            $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {hostKey}
            PidFile none
            AuthorizedKeysFile {Path.Combine(_folder.FullPath, "authorized_keys")}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            MaxStartups {_options.LoginsAtOnce}
            # Otherwise only the first rejected connection is logged.
            LogLevel VERBOSE
            AllowTcpForwarding {(_options.AllowForwarding ? "yes" : "no")}
            {(_options.Variables.Count == 0 ? "" : $"SetEnv {string.Join(' ', _options.Variables)}")}

            """,
            cancellation
        );
    }

    private IEnumerable<string> ClientSettings() =>
        [
            $"  User {UserName}",
            $"  IdentityFile {Path.Combine(_folder.FullPath, "user-key")}",
            "  IdentitiesOnly yes",
            "  IdentityAgent none",
            $"  UserKnownHostsFile {KnownHostsFile}",
            "  GlobalKnownHostsFile /dev/null",
            "  StrictHostKeyChecking yes",
        ];

    private async Task<string> MakeKeyAsync(string name, CancellationToken cancellation)
    {
        var file = Path.Combine(_folder.FullPath, name);
        var made = await Command.RunAsync(
            _ssh.KeyGenerator,
            ["-q", "-t", "ed25519", "-N", "", "-C", "throw-away", "-f", file],
            TimeSpan.FromSeconds(10),
            cancellation: cancellation
        );
        made.OutputOrThrow();
        return file;
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        var config = Path.Combine(_folder.FullPath, "sshd_config");
        var log = Path.Combine(_folder.FullPath, "log");
        string[] command = Environment.IsPrivilegedProcess
            ? ["unshare", "-m", "sh", "-c", AsRoot, "sh", _folder.FullPath, _ssh.Server, config, UserName]
            : [_ssh.Server, "-D", "-e", "-f", config];
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "log=$1; shift; exec \"$@\" < /dev/null >> \"$log\" 2>&1", "sh", log, .. command]
        );
        EtcdEnvironment.Clear(start.Environment);
        if (_ssh.LibraryPath is not null)
            start.Environment["LD_LIBRARY_PATH"] = _ssh.LibraryPath;

        _process = Process.Start(start)!;
        _folder.Remember(ProcessMark.Of(_process.Id));
        await Poll.UntilAsync(
            () =>
                _process.HasExited
                    ? throw new InvalidOperationException($"sshd ended: {ReadLog().Trim()}")
                    : IsListening(),
            StartTimeout,
            "sshd listens",
            cancellation
        );
    }

    private bool IsListening()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsSession(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").StartsWith("sshd", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Descendants(int process) =>
        Children(process).SelectMany(child => Descendants(child).Prepend(child)).ToList();

    private static List<int> Children(int process)
    {
        var children = new List<int>();
        foreach (
            var folder in Directory
                .EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        )
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{process}")
                    children.Add(int.Parse(Path.GetFileName(folder)));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return children;
    }
}

/// <summary>The settings of an <see cref="SshServer"/>.</summary>
public sealed record SshServerOptions
{
    public bool AllowForwarding { get; init; } = true;

    /// <summary>Connections beyond this number of unfinished logins are rejected (sshd's <c>MaxStartups</c>).</summary>
    public int LoginsAtOnce { get; init; } = 100;

    /// <summary>The PATH of a command; null leaves it to the shell.</summary>
    public string? Path { get; init; }

    /// <summary>Additional variables of each command, as <c>NAME=value</c> without spaces.</summary>
    public IReadOnlyList<string> FurtherVariables { get; init; } = [];

    /// <summary>sshd uses only the first of several lines.</summary>
    internal IReadOnlyList<string> Variables => Path is null ? FurtherVariables : [$"PATH={Path}", .. FurtherVariables];
}
