using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Runbook;

/// <summary>A key that an owner of the cluster puts there to keep unattended maintenance away.</summary>
internal static class KillSwitch
{
    public const string Key = "etcdmaint/disabled";

    /// <summary>The reason that stands in the key; null when the key is not there.</summary>
    public static async Task<string?> ReadAsync(ClusterMembership membership, CallBudget limit)
    {
        KeyReply reply = await ClusterContext
            .AskAnyVoterAsync(membership, c => c.GetAsync(Key, limit))
            .ConfigureAwait(false);
        return reply.Value is null ? null : $"the key {Key} is set{Why(reply.Value)}";
    }

    private static string Why(byte[] value) => value.Length == 0 ? "" : $": {Encoding.UTF8.GetString(value)}";
}
