using System.Net;
using System.Security;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Wire;
using Grpc.Core;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>
/// The etcd user of a connection and its token. One token is valid for all members. A login makes the server compute
/// bcrypt (0.1 to 0.4 s), so the token is kept until a member rejects it.
/// </summary>
internal sealed class Login(string userName, SecureString password, Action<string>? warn = null) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private volatile string? _token;
    private volatile bool _isUnneeded;

    public string UserName { get; } = userName;

    /// <summary>Returns null if the user specified no login.</summary>
    public static Login? Of(ConnectRequest request, IRunObserver observer) =>
        request is { UserName: { } user, Password: { } password } ? new Login(user, password, observer.Warn) : null;

    /// <summary>
    /// Returns null if the cluster has no auth enabled. As in etcdctl, the calls are then sent without a login.
    /// </summary>
    public async Task<string?> GetTokenAsync(CallInvoker channel, CallBudget limit)
    {
        if (_token is { } known)
            return known;
        if (_isUnneeded)
            return null;
        await _oneAtATime.WaitAsync(limit.Stop).ConfigureAwait(false);
        try
        {
            if (_token is not null || _isUnneeded)
                return _token;
            var request = new AuthenticateRequest
            {
                Name = UserName,
                Password = new NetworkCredential("", password).Password,
            };
            AuthenticateResponse response = await new Auth.AuthClient(channel)
                .AuthenticateAsync(request, deadline: DateTime.UtcNow + limit.Timeout, cancellationToken: limit.Stop)
                .ConfigureAwait(false);
            _token = response.Token;
            return response.Token;
        }
        catch (RpcException refused) when (RpcFailures.Classify(refused) is CallFailure.LoginNotEnabled)
        {
            _isUnneeded = true;
            warn?.Invoke(
                "LoginNotEnabled: the cluster has no auth enabled. Calls continue without logging in the "
                    + $"user '{UserName}', and the password is not checked."
            );
            return null;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Forgets a rejected token, unless a newer one has been received since.</summary>
    public void Forget(string token)
    {
        if (_token == token)
            _token = null;
    }

    /// <summary>Makes the next call log in, because auth has been enabled since.</summary>
    public void Need() => _isUnneeded = false;

    public void Dispose()
    {
        _token = null;
        _oneAtATime.Dispose();
    }
}
