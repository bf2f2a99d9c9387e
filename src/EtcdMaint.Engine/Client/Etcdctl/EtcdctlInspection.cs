using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Reads the values of the variables from etcdctl itself if there is no other way. With --debug, etcdctl prints all of
/// them and then refuses the invalid value of another flag before it connects: a format or a domain that cannot exist.
/// Source: etcd-io/etcd, etcdctl/ctlv3/command/global.go.
/// </summary>
internal sealed class EtcdctlInspection(ICommandRunner runner, string program)
{
    /// <summary>
    /// Values that etcdctl refuses. A flag whose variable is set cannot be used, and the next one is tried.
    /// </summary>
    private static readonly EtcdctlFlag[] Refused = [new("write-out", "none"), new("discovery-srv", "..")];

    private static readonly string Debug = EtcdctlVariables.Of("debug");

    /// <exception cref="DialException">The variables prevent etcdctl from printing their values.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(CallBudget limit)
    {
        bool asks = true;
        int refused = 0;
        while (true)
        {
            string[] debug = asks ? ["--debug"] : [];
            string[] arguments = ["endpoint", "status", .. debug, $"{Refused[refused]}"];
            CommandOutput output = await runner.RunAsync(program, arguments, default, limit).ConfigureAwait(false);
            string? variable = EtcdctlRefusal.FindVariable(output);
            if (variable is null && Parse(output.Errors) is { Count: > 0 } values)
                return values;
            if (asks && variable == Debug)
                asks = false;
            else if (variable != Refused[refused].Variable || ++refused == Refused.Length)
                throw new DialException(
                    CallFailure.VariableConflict,
                    EtcdctlAgreement.Describe(variable ?? Debug, null, null)
                );
        }
    }

    private static Dictionary<string, string> Parse(string errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in errors.Split('\n'))
            if (
                line.StartsWith(EtcdctlVariables.Prefix, StringComparison.Ordinal)
                && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            )
                values.TryAdd(line[..at], Plain(line[..at], line[(at + 1)..].TrimEnd('\r')));
        return values;
    }

    /// <summary>etcdctl prints the endpoints as a list in brackets.</summary>
    private static string Plain(string name, string value) =>
        name == EtcdctlVariables.Of("endpoints") && value.StartsWith('[') && value.EndsWith(']') ? value[1..^1] : value;
}
