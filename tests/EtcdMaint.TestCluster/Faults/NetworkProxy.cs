using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EtcdMaint.TestCluster;

/// <summary>
/// A TCP proxy in front of a member that simulates each kind of connection loss. TLS passes through unchanged.
/// </summary>
public sealed class NetworkProxy : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;
    private long _bytesToMember;

    private NetworkProxy(Uri target, int port)
    {
        _target = target;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The URL that a client uses instead of the member's own URL.</summary>
    public string Url => $"{_target.Scheme}://127.0.0.1:{Port}";

    public int OpenConnections => _connections.Count;

    public int AcceptedConnections => Volatile.Read(ref _accepted);

    /// <summary>The bytes that the proxy has sent to the member, over all connections.</summary>
    public long BytesToMember => Interlocked.Read(ref _bytesToMember);

    /// <summary>The delay of each piece of data from the client to the member, from now on.</summary>
    public TimeSpan DelayToMember { get; set; }

    /// <summary>The delay of each piece of data from the member to the client, from now on.</summary>
    public TimeSpan DelayToClient { get; set; }

    internal Gate Gate { get; } = new();

    /// <summary>Blocks the data of a connection beyond <see cref="MostBytesToMember"/>.</summary>
    internal Gate Surplus { get; } = new();

    internal long MostBytesToMember { get; private set; } = long.MaxValue;

    public static NetworkProxy Start(ClusterMember member) => Start(new Uri(member.ClientUrl));

    public static NetworkProxy Start(Uri target)
    {
        while (true)
        {
            var proxy = new NetworkProxy(target, LoopbackPorts.Take());
            try
            {
                proxy.Listen();
                return proxy;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another process took the port first; try the next one.
            }
        }
    }

    /// <summary>Resets all open connections; new connections work.</summary>
    public void Drop()
    {
        foreach (var connection in _connections.Keys)
            connection.Reset();
    }

    /// <summary>Resets all connections and refuses new ones, until <see cref="Heal"/>.</summary>
    public void Cut()
    {
        _listener?.Stop();
        _listener = null;
        Drop();
    }

    /// <summary>
    /// Keeps connections open and accepts new ones, but forwards nothing, until <see cref="Heal"/> delivers the held
    /// data.
    /// </summary>
    public void BlackHole() => Gate.Close();

    /// <summary>
    /// Forwards only this many bytes of each connection to the member, so that a long transfer stops in the middle,
    /// until <see cref="Heal"/>.
    /// </summary>
    public void HoldAfter(long bytes)
    {
        Surplus.Close();
        MostBytesToMember = bytes;
    }

    public void Heal()
    {
        MostBytesToMember = long.MaxValue;
        Surplus.Open();
        Gate.Open();
        if (_listener is null)
            Listen();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        Surplus.Open();
        Gate.Open();
        await _accepting;
        await Task.WhenAll(_connections.Values);
    }

    internal void CountToMember(int bytes) => Interlocked.Add(ref _bytesToMember, bytes);

    private void Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                Interlocked.Increment(ref _accepted);
                var connection = new ProxiedConnection(this, client);
                _connections[connection] = RunAsync(connection);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        await Task.Yield();
        await connection.RunAsync(_target.Host, _target.Port);
        _connections.TryRemove(connection, out _);
    }
}
