using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Nodes;

/// <summary>Reads a file of a node as the user who logged in, else by sudo.</summary>
internal static class NodeFile
{
    /// <summary>Null when it is not there or may not be read.</summary>
    public static async Task<string?> ReadAsync(ICommandRunner node, string path, CallLimit limit)
    {
        foreach (ICommandRunner runner in new[] { node, new SudoCommandRunner(node) })
        {
            try
            {
                CommandOutput output = await runner.RunAsync("cat", [path], default, limit).ConfigureAwait(false);
                if (output.ExitCode == 0)
                    return output.Output;
            }
            catch (DialException missing) when (missing.Failure is CallFailure.ProgramMissing)
            {
                // No sudo here.
            }
        }
        return null;
    }
}
