using System.Net;
using System.Net.Sockets;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Tcp;

/// <summary>
/// Connects to the first address of a host that answers (Happy Eyeballs, RFC 8305, section 5). The next address is
/// tried when the previous one has failed or has not answered for 250 ms. From .NET 10 on,
/// <c>ConnectAlgorithm.Parallel</c> does this; this assembly targets .NET 8.
/// </summary>
internal sealed class AddressRace
{
    /// <summary>The delay recommended by RFC 8305.</summary>
    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The time limit for all addresses. By then, a system has sent its connection request four times. The limit is
    /// shorter than those of the callers, which do not know the cause.
    /// </summary>
    public static readonly TimeSpan WholeLimit = TimeSpan.FromSeconds(8);

    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly int _port;
    private readonly TimeSpan _limit;
    private readonly List<AddressAttempt> _running = [];
    private readonly List<AddressAttempt> _failed = [];

    /// <param name="addresses">The addresses in the order in which they are tried.</param>
    /// <param name="port">The port, which is the same for all addresses.</param>
    /// <param name="limit">The time limit for all attempts.</param>
    public AddressRace(IReadOnlyList<IPAddress> addresses, int port, TimeSpan? limit = null) =>
        (_addresses, _port, _limit) = (addresses, port, limit ?? WholeLimit);

    /// <exception cref="DialException">No address accepted a connection. If there are several, the message gives the
    /// cause for each of them.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(_limit);
        try
        {
            return await RunAsync(over.Token).ConfigureAwait(false) ?? throw Explain();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain();
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_running.Select(attempt => attempt.CloseAsync())).ConfigureAwait(false);
        }
    }

    /// <summary>Returns null if all attempts have failed.</summary>
    private async Task<Socket?> RunAsync(CancellationToken over)
    {
        var waiting = new Queue<IPAddress>(_addresses);
        while (waiting.Count > 0 || _running.Count > 0)
        {
            if (waiting.TryDequeue(out IPAddress? address))
                _running.Add(new AddressAttempt(address, _port, over));
            Task ended = await FirstToEndAsync(hasNext: waiting.Count > 0, over).ConfigureAwait(false);
            if (_running.Find(attempt => attempt.Connected == ended) is not { } attempt)
                continue;
            if (attempt.Failure is null)
            {
                Socket socket = await attempt.Connected.ConfigureAwait(false);
                _running.Remove(attempt);
                return socket;
            }
            _running.Remove(attempt);
            _failed.Add(attempt);
        }
        return null;
    }

    /// <summary>Returns the first attempt that ended, or the delay before the next attempt.</summary>
    private Task<Task> FirstToEndAsync(bool hasNext, CancellationToken over) =>
        hasNext ? FirstToEndInTimeAsync(over) : FirstToEndAsync([]);

    private Task<Task> FirstToEndAsync(IEnumerable<Task> others) =>
        Task.WhenAny(_running.Select(attempt => (Task)attempt.Connected).Concat(others));

    private async Task<Task> FirstToEndInTimeAsync(CancellationToken over)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(over);
        Task ended = await FirstToEndAsync([Task.Delay(AttemptDelay, enough.Token)]).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        over.ThrowIfCancellationRequested();
        return ended;
    }

    private DialException Explain()
    {
        AddressAttempt[] all = [.. _failed, .. _running];
        CallFailure failure =
            _running.Count > 0 ? CallFailure.TimedOut
            : Array.TrueForAll(all, attempt => attempt.Failure!.SocketErrorCode is SocketError.ConnectionRefused)
                ? CallFailure.Refused
            : CallFailure.Unreachable;
        string message = string.Join("; ", all.Select(attempt => attempt.Describe(isOnlyOne: all.Length == 1)));
        return new DialException(failure, message, all.Length == 1 ? all[0].Failure : null);
    }
}
