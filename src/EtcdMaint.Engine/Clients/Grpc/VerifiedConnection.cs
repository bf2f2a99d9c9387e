using EtcdMaint.Engine.Transports;
using EtcdMaint.Engine.Wire;

namespace EtcdMaint.Engine.Clients.Grpc;

/// <summary>
/// One connection over which a member has just said who it is. Its channel never makes a second connection, so what is
/// sent here reaches that very member or is not sent at all.
/// </summary>
internal sealed class VerifiedConnection : IDisposable
{
    private readonly MemberPlace _place;
    private readonly MemberChannel _channel;
    private readonly GrpcCaller _caller;

    private VerifiedConnection(SecureDialer dialer, MemberPlace place, Login? login)
    {
        _place = place;
        _channel = new MemberChannel(dialer, mayReconnect: false);
        _caller = new GrpcCaller(_channel, place, login, new HandshakeDiagnosis(dialer));
    }

    /// <exception cref="MemberCallException">The member did not answer, or another one did.</exception>
    public static async Task<VerifiedConnection> OpenAsync(SecureDialer dialer, MemberPlace place, Login? login, ulong memberId, CallLimit limit)
    {
        var connection = new VerifiedConnection(dialer, place, login);
        try
        {
            await connection.VerifyAsync(memberId, limit).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends one Defragment.</summary>
    public Task DefragmentAsync(CallLimit limit)
    {
        var maintenance = new Wire.Maintenance.MaintenanceClient(_channel.Grpc);
        return _caller.SendAsync(o => maintenance.DefragmentAsync(new DefragmentRequest(), o), limit);
    }

    public void Dispose() => _channel.Dispose();

    private async Task VerifyAsync(ulong memberId, CallLimit limit)
    {
        var cluster = new Wire.Cluster.ClusterClient(_channel.Grpc);
        ReplyHeader answer;
        try
        {
            answer = await _caller
                .SendAsync(o => cluster.MemberListAsync(new MemberListRequest { Linearizable = false }, o), response => WireReplies.Read(response.Header), limit)
                .ConfigureAwait(false);
        }
        catch (MemberCallException failed) when (failed.IsOutcomeUnknown)
        {
            throw MemberCallException.Create(CallFailure.NotSent, _place, failed.Message, failed);
        }
        if (answer.MemberId != memberId)
            throw MemberCallException.Create(CallFailure.OtherMember, _place);
    }
}
