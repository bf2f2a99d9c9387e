using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.Engine.Wire;
using Google.Protobuf;
using Grpc.Core;
using static EtcdMaint.Engine.Wire.AlarmRequest.Types;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>Calls one endpoint over gRPC, on any stream that the dialer makes.</summary>
internal sealed class GrpcMemberClient : IMemberClient
{
    private readonly CancellationTokenSource _closed = new();
    private readonly SecureDialer _dialer;
    private readonly Login? _login;
    private readonly MemberChannel _channel;
    private readonly IDiskGauge? _disk;
    private readonly GrpcCaller _caller;
    private readonly CertificateReader _certificates;

    public GrpcMemberClient(
        MemberAddress place,
        EtcdEndpoint endpoint,
        IDialer dialer,
        TlsSettings tls,
        Login? login,
        IDiskGauge? disk = null
    )
    {
        Place = place;
        _disk = disk;
        _dialer = new SecureDialer(endpoint, dialer, tls);
        _login = login;
        _channel = new MemberChannel(_dialer);
        _caller = new GrpcCaller(_channel, place, login, new HandshakeDiagnosis(_dialer));
        _certificates = new CertificateReader(_dialer);
    }

    public MemberAddress Place { get; }

    public Task? Opening => _dialer.Opening;

    // These objects are small, and made for each call. A process can have thousands of clients that are not in use.
    private Wire.Cluster.ClusterClient ClusterCalls => new(_channel.Calls);

    private Wire.Maintenance.MaintenanceClient MaintenanceCalls => new(_channel.Calls);

    private KV.KVClient KeyValueCalls => new(_channel.Calls);

    private Lease.LeaseClient LeaseCalls => new(_channel.Calls);

    private Watch.WatchClient WatchCalls => new(_channel.Calls);

    private Auth.AuthClient AuthCalls => new(_channel.Calls);

    public Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit)
    {
        var request = new MemberListRequest { Linearizable = linearizable };
        return _caller.ReadAsync(
            o => ClusterCalls.MemberListAsync(request, o),
            response => ReplyMapper.Read(response).OfMember(Place),
            limit
        );
    }

    public Task<StatusReply> GetStatusAsync(CallBudget limit) =>
        _caller.ReadAsync(o => MaintenanceCalls.StatusAsync(new StatusRequest(), o), ReplyMapper.Read, limit);

    public Task<ReplyHeader> ReadAsync(CallBudget limit) =>
        RangeAsync(ProbeKey.Name, response => ReplyMapper.Read(response.Header), limit);

    public Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit)
    {
        var request = new AlarmRequest { Action = AlarmAction.Get };
        return _caller.ReadAsync(o => MaintenanceCalls.AlarmAsync(request, o), ReplyMapper.Read, limit);
    }

    public async Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit)
    {
        foreach (ArmedAlarm alarm in alarms)
        {
            var request = new AlarmRequest
            {
                Action = AlarmAction.Deactivate,
                MemberID = alarm.MemberId,
                Alarm = (AlarmType)alarm.Type,
            };
            await _caller.SendAsync(o => MaintenanceCalls.AlarmAsync(request, o), limit).ConfigureAwait(false);
        }
    }

    public Task CompactAsync(long revision, CallBudget limit)
    {
        var request = new Wire.CompactionRequest { Revision = revision, Physical = true };
        return _caller.SendAsync(o => KeyValueCalls.CompactAsync(request, o), limit);
    }

    public async Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit)
    {
        VerifiedConnection connection = await VerifiedConnection
            .OpenAsync(_dialer, Place, _login, memberId, limit)
            .ConfigureAwait(false);
        connection.EndWith(_closed.Token);
        return connection;
    }

    public async Task<bool> IsCompactedAsync(long revision, CallBudget limit)
    {
        try
        {
            var oldest = new RangeRequest
            {
                Key = ByteString.CopyFromUtf8(ProbeKey.Name),
                Revision = Math.Max(1, revision - 1),
                Serializable = true,
            };
            return await _caller
                .ReadAsync(o => KeyValueCalls.RangeAsync(oldest, o), _ => false, limit)
                .ConfigureAwait(false);
        }
        catch (MemberCallException refused)
            when (refused.Failure is CallFailure.Compacted or CallFailure.FutureRevision)
        {
            // A member that is behind does not have the revision yet.
            return refused.Failure is CallFailure.Compacted;
        }
    }

    public async Task<long> ReadCompactedRevisionAsync(CallBudget limit) =>
        await IsCompactedAsync(2, limit).ConfigureAwait(false)
            ? await WatchForCompactedRevisionAsync(limit).ConfigureAwait(false)
            : 0;

    public Task<HashReply> HashAsync(long revision, CallBudget limit)
    {
        var request = new HashKVRequest { Revision = revision };
        return _caller.ReadAsync(o => MaintenanceCalls.HashKVAsync(request, o), ReplyMapper.Read, limit);
    }

    public async Task<bool> IsDowngradingAsync(Version clusterVersion, CallBudget limit)
    {
        // Validation changes nothing. The server refuses it while a downgrade is running.
        var request = new DowngradeRequest
        {
            Action = DowngradeRequest.Types.DowngradeAction.Validate,
            Version = new Version(clusterVersion.Major, clusterVersion.Minor - 1, 0).ToString(),
        };
        try
        {
            return await _caller
                .ReadAsync(o => MaintenanceCalls.DowngradeAsync(request, o), _ => false, limit)
                .ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.DowngradeRunning)
        {
            return true;
        }
    }

    public Task MoveLeaderAsync(ulong target, CallBudget limit)
    {
        var request = new MoveLeaderRequest { TargetID = target };
        return _caller.SendAsync(o => MaintenanceCalls.MoveLeaderAsync(request, o), limit);
    }

    public async Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        limited.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        try
        {
            using HttpResponseMessage response = await _channel
                .GetAsync("metrics", limited.Token)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                return null;
            return await MetricsPage.ReadAsync(response.Content, limited.Token).ConfigureAwait(false);
        }
        catch (MetricsPageTooLargeException tooLarge)
        {
            throw MemberCallException.Create(CallFailure.ResponseTooLarge, Place, tooLarge.Message, tooLarge);
        }
        catch (Exception error)
            when (error
                    is HttpRequestException
                        or IOException
                        or InvalidDataException
                        or OperationCanceledException
                        or ObjectDisposedException
            )
        {
            limit.Stop.ThrowIfCancellationRequested();
            return null;
        }
    }

    public Task<long?> ReadFreeDiskAsync(CallBudget limit) =>
        _disk?.ReadFreeBytesAsync(limit) ?? Task.FromResult<long?>(null);

    public Task<KeyReply> GetAsync(string key, CallBudget limit) => RangeAsync(key, ReplyMapper.ReadKey, limit);

    public Task<KeyListReply> ListKeysAsync(KeyRange range, CallBudget limit)
    {
        var request = new RangeRequest
        {
            Key = ByteString.CopyFromUtf8(range.From),
            RangeEnd = ByteString.CopyFromUtf8(range.To),
            Limit = range.Limit,
            Revision = range.Revision,
        };
        return _caller.ReadAsync(o => KeyValueCalls.RangeAsync(request, o), ReplyMapper.ReadKeys, limit);
    }

    public Task<KeySpansReply> ReadSpansAsync(IReadOnlyList<KeySpan> spans, long revision, CallBudget limit)
    {
        if (spans.Count == 1)
        {
            RangeRequest single = SpanMessages.Request(spans[0], revision);
            return _caller.ReadAsync(
                o => KeyValueCalls.RangeAsync(single, o),
                response => SpanMessages.Read(response, spans[0]),
                limit
            );
        }
        TxnRequest request = SpanMessages.Request(spans, revision);
        return _caller.ReadAsync(
            o => KeyValueCalls.TxnAsync(request, o),
            response => SpanMessages.Read(response, spans),
            limit
        );
    }

    public async IAsyncEnumerable<IReadOnlyList<KeySize>> StreamSpanAsync(KeySpan span, long revision, CallBudget limit)
    {
        RangeRequest request = SpanMessages.RequestAll(span, revision);
        await foreach (
            RangeStreamResponse piece in _caller
                .StreamAsync(o => KeyValueCalls.RangeStream(request, o), limit)
                .ConfigureAwait(false)
        )
            yield return SpanMessages.ReadKeys(piece.RangeResponse, span);
    }

    public async IAsyncEnumerable<IReadOnlyList<KeyWrite>> WatchAsync(KeySpan span, CallBudget limit)
    {
        await foreach (
            WatchResponse response in _caller
                .ExchangeAsync(o => WatchCalls.Watch(o), SpanMessages.Watch(span), limit)
                .ConfigureAwait(false)
        )
        {
            if (response.Canceled)
                throw MemberCallException.Create(CallFailure.Other, Place, response.CancelReason);
            yield return [.. response.Events.Select(SpanMessages.Read)];
        }
    }

    public Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit)
    {
        ByteString bytes = ByteString.CopyFromUtf8(key);
        var request = new TxnRequest();
        request.Compare.Add(
            new Compare
            {
                Key = bytes,
                Target = Compare.Types.CompareTarget.Create,
                CreateRevision = 0,
            }
        );
        request.Success.Add(
            new RequestOp
            {
                RequestPut = new PutRequest
                {
                    Key = bytes,
                    Value = UnsafeByteOperations.UnsafeWrap(value),
                    Lease = lease,
                },
            }
        );
        request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = bytes } });
        return _caller.SendAsync(o => KeyValueCalls.TxnAsync(request, o), ReplyMapper.ReadCreate, limit);
    }

    public Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit)
    {
        var request = new LeaseGrantRequest { TTL = (long)Math.Ceiling(timeToLive.TotalSeconds) };
        return _caller.SendAsync(o => LeaseCalls.LeaseGrantAsync(request, o), response => response.ID, limit);
    }

    public Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit) =>
        _caller.StreamAsync(
            async options =>
            {
                using AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> exchange =
                    LeaseCalls.LeaseKeepAlive(options);
                await exchange
                    .RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = lease }, options.CancellationToken)
                    .ConfigureAwait(false);
                bool isAnswered = await exchange
                    .ResponseStream.MoveNext(options.CancellationToken)
                    .ConfigureAwait(false);
                return TimeSpan.FromSeconds(isAnswered ? exchange.ResponseStream.Current.TTL : 0);
            },
            limit
        );

    public Task RevokeLeaseAsync(long lease, CallBudget limit)
    {
        var request = new LeaseRevokeRequest { ID = lease };
        return _caller.SendAsync(o => LeaseCalls.LeaseRevokeAsync(request, o), limit);
    }

    public Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit) =>
        _caller.ReadAsync<AuthRoleListResponse, IReadOnlyList<string>>(
            o => AuthCalls.RoleListAsync(new AuthRoleListRequest(), o),
            response => [.. response.Roles],
            limit
        );

    public Task AddRoleAsync(string name, CallBudget limit)
    {
        var request = new AuthRoleAddRequest { Name = name };
        return _caller.SendAsync(o => AuthCalls.RoleAddAsync(request, o), limit);
    }

    public Task DeleteRoleAsync(string name, CallBudget limit)
    {
        var request = new AuthRoleDeleteRequest { Role = name };
        return _caller.SendAsync(o => AuthCalls.RoleDeleteAsync(request, o), limit);
    }

    public Task<IReadOnlyList<CertificateValidity>> ReadCertificatesAsync(CallBudget limit) =>
        _certificates.ReadAsync(limit);

    public async IAsyncEnumerable<SnapshotPiece> StreamSnapshotAsync(CallBudget limit)
    {
        await foreach (
            SnapshotResponse piece in _caller
                .StreamAsync(o => MaintenanceCalls.Snapshot(new Wire.SnapshotRequest(), o), limit)
                .ConfigureAwait(false)
        )
            yield return new SnapshotPiece(piece.Blob.Memory, (long)piece.RemainingBytes);
    }

    public void CloseStreams() => _channel.Close();

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _channel.Dispose();
    }

    /// <summary>
    /// etcd cancels a watch that starts in compacted history within 100 ms, and reports the compacted revision.
    /// </summary>
    private Task<long> WatchForCompactedRevisionAsync(CallBudget limit) =>
        _caller.StreamAsync(
            async options =>
            {
                using AsyncDuplexStreamingCall<WatchRequest, WatchResponse> watch = WatchCalls.Watch(options);
                var create = new WatchCreateRequest { Key = ByteString.CopyFromUtf8(ProbeKey.Name), StartRevision = 1 };
                await watch
                    .RequestStream.WriteAsync(new WatchRequest { CreateRequest = create }, options.CancellationToken)
                    .ConfigureAwait(false);
                while (await watch.ResponseStream.MoveNext(options.CancellationToken).ConfigureAwait(false))
                    if (watch.ResponseStream.Current.CompactRevision > 0)
                        return watch.ResponseStream.Current.CompactRevision;
                return 0;
            },
            limit
        );

    /// <summary>Makes a linearizable read.</summary>
    private Task<T> RangeAsync<T>(string key, Func<RangeResponse, T> read, CallBudget limit)
    {
        var request = new RangeRequest { Key = ByteString.CopyFromUtf8(key) };
        return _caller.ReadAsync(o => KeyValueCalls.RangeAsync(request, o), read, limit);
    }
}
