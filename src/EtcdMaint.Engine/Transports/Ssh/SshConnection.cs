using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports.Processes;

namespace EtcdMaint.Engine.Transports.Ssh;

/// <summary>
/// One node by the system's ssh client. Where the platform has control sockets, one master process logs in and all calls
/// share its connection; it is closed after five idle minutes, and opened again when needed. The master is this
/// process's own child and reads from it, so it ends with it however that ends; ssh's own ControlPersist would leave it
/// behind, holding the error output open.
/// </summary>
internal sealed class SshConnection(SshTarget target, SshClientSettings settings, string? socket) : IAsyncDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    // Many logins at once, as through one jump host, are turned away at random (sshd's MaxStartups, 10:30:100 by default).
    private const int LoginAttempts = 5;

    private static readonly TimeSpan LoginPause = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly SshWords _masterWords = new();
    private Process? _master;
    private Timer? _idle;
    private int _inUse;
    private volatile bool _isClosed;

    public SshTarget Target { get; } = target;

    /// <summary>Starts ssh; the connection is not taken for idle until the lease is given back.</summary>
    /// <exception cref="DialException">The node cannot be logged in to.</exception>
    public async Task<(Process Process, IDisposable Lease)> StartAsync(IReadOnlyList<string> arguments, CallLimit limit)
    {
        var lease = new Lease(this);
        try
        {
            if (socket is not null)
                await EnsureMasterAsync(limit).ConfigureAwait(false);
            return (Launch([.. Options("no"), .. arguments]), lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Why a stream could not be opened. Over a shared connection that is told to the master, after the stream's own ssh
    /// has heard no more than that it failed.
    /// </summary>
    public Task<string?> FindOpenFailureAsync() => socket is null ? Task.FromResult<string?>(null) : _masterWords.FindAsync("open failed");

    /// <summary>What stands after the options: the node itself.</summary>
    public IEnumerable<string> Destination => ["--", Target.Destination];

    public async ValueTask DisposeAsync()
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            _isClosed = true;
            CloseMaster();
            if (_idle is not null)
                await _idle.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task EnsureMasterAsync(CallLimit limit)
    {
        if (IsAlive(_master))
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        over.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        bool isMine = false;
        try
        {
            await _oneAtATime.WaitAsync(over.Token).ConfigureAwait(false);
            isMine = true;
            if (_isClosed)
                throw new DialException(CallFailure.ConnectionLost, "the connection was closed");
            if (IsAlive(_master))
                return;
            CloseMaster();
            _master = await LogInPatientlyAsync(over.Token).ConfigureAwait(false);
            _idle ??= new Timer(_ => CloseWhenIdle(), null, Timeout.Infinite, Timeout.Infinite);
        }
        catch (OperationCanceledException)
        {
            limit.Stop.ThrowIfCancellationRequested();
            throw new DialException(CallFailure.SshHostUnreachable, "the login did not end in time");
        }
        finally
        {
            if (isMine)
                _oneAtATime.Release();
        }
    }

    /// <summary>Whoever is turned away by a busy server comes back a little later, and not all at once.</summary>
    private async Task<Process> LogInPatientlyAsync(CancellationToken over)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await LogInAsync(over).ConfigureAwait(false);
            }
            catch (DialException busy) when (busy.Failure is CallFailure.SshServerHungUp && attempt < LoginAttempts)
            {
                await Task.Delay(LoginPause * (attempt + Random.Shared.NextDouble()), over).ConfigureAwait(false);
            }
        }
    }

    private async Task<Process> LogInAsync(CancellationToken over)
    {
        Process master = Launch([.. Options("yes"), .. Destination, "echo ready; cat > /dev/null"]);
        try
        {
            Task<string> errors = _masterWords.ReadAsync(master.StandardError);
            string? line;
            do
                line = await master.StandardOutput.ReadLineAsync(over).ConfigureAwait(false);
            while (line is not null and not "ready");
            return line is not null ? master : throw SshFailures.ReadLogin(await errors.WaitAsync(over).ConfigureAwait(false));
        }
        catch
        {
            ChildProcess.End(master);
            master.Dispose();
            throw;
        }
    }

    private Process Launch(IReadOnlyList<string> arguments)
    {
        try
        {
            return ChildProcess.Start(settings.Program, arguments, static start =>
            {
                start.Environment["LC_ALL"] = "C";

                // The ssh to a jump host is not told of BatchMode; without a terminal it would ask in a window.
                start.Environment["SSH_ASKPASS_REQUIRE"] = "never";
            });
        }
        catch (DialException missing)
        {
            throw new DialException(CallFailure.SshUnusable, missing.Message, missing);
        }
    }

    private IEnumerable<string> Options(string master)
    {
        if (settings.ConfigFile is not null)
            yield return $"-F{settings.ConfigFile}";
        if (Target.Port is { } port)
            yield return string.Create(CultureInfo.InvariantCulture, $"-p{port}");
        yield return "-T";
        yield return "-oBatchMode=yes";

        // A master tells of streams that could not be opened at this level; other calls would show the node's banner.
        yield return $"-oLogLevel={(master == "yes" || socket is null ? "INFO" : "ERROR")}";
        yield return string.Create(CultureInfo.InvariantCulture, $"-oConnectTimeout={(int)SshClientSettings.ConnectTimeout.TotalSeconds}");

        // A node that went silent is noticed, while one whose etcd stands still goes on answering.
        yield return "-oServerAliveInterval=5";
        yield return "-oServerAliveCountMax=3";
        if (socket is null)
            yield break;
        yield return $"-oControlMaster={master}";
        yield return $"-oControlPath={socket}";
        yield return "-oControlPersist=no";
    }

    private void CloseWhenIdle()
    {
        if (Volatile.Read(ref _inUse) > 0 || !_oneAtATime.Wait(0))
            return;
        try
        {
            if (Volatile.Read(ref _inUse) == 0)
                CloseMaster();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Asked outside the lock too, where another call may just have closed the master.</summary>
    private static bool IsAlive(Process? master)
    {
        try
        {
            return master is { HasExited: false };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void CloseMaster()
    {
        if (_master is null)
            return;
        ChildProcess.End(_master);
        _master.Dispose();
        _master = null;
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            File.Delete(socket!);
    }

    private sealed class Lease : IDisposable
    {
        private readonly SshConnection _connection;
        private int _isOver;

        public Lease(SshConnection connection)
        {
            _connection = connection;
            Interlocked.Increment(ref connection._inUse);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0 && Interlocked.Decrement(ref _connection._inUse) == 0 && !_connection._isClosed)
                _connection._idle?.Change(IdleLimit, Timeout.InfiniteTimeSpan);
        }
    }
}

/// <summary>Which ssh client is used, and how.</summary>
/// <param name="ConfigFile">Another config than the user's own; null for that.</param>
internal sealed record SshClientSettings(string Program = "ssh", string? ConfigFile = null)
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
}
