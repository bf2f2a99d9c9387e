using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Runbook;

/// <summary>A key that the owner of the cluster sets to disable unattended maintenance.</summary>
internal static class KillSwitch
{
    public const string Key = "etcdmaint/disabled";

    /// <summary>Returns the reason in the key, or null if the key does not exist.</summary>
    public static async Task<string?> ReadAsync(ClusterMembership membership, CallBudget limit)
    {
        KeyReply reply = await ClusterContext
            .AskAnyVoterAsync(membership, c => c.GetAsync(Key, limit))
            .ConfigureAwait(false);
        return reply.Value is null ? null : $"the key {Key} is set{Why(reply.Value)}";
    }

    private static string Why(byte[] value) => value.Length == 0 ? "" : $": {Encoding.UTF8.GetString(value)}";
}
