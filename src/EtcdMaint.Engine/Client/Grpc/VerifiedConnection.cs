using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.Engine.Wire;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>
/// A connection over which a member has just confirmed its ID. Its channel never makes a second connection, so a call
/// reaches this member or is not sent.
/// </summary>
internal sealed class VerifiedConnection : IPreparedDefrag
{
    private readonly MemberAddress _place;
    private readonly MemberChannel _channel;
    private readonly GrpcCaller _caller;
    private readonly ulong _memberId;
    private CancellationTokenRegistration _end;

    private VerifiedConnection(SecureDialer dialer, MemberAddress place, Login? login, ulong memberId)
    {
        _place = place;
        _memberId = memberId;
        _channel = new MemberChannel(dialer, mayReconnect: false);
        _caller = new GrpcCaller(_channel, place, login, new HandshakeDiagnosis(dialer));
    }

    /// <exception cref="MemberCallException">The member did not answer, or another member answered.</exception>
    public static async Task<VerifiedConnection> OpenAsync(
        SecureDialer dialer,
        MemberAddress place,
        Login? login,
        ulong memberId,
        CallBudget limit
    )
    {
        var connection = new VerifiedConnection(dialer, place, login, memberId);
        try
        {
            await connection.VerifyAsync(limit).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connection when the token is cancelled.</summary>
    public void EndWith(CancellationToken end) => _end = end.Register(_channel.Dispose);

    public Task SendAsync(CallBudget limit)
    {
        var maintenance = new Wire.Maintenance.MaintenanceClient(_channel.Calls);
        return _caller.SendAtOnceAsync(o => maintenance.DefragmentAsync(new DefragmentRequest(), o), limit);
    }

    public void Dispose()
    {
        _end.Dispose();
        _channel.Dispose();
    }

    public async Task VerifyAsync(CallBudget limit)
    {
        var cluster = new Wire.Cluster.ClusterClient(_channel.Calls);
        ReplyHeader answer;
        try
        {
            answer = await _caller
                .SendAsync(
                    o => cluster.MemberListAsync(new MemberListRequest { Linearizable = false }, o),
                    response => ReplyMapper.Read(response.Header),
                    limit
                )
                .ConfigureAwait(false);
        }
        catch (MemberCallException failed) when (failed.IsOutcomeUnknown)
        {
            throw MemberCallException.Create(CallFailure.NotSent, _place, failed.Message, failed);
        }
        if (answer.MemberId != _memberId)
            throw MemberCallException.Create(CallFailure.OtherMember, _place);
    }
}
