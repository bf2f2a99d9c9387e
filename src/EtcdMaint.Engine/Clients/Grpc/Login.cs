using System.Net;
using System.Security;
using EtcdMaint.Engine.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Clients.Grpc;

/// <summary>
/// The etcd user of a connection and its token. One token serves all members; a login costs the server a bcrypt round
/// (0.1 to 0.4 s), so it is kept until a member turns it down.
/// </summary>
internal sealed class Login(string userName, SecureString password) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private volatile string? _token;

    public string UserName { get; } = userName;

    public async Task<string> GetTokenAsync(GrpcChannel channel, CallLimit limit)
    {
        if (_token is { } known)
            return known;
        await _oneAtATime.WaitAsync(limit.Stop).ConfigureAwait(false);
        try
        {
            if (_token is { } meanwhile)
                return meanwhile;
            var request = new AuthenticateRequest { Name = UserName, Password = new NetworkCredential("", password).Password };
            AuthenticateResponse response = await new Auth.AuthClient(channel)
                .AuthenticateAsync(request, deadline: DateTime.UtcNow + limit.Timeout, cancellationToken: limit.Stop)
                .ConfigureAwait(false);
            _token = response.Token;
            return response.Token;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Forgets a token that was turned down, unless a newer one has been got meanwhile.</summary>
    public void Forget(string token)
    {
        if (_token == token)
            _token = null;
    }

    public void Dispose()
    {
        _token = null;
        _oneAtATime.Dispose();
    }
}
