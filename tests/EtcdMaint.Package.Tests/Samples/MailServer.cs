using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EtcdMaint.Package.Tests.Samples;

/// <summary>A mail server on the loopback address that keeps the mails that it receives.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private readonly List<string> _mails = [];

    public MailServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<string> Mails
    {
        get
        {
            lock (_mails)
                return [.. _mails];
        }
    }

    /// <summary>The text of the parts with a base64 encoding.</summary>
    public static string Decode(string mail)
    {
        var text = new StringBuilder();
        foreach (string part in mail.Split("\n\n").Where((_, i) => i > 0))
        {
            string body = part.Split("\n--")[0].ReplaceLineEndings("");
            var bytes = new byte[body.Length];
            if (body.Length > 40 && Convert.TryFromBase64String(body, bytes, out int length))
                text.Append(Encoding.UTF8.GetString(bytes, 0, length));
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await ReceiveAsync(client.GetStream());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or IOException) { }
    }

    private async Task ReceiveAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync() is { } command)
        {
            if (command == "DATA")
            {
                await writer.WriteLineAsync("354 go");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync() is { } line && line != ".")
                    mail.Append(line).Append('\n');
                lock (_mails)
                    _mails.Add(mail.ToString());
            }
            await writer.WriteLineAsync(command == "QUIT" ? "221 bye" : "250 ok");
        }
    }
}
