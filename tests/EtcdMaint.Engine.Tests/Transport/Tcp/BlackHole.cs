using System.Net;
using System.Net.Sockets;

namespace EtcdMaint.Engine.Tests.Transport.Tcp;

/// <summary>
/// An address of this machine at which connection requests get no answer. Its listener accepts no connection and its
/// queue is full, so the system drops further requests.
/// </summary>
internal sealed class BlackHole : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(500);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

    private BlackHole(IPAddress address, int port)
    {
        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen(0);
        Address = address;
        Port = port;
    }

    public IPAddress Address { get; }

    public int Port { get; }

    /// <summary>Windows refuses requests when the queue is full, and macOS has one address of loopback.</summary>
    public static void SkipUnlessPossible() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux drops requests to an address of loopback.");

    /// <summary>Fills the queue.</summary>
    public static async Task<BlackHole> OpenAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var hole = new BlackHole(address, port);
        while (await hole.IsAnsweringAsync(cancellation))
            Assert.True(hole._queued.Count < 100, "The queue of the listener never fills.");
        return hole;
    }

    public void Dispose()
    {
        foreach (Socket socket in _queued)
            socket.Dispose();
        _listener.Dispose();
    }

    private async Task<bool> IsAnsweringAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _queued.Add(socket);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(Answer);
        try
        {
            await socket.ConnectAsync(Address, Port, enough.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
