using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Operations.Snapshots;

/// <summary>A member that answers the calls with which a snapshot file is compared.</summary>
internal sealed class HashingMember(HashingMembers cluster, ulong id, string name)
{
    public ulong Id => id;

    public MemberEntry Entry { get; } = new(id, name, [$"http://{name}:2380"], [$"http://{name}:2379"], false);

    public bool IsUp { get; set; } = true;

    public long Revision { get; set; }

    /// <summary>Answers HashKV; null means that the revision is compacted.</summary>
    public Func<long, (uint Hash, long CompactRevision)?> Hash { get; set; } = _ => null;

    /// <summary>Called by a linearizable read, after which the member has applied everything.</summary>
    public Action OnRead { get; set; } = () => { };

    public IMemberClient Client()
    {
        IMemberClient client = DispatchProxy.Create<IMemberClient, Answers>();
        ((Answers)client).Member = this;
        return client;
    }

    private ReplyHeader Header => new(cluster.Id, id, Revision, 2);

    private object Call(string method, object?[] arguments)
    {
        if (method == "get_Place")
            return new MemberAddress(Entry.ClientUrls[0]);
        if (method == "get_Opening")
            return Task.CompletedTask;
        if (!IsUp)
            throw MemberCallException.Create(CallFailure.Refused, new MemberAddress(Entry.ClientUrls[0]));
        switch (method)
        {
            case nameof(IMemberClient.ListMembersAsync):
                return new MemberListReply(Header, [.. cluster.Members.Select(m => m.Entry)]);
            case nameof(IMemberClient.GetStatusAsync):
                return new StatusReply
                {
                    Header = Header,
                    Version = "3.5.30",
                    Leader = cluster.Leader,
                };
            case nameof(IMemberClient.ReadAsync):
                OnRead();
                return Header;
            case nameof(IMemberClient.HashAsync):
                long revision = (long)arguments[0]!;
                cluster.HashCalls.Add($"{Entry.Name} at {revision}");
                if (revision > Revision)
                    throw MemberCallException.Create(CallFailure.FutureRevision, new MemberAddress(name));
                return Hash(revision) is var (hash, compacted)
                    ? new HashReply(Header, hash, compacted)
                    : throw MemberCallException.Create(CallFailure.Compacted, new MemberAddress(name));
            default:
                throw new NotSupportedException(method);
        }
    }

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The proxy derives from it.")]
    private class Answers : DispatchProxy
    {
        public HashingMember Member { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Type type = targetMethod!.ReturnType;
            if (targetMethod.Name.StartsWith("get_", StringComparison.Ordinal))
                return Member.Call(targetMethod.Name, args!);
            if (type == typeof(ValueTask))
                return ValueTask.CompletedTask;
            Type result = type.GenericTypeArguments[0];
            try
            {
                object answer = Member.Call(targetMethod.Name, args!);
                return typeof(Task)
                    .GetMethod(nameof(Task.FromResult))!
                    .MakeGenericMethod(result)
                    .Invoke(null, [answer]);
            }
            catch (MemberCallException failed)
            {
                return typeof(Task)
                    .GetMethods()
                    .Single(m => m.Name == nameof(Task.FromException) && m.IsGenericMethod)
                    .MakeGenericMethod(result)
                    .Invoke(null, [failed]);
            }
        }
    }
}
