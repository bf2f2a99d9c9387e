using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>An HTTP proxy that opens tunnels (CONNECT) only for clients that log in.</summary>
public sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly string _login;
    private readonly Task _accepting;

    public ConnectProxy(string user, string password)
    {
        _login = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The target of every tunnel, regardless of the request; null uses the requested address.</summary>
    public IPEndPoint? LeadsTo { get; init; }

    /// <summary>The requested targets of tunnels.</summary>
    public ConcurrentQueue<string> Tunnels { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient own = client;
        NetworkStream stream = client.GetStream();
        string[] lines = (await ReadHeadAsync(stream)).Split("\r\n");
        if (!lines.Contains($"Proxy-Authorization: {_login}"))
        {
            await SayAsync(
                stream,
                "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
                    + "realm=\"test\"\r\nContent-Length: 0\r\nConnection: close"
            );
            return;
        }
        string target = lines[0].Split(' ')[1];
        Tunnels.Enqueue(target);
        using var server = new TcpClient();
        await server.ConnectAsync(LeadsTo ?? IPEndPoint.Parse(target), _over.Token);
        await SayAsync(stream, "200 OK");
        await Task.WhenAny(
            stream.CopyToAsync(server.GetStream(), _over.Token),
            server.GetStream().CopyToAsync(stream, _over.Token)
        );
    }

    /// <summary>Reads byte by byte, so that none of the following data is consumed.</summary>
    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (
            !head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
            && await stream.ReadAsync(one, _over.Token) == 1
        )
            head.Append((char)one[0]);
        return head.ToString();
    }

    private ValueTask SayAsync(NetworkStream stream, string head) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\n\r\n"), _over.Token);
}
