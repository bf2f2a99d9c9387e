using EtcdMaint.Engine.Transports;
using Grpc.Core;

namespace EtcdMaint.Engine.Clients.Grpc;

/// <summary>Sends calls over one channel: deadline, login, retries of reads, and failures in the project's terms.</summary>
internal sealed class GrpcCaller(MemberChannel channel, MemberPlace place, Login? login, HandshakeDiagnosis diagnosis)
{
    private const int ReadTries = 3;

    private volatile bool _hasAnswered;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    public delegate AsyncUnaryCall<T> UnaryCall<T>(CallOptions options);

    /// <summary>A call that may be sent again when the connection broke or no leader was there for a moment.</summary>
    public async Task<T> ReadAsync<T>(UnaryCall<T> call, CallLimit limit)
    {
        long started = TimeProvider.System.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan left = limit.Timeout - TimeProvider.System.GetElapsedTime(started);
            try
            {
                return await SendAsync(call, limit with { Timeout = left }).ConfigureAwait(false);
            }
            catch (MemberCallException failed) when (attempt < ReadTries && IsWorthAnotherTry(failed.Failure) && left > RetryPause * 2)
            {
                await Task.Delay(RetryPause, limit.Stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A call that is sent once. It is sent again only when its token was turned down, which happens before the server
    /// does anything.
    /// </summary>
    public async Task<T> SendAsync<T>(UnaryCall<T> call, CallLimit limit)
    {
        try
        {
            return await SendAsync(call, await AuthorizeAsync(limit).ConfigureAwait(false), limit).ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (login is not null && refused.Failure is CallFailure.TokenRejected)
        {
            return await SendAsync(call, await AuthorizeAsync(limit).ConfigureAwait(false), limit).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a streaming exchange with the same deadline, login and failures as a unary call.</summary>
    public async Task<T> StreamAsync<T>(Func<CallOptions, Task<T>> exchange, CallLimit limit)
    {
        string? token = await AuthorizeAsync(limit).ConfigureAwait(false);
        return await GuardAsync(() => exchange(Options(token, limit)), token, limit).ConfigureAwait(false);
    }

    /// <summary>Reads a stream of the server's to its end; each message may take as long as the limit says.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(Func<CallOptions, AsyncServerStreamingCall<T>> call, CallLimit limit)
    {
        string? token = await AuthorizeAsync(limit).ConfigureAwait(false);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        using AsyncServerStreamingCall<T> stream = call(new CallOptions(Headers(token), cancellationToken: silence.Token));
        while (true)
        {
            silence.CancelAfter(limit.Timeout);
            if (!await GuardAsync(() => stream.ResponseStream.MoveNext(silence.Token), token, limit).ConfigureAwait(false))
                yield break;
            yield return stream.ResponseStream.Current;
        }
    }

    private static bool IsWorthAnotherTry(CallFailure failure) =>
        failure is CallFailure.ConnectionLost or CallFailure.NoLeader or CallFailure.TooManyRequests;

    private Task<T> SendAsync<T>(UnaryCall<T> call, string? token, CallLimit limit) => GuardAsync(
        async () =>
        {
            using AsyncUnaryCall<T> sent = call(Options(token, limit));
            return await sent.ResponseAsync.ConfigureAwait(false);
        },
        token,
        limit);

    private Task<string?> AuthorizeAsync(CallLimit limit) => login is null
        ? Task.FromResult<string?>(null)
        : GuardAsync<string?>(async () => await login.GetTokenAsync(channel.Grpc, limit).ConfigureAwait(false), null, limit);

    private static CallOptions Options(string? token, CallLimit limit)
    {
        TimeSpan timeout = limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero;
        return new CallOptions(Headers(token), DateTime.UtcNow + timeout, limit.Stop);
    }

    private static Metadata? Headers(string? token) => token is null ? null : new Metadata { { "token", token } };

    private async Task<T> GuardAsync<T>(Func<Task<T>> send, string? token, CallLimit limit)
    {
        try
        {
            T answer = await send().ConfigureAwait(false);
            _hasAnswered = true;
            return answer;
        }
        catch (RpcException error)
        {
            limit.Stop.ThrowIfCancellationRequested();
            CallFailure failure = RpcFailures.Classify(error);
            if (failure is CallFailure.HandshakeFailed || (failure is CallFailure.ConnectionLost && !_hasAnswered))
                failure = await diagnosis.FindAsync(channel.Http, limit.Stop).ConfigureAwait(false) ?? failure;
            if (failure is CallFailure.TokenRejected && token is not null)
                login?.Forget(token);
            throw MemberCallException.Create(failure, place, RpcFailures.Detail(error, failure), error);
        }
        catch (ObjectDisposedException cause)
        {
            throw new EtcdException(
                "ConnectionClosed", EtcdErrorCategory.InvalidOperation, "The connection was closed.", "Connect again with Connect-EtcdCluster.", place.Endpoint, cause);
        }
    }
}
