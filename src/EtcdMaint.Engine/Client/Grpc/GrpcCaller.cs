using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using Grpc.Core;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>Sends calls over one channel, with deadline, login, retries of reads, and failures of the module.</summary>
internal sealed class GrpcCaller(MemberChannel channel, MemberAddress place, Login? login, HandshakeDiagnosis diagnosis)
{
    private const int ReadTries = 3;

    private volatile bool _hasAnswered;

    /// <summary>The etcd user of the calls, or null if it is unknown.</summary>
    private string? User =>
        login is not null ? $"the etcd user is '{login.UserName}'"
        : channel.ClientName is { } name ? $"the etcd user is '{name}', as the client certificate names it"
        : null;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    public delegate AsyncUnaryCall<T> UnaryCall<T>(CallOptions options);

    /// <summary>Sends a call that may be repeated if the connection broke or there was temporarily no leader.</summary>
    public Task<TReply> ReadAsync<T, TReply>(UnaryCall<T> call, Func<T, TReply> read, CallBudget limit) =>
        CallAsync(call, read, ReadTries, limit);

    /// <summary>
    /// Sends a call once. It is sent again only if its token was rejected, because the server rejects a token before it
    /// runs the call.
    /// </summary>
    public Task<TReply> SendAsync<T, TReply>(UnaryCall<T> call, Func<T, TReply> read, CallBudget limit) =>
        CallAsync(call, read, 1, limit);

    public Task SendAsync<T>(UnaryCall<T> call, CallBudget limit) => CallAsync(call, static answer => answer, 1, limit);

    /// <summary>Sends a call immediately or not at all: a rejected token is not renewed for it.</summary>
    public Task SendAtOnceAsync<T>(UnaryCall<T> call, CallBudget limit) =>
        CallAsync(call, static answer => answer, 1, limit, mayRenewToken: false);

    /// <summary>Runs a streaming call with the same deadline, login and failures as a unary call.</summary>
    public async Task<T> StreamAsync<T>(Func<CallOptions, Task<T>> exchange, CallBudget limit)
    {
        string? token = await AuthorizeAsync(limit).ConfigureAwait(false);
        return await GuardAsync(() => exchange(Options(token, limit)), token, limit).ConfigureAwait(false);
    }

    /// <summary>Reads a stream of the server until its end. The time limit applies to each message.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CallOptions, AsyncServerStreamingCall<T>> call,
        CallBudget limit
    )
    {
        string? token = await AuthorizeAsync(limit).ConfigureAwait(false);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        using AsyncServerStreamingCall<T> stream = call(
            new CallOptions(Headers(token), cancellationToken: silence.Token)
        );
        while (true)
        {
            silence.CancelAfter(limit.Timeout);
            if (
                !await GuardAsync(() => stream.ResponseStream.MoveNext(silence.Token), token, limit)
                    .ConfigureAwait(false)
            )
                yield break;
            yield return stream.ResponseStream.Current;
        }
    }

    /// <summary>
    /// Sends one message and reads the answers until the server ends the stream. The time limit applies to the first
    /// answer, because later ones come only if something happens.
    /// </summary>
    public async IAsyncEnumerable<TAnswer> ExchangeAsync<TMessage, TAnswer>(
        Func<CallOptions, AsyncDuplexStreamingCall<TMessage, TAnswer>> call,
        TMessage message,
        CallBudget limit
    )
    {
        string? token = await AuthorizeAsync(limit).ConfigureAwait(false);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        using AsyncDuplexStreamingCall<TMessage, TAnswer> stream = call(
            new CallOptions(Headers(token), cancellationToken: silence.Token)
        );
        silence.CancelAfter(limit.Timeout);
        await GuardAsync(
                async () =>
                {
                    await stream.RequestStream.WriteAsync(message, silence.Token).ConfigureAwait(false);
                    return true;
                },
                token,
                limit
            )
            .ConfigureAwait(false);
        while (
            await GuardAsync(() => stream.ResponseStream.MoveNext(silence.Token), token, limit).ConfigureAwait(false)
        )
        {
            silence.CancelAfter(Timeout.InfiniteTimeSpan);
            yield return stream.ResponseStream.Current;
        }
    }

    /// <summary>
    /// This is one method without layers, because a process that makes one call spends time on compiling each method.
    /// </summary>
    private async Task<TReply> CallAsync<T, TReply>(
        UnaryCall<T> call,
        Func<T, TReply> read,
        int tries,
        CallBudget limit,
        bool mayRenewToken = true
    )
    {
        long started = TimeProvider.System.GetTimestamp();
        bool hasNewToken = login is null || !mayRenewToken;
        while (true)
        {
            CallBudget left = limit with { Timeout = limit.Timeout - TimeProvider.System.GetElapsedTime(started) };
            string? token = null;
            try
            {
                if (login is not null)
                    token = await login.GetTokenAsync(channel.Calls, left).ConfigureAwait(false);
                using AsyncUnaryCall<T> sent = call(Options(token, left));
                T answer = await sent.ResponseAsync.ConfigureAwait(false);
                _hasAnswered = true;
                return read(answer);
            }
            catch (Exception error) when (IsCallFailure(error))
            {
                EtcdException failed = await ExplainAsync(error, token, limit).ConfigureAwait(false);
                CallFailure? failure = (failed as MemberCallException)?.Failure;
                if (
                    !hasNewToken
                    && login is not null
                    && failure is CallFailure.TokenRejected or CallFailure.LoginRequired
                )
                    hasNewToken = true;
                else if (
                    --tries > 0
                    && failure is CallFailure.ConnectionLost or CallFailure.NoLeader or CallFailure.TooManyRequests
                    && left.Timeout > RetryInterval * 2
                )
                    await Task.Delay(RetryInterval, limit.Stop).ConfigureAwait(false);
                else
                    throw failed;
            }
        }
    }

    private Task<string?> AuthorizeAsync(CallBudget limit) =>
        login is null
            ? Task.FromResult<string?>(null)
            : GuardAsync(() => login.GetTokenAsync(channel.Calls, limit), null, limit);

    private static CallOptions Options(string? token, CallBudget limit)
    {
        TimeSpan timeout = limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero;
        return new CallOptions(Headers(token), DateTime.UtcNow + timeout, limit.Stop);
    }

    private static Metadata? Headers(string? token) => token is null ? null : new Metadata { { "token", token } };

    private async Task<T> GuardAsync<T>(Func<Task<T>> send, string? token, CallBudget limit)
    {
        try
        {
            T answer = await send().ConfigureAwait(false);
            _hasAnswered = true;
            return answer;
        }
        catch (Exception error) when (IsCallFailure(error))
        {
            throw await ExplainAsync(error, token, limit).ConfigureAwait(false);
        }
    }

    private static bool IsCallFailure(Exception error) => error is RpcException or ObjectDisposedException;

    private async Task<EtcdException> ExplainAsync(Exception cause, string? token, CallBudget limit)
    {
        if (cause is not RpcException error)
            return MemberCallException.Create(CallFailure.ConnectionClosed, place, inner: cause);
        limit.Stop.ThrowIfCancellationRequested();
        CallFailure failure = RpcFailures.Classify(error);
        if (failure is CallFailure.HandshakeFailed || (failure is CallFailure.ConnectionLost && !_hasAnswered))
            failure = await diagnosis.FindAsync(channel.Http, limit.Stop).ConfigureAwait(false) ?? failure;
        if (failure is CallFailure.TokenRejected && token is not null)
            login?.Forget(token);
        if (failure is CallFailure.LoginRequired)
            login?.Need();
        string? detail = failure is CallFailure.PermissionDenied ? User : RpcFailures.Detail(error, failure);
        return MemberCallException.Create(failure, place, detail, error);
    }
}
