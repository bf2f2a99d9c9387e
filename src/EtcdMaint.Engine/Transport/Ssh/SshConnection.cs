using System.Diagnostics;
using System.Runtime.InteropServices;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// The connection to one node through the ssh client of the system. If the platform has control sockets, one master
/// process logs in and all calls share its connection. The connection is closed after it was idle for 5 minutes, and is
/// opened again when it is needed. Without control sockets, shells that are logged in run the commands, and each stream
/// logs in itself.
/// </summary>
internal sealed class SshConnection(
    SshTarget target,
    SshClientSettings settings,
    string? socket,
    IdleConnections? idle = null
) : IAsyncDisposable, IIdleConnection
{
    /// <summary>The idle logins of this process: twenty clusters of three nodes, at about 2 MB per process.</summary>
    private static readonly IdleConnections AllIdle = new(limit: 60);

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    private readonly SshClient _client = new(target, settings, socket);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly IdleConnections _others = idle ?? AllIdle;
    private readonly SshShells _shells = new();
    private SshMaster? _master;
    private Timer? _idle;
    private int _inUse;
    private volatile bool _isClosed;

    public SshTarget Target { get; } = target;

    /// <inheritdoc cref="SshClient.Destination"/>
    public IEnumerable<string> Destination => _client.Destination;

    /// <summary>
    /// Starts ssh after a login, or together with one. The connection is not idle until the lease is disposed.
    /// </summary>
    /// <exception cref="DialException">The login to the node failed.</exception>
    public async Task<(Process Process, IDisposable Lease)> StartAsync(
        IReadOnlyList<string> arguments,
        CallBudget limit
    )
    {
        var lease = new Lease(this);
        try
        {
            if (socket is null)
                return (await LogInForOneCallAsync(arguments, limit).ConfigureAwait(false), lease);
            await EnsureMasterAsync(limit).ConfigureAwait(false);
            return (_client.Start(arguments), lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs a script in a shell that is logged in, or returns null if all calls share the connection of a master.
    /// </summary>
    /// <exception cref="DialException">The login to the node failed, or the script did not end in time or printed too
    /// much.</exception>
    public async Task<(string Output, string Errors)?> RunInShellAsync(string script, CallBudget limit)
    {
        if (socket is not null)
            return null;
        using var lease = new Lease(this);
        long started = TimeProvider.System.GetTimestamp();
        SshShell shell =
            _shells.Take()
            ?? await LogInAsync(
                    async over => _shells.Take() ?? await SshShell.StartAsync(_client, over).ConfigureAwait(false),
                    limit
                )
                .ConfigureAwait(false);
        TimeSpan left = limit.Timeout - TimeProvider.System.GetElapsedTime(started);
        (string, string) output = await shell.RunAsync(script, limit with { Timeout = left }).ConfigureAwait(false);
        _shells.Add(shell);
        if (_isClosed)
            _shells.Close();
        return output;
    }

    /// <summary>
    /// Finds the reason why a stream could not be opened. On a shared connection, only the master reports it; the ssh
    /// process of the stream reports only that it failed.
    /// </summary>
    public Task<string?> FindOpenFailureAsync() => _master?.FindAsync("open failed") ?? Task.FromResult<string?>(null);

    public async ValueTask DisposeAsync()
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            _isClosed = true;
            _others.Remove(this);
            CloseLogins();
            if (_idle is not null)
                await _idle.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private Task EnsureMasterAsync(CallBudget limit) =>
        _master is { IsAlive: true }
            ? Task.CompletedTask
            : LogInAsync(
                async over =>
                {
                    if (_master is { IsAlive: true })
                        return _master;
                    CloseMaster();
                    return _master = await SshMaster.LogInAsync(_client, over).ConfigureAwait(false);
                },
                limit
            );

    private Task<Process> LogInForOneCallAsync(IReadOnlyList<string> arguments, CallBudget limit) =>
        LogInAsync(over => SshOwnLogin.StartAsync(_client, arguments, over), limit);

    /// <summary>
    /// One login to a node at a time, because sshd refuses some of many simultaneous ones.
    /// </summary>
    private async Task<T> LogInAsync<T>(Func<CancellationToken, Task<T>> logIn, CallBudget limit)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        over.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        bool isMine = false;
        try
        {
            await _oneAtATime.WaitAsync(over.Token).ConfigureAwait(false);
            isMine = true;
            if (_isClosed)
                throw new DialException(CallFailure.ConnectionLost, "the connection has been closed");
            T login = await logIn(over.Token).ConfigureAwait(false);
            _idle ??= new Timer(_ => CloseWhenIdle(), null, Timeout.Infinite, Timeout.Infinite);
            return login;
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

    /// <summary>Logs out unless a call uses the connection. The next call logs in again.</summary>
    public void CloseWhenIdle()
    {
        if (Volatile.Read(ref _inUse) > 0 || !_oneAtATime.Wait(0))
            return;
        try
        {
            if (Volatile.Read(ref _inUse) == 0)
                CloseLogins();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private void CloseLogins()
    {
        _shells.Close();
        CloseMaster();
    }

    private void CloseMaster()
    {
        if (_master is null)
            return;
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
            if (Interlocked.Increment(ref connection._inUse) == 1)
                connection._others.Remove(connection);
        }

        public void Dispose()
        {
            if (
                Interlocked.Exchange(ref _isOver, 1) != 0
                || Interlocked.Decrement(ref _connection._inUse) > 0
                || _connection._isClosed
            )
                return;
            _connection._idle?.Change(IdleLimit, Timeout.InfiniteTimeSpan);
            _connection._others.Add(_connection);
        }
    }
}
